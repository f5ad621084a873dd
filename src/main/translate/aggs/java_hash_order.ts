// The order in which Java's HashMap gives its names: by bucket of the table, then by arrival.

/** The names as a HashMap that took them in this order lists them. */
export function javaHashOrder(names: readonly string[]): readonly string[] {
  let table = 16;
  while (names.length > table * 0.75) table *= 2;
  const place = (name: string): number => {
    let hash = 0;
    for (let i = 0; i < name.length; i += 1) hash = (Math.imul(31, hash) + name.charCodeAt(i)) | 0;
    return (hash ^ (hash >>> 16)) & (table - 1);
  };
  return names.toSorted((a, b) => place(a) - place(b));
}
