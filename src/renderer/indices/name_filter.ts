// Which indices the words over the list leave: a part of the name, or a pattern with `*`, in any case.

/** Everything where nothing is asked for. */
export function isNamedSo(name: string, wanted: string): boolean {
  const parts = wanted.trim().toLowerCase().split("*");
  const [first = "", ...others] = parts;
  const low = name.toLowerCase();
  if (others.length === 0) return low.includes(first);
  if (!low.startsWith(first)) return false;
  const last = others.pop() ?? "";
  let at = first.length;
  for (const part of others) {
    const found = low.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return low.length - last.length >= at && low.endsWith(last);
}
