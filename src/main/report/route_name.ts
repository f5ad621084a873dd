// The name of a route: a request's method and path with its index and its ids taken out, so that requests of one kind have one name.
import type { Route } from "../elasticsearch/route.ts";

/** APIs whose next segment names a part of them, not a thing. */
const WITH_PARTS: ReadonlySet<string> = new Set([
  "_cat",
  "_cluster",
  "_nodes",
  "_search",
  "_msearch",
  "_query",
  "_ml",
  "_security",
  "_xpack",
  "_ilm",
  "_slm",
  "_ingest",
  "_snapshot",
  "_resolve",
  "_validate",
  "_cache",
  "_license",
  "_watcher",
  "_migration",
  "_data_stream",
  "_rollup",
  "_enrich",
]);
const PART = /^_?[a-z][a-z_]{1,30}$/;
const LONGEST = 120;

/** `POST /{index}/_search`. A route that is not known keeps the first two segments of its path. */
export function routeName(method: string, target: string, { endpoint, kind, index, id }: Route): string {
  if (kind === "other") return `${method} /${segmentsOf(target).slice(0, 2).join("/")}`.slice(0, LONGEST);
  const of = index === "" ? "" : "/{index}";
  if (endpoint === "") return `${method} ${of === "" ? "/" : of}${id === "" ? "" : "/{id}"}`;
  const part = id === "" ? "" : WITH_PARTS.has(endpoint) && PART.test(id) ? `/${id}` : "/{id}";
  return `${method} ${of}/${endpoint}${part}`.slice(0, LONGEST);
}

function segmentsOf(target: string): readonly string[] {
  const [path = ""] = target.split("?", 1);
  return path.split("/").filter((segment) => segment !== "");
}
