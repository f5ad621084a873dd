// The endpoints that ClickHouse answers: one file an endpoint, one line here.

import { asyncSearch, asyncSearchDelete, asyncSearchGet, asyncSearchStatus } from "./async_search.ts";
import { catAliases, catCount, catIndices } from "./cat.ts";
import { doc, mget, source } from "./doc.ts";
import { fieldCaps } from "./field_caps.ts";
import { alias, mapping, resolveIndex } from "./metadata.ts";
import { matchPath, type PathMatch, pathPattern } from "./path.ts";
import { pit, pitDelete } from "./pit.ts";
import { scroll, scrollDelete } from "./scroll.ts";
import { count, msearch, query, search } from "./search.ts";
import { termsEnum } from "./terms_enum.ts";
import type { Endpoint } from "./types.ts";

/** Whose every call names something that was opened before. */
const HOLDERS: readonly Endpoint[] = [asyncSearchGet, asyncSearchStatus, asyncSearchDelete, scroll, scrollDelete, pitDelete];

const ENDPOINTS: readonly Endpoint[] = [
  search,
  count,
  msearch,
  query,
  doc,
  source,
  mget,
  mapping,
  alias,
  resolveIndex,
  catIndices,
  catCount,
  catAliases,
  fieldCaps,
  termsEnum,
  asyncSearch,
  pit,
  ...HOLDERS,
];

/** The paths of all of them: `GET /{index}/_search`. */
export const PATHS: readonly string[] = ENDPOINTS.flatMap(({ paths }) => paths);

/** What the proxy asks about: a regular expression on `METHOD target`. */
export const ASKS = `^(?:${PATHS.map(pathPattern).join("|")})`;

/** Those that may name what was opened before: pages, results, closing; searches that name no index. */
export const HELD_ASKS = `^(?:${[...HOLDERS.flatMap(({ paths }) => paths), "GET /_search", "POST /_search"].map(pathPattern).join("|")})`;

/** The endpoint of a request, and what its path says. */
export function findEndpoint(method: string, target: string): { readonly endpoint: Endpoint; readonly match: PathMatch } | null {
  for (const endpoint of ENDPOINTS) {
    for (const path of endpoint.paths) {
      const match = matchPath(path, method, target);
      if (match !== null) return { endpoint, match };
    }
  }
  return null;
}
