// URL parameters of endpoints. One that an endpoint does not know is Elasticsearch's to answer or to refuse. Pure.

/** Known everywhere: what an answer shows and how it is printed. */
const EVERYWHERE = new Set(["filter_path", "pretty", "human", "format", "error_trace"]);

/** Parameters that say which indices are meant. */
export const INDICES = ["ignore_unavailable", "allow_no_indices", "expand_wildcards", "ignore_throttled"] as const;

/** "" or what is said of the first parameter that is not `known`. */
export function unknownParameter(params: ReadonlyMap<string, string>, known: readonly string[]): string {
  const unknown = [...params.keys()].find((name) => !EVERYWHERE.has(name) && !known.includes(name));
  return unknown === undefined ? "" : `the URL parameter [${unknown}] is Elasticsearch's to answer`;
}

/** True for a parameter that is there and not off. */
export function isOn(params: ReadonlyMap<string, string>, name: string): boolean {
  const value = params.get(name);
  return value === "" || value === "true";
}
