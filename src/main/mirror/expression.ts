// Index expressions: which names a pattern means. Pure; Elasticsearch itself resolves expressions for searches, this is for
// what we already know (a refresh, a deleted index).

/** True when `name` is meant by one of the comma-separated parts; "" and `_all` mean every name. Exclusions count. */
export function expressionNames(expression: string, name: string): boolean {
  return namesAny(expression, [name]);
}

/** The same for an index that has several names: its own and its aliases. */
export function namesAny(expression: string, names: readonly string[]): boolean {
  if (expression === "" || expression === "_all") return true;
  const meantBy = (part: string): boolean => names.some((name) => partNames(part, name));
  let meant = false;
  for (const part of expression.split(",")) {
    if (part.startsWith("-") && meant && meantBy(part.slice(1))) meant = false;
    else if (meantBy(part)) meant = true;
  }
  return meant;
}

function partNames(part: string, name: string): boolean {
  if (!part.includes("*")) return part === name;
  const pattern = part.split("*").map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${pattern.join(".*")}$`, "s").test(name);
}
