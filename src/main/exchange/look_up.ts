// The documents whose values a search's `terms` clauses take: read before the search is translated.
import { isObject, type JsonObject, parseJson } from "../../shared/json.ts";
import { documentKey, type LookedUp, lookupStatement, readLookups } from "../translate/lookups.ts";
import type { IndexTable, Row, Statement } from "../translate/types.ts";
import type { TableLookup } from "./run_search.ts";
import type { SearchRequest } from "./search_request.ts";

export type LookUp =
  | { readonly kind: "looked_up"; readonly documents: LookedUp; readonly tables: readonly IndexTable[] }
  | Exclude<TableLookup, { kind: "tables" }>
  | { readonly kind: "failed"; readonly reason: string };

/** Looks up what the search needs. `run` gives a statement's rows, or null when it failed. */
export async function lookUp(
  search: SearchRequest,
  tablesOf: (search: SearchRequest) => Promise<TableLookup>,
  run: (statement: Statement) => Promise<readonly Row[] | null>,
): Promise<LookUp> {
  const documents = new Map<string, JsonObject | null>();
  const tables: IndexTable[] = [];
  for (const [position, lookup] of readLookups(search.body).entries()) {
    const { index } = lookup;
    if (/[*,]/.test(index)) {
      return { kind: "rejected", error: { status: 404, errorType: "index_not_found_exception", reason: `no such index [${index}]` } };
    }
    const found = await tablesOf({ ...search, index, params: new Map() });
    if (found.kind !== "tables") return found;
    const [table, ...others] = found.tables;
    // Of an alias for several, Elasticsearch gives no document: the clause says that it can't be looked up.
    if (table === undefined || others.length > 0) continue;
    tables.push(table);
    const rows = await run(lookupStatement(table, lookup, position));
    if (rows === null) return { kind: "failed", reason: `the document [${lookup.id}] of [${index}] could not be looked up` };
    documents.set(documentKey(lookup), sourceOf(rows[0]));
  }
  return { kind: "looked_up", documents, tables };
}

function sourceOf(row: Row | undefined): JsonObject | null {
  const text = row?._source;
  const source = typeof text === "string" && text !== "" ? parseJson(text) : null;
  return isObject(source) ? source : null;
}
