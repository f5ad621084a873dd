// Index expressions: which names a pattern means. Pure; Elasticsearch itself resolves expressions for searches, this is for
// what we already know (a refresh, a deleted index).

/** True when `name` is meant by one of the comma-separated parts; "" and `_all` mean every name. Exclusions count. */
export function expressionNames(expression: string, name: string): boolean {
  if (expression === "" || expression === "_all") return true;
  let meant = false;
  for (const part of expression.split(",")) {
    if (part.startsWith("-") && meant && partNames(part.slice(1), name)) meant = false;
    else if (partNames(part, name)) meant = true;
  }
  return meant;
}

function partNames(part: string, name: string): boolean {
  if (!part.includes("*")) return part === name;
  const pattern = part.split("*").map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${pattern.join(".*")}$`, "s").test(name);
}
