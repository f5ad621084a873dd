// What must be known before a search is translated: documents whose values its `terms` clauses take or that its matches are to be
// like, and how many documents have the words that such matches may have.
import { isObject, type JsonObject, parseJson } from "../../shared/json.ts";
import { documentKey, type LookedUp, lookupStatement, readLookups } from "../translate/lookups.ts";
import { countStatements, likedDocuments, type WordCounts, wordCounts } from "../translate/query/likeness/counts.ts";
import type { IndexTable, Row, Statement } from "../translate/types.ts";
import type { TableLookup } from "./run_search.ts";
import type { SearchRequest } from "./search_request.ts";

export type LookUp =
  | { readonly kind: "looked_up"; readonly documents: LookedUp; readonly wordCounts?: WordCounts; readonly tables: readonly IndexTable[] }
  | Exclude<TableLookup, { kind: "tables" }>
  | { readonly kind: "failed"; readonly reason: string };

/** Looks up what the search, over `searched`, needs. `run` gives a statement's rows, or null when it failed. */
export async function lookUp(
  search: SearchRequest,
  searched: readonly IndexTable[],
  now: number,
  tablesOf: (search: SearchRequest) => Promise<TableLookup>,
  run: (statement: Statement) => Promise<readonly Row[] | null>,
): Promise<LookUp> {
  const documents = new Map<string, JsonObject | null>();
  const tables: IndexTable[] = [];
  const liked = likedDocuments(
    search.body,
    searched.map(({ index }) => index),
  );
  for (const [position, lookup] of [...readLookups(search.body), ...liked].entries()) {
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
  const counted: Row[] = [];
  const statements = countStatements(search.body, searched, now, documents);
  for (const statement of statements) {
    const rows = await run(statement);
    if (rows === null) return { kind: "failed", reason: "the words to look for could not be counted" };
    counted.push(...rows);
  }
  return { kind: "looked_up", documents, tables, ...(statements.length === 0 ? {} : { wordCounts: wordCounts(counted) }) };
}

function sourceOf(row: Row | undefined): JsonObject | null {
  const text = row?._source;
  const source = typeof text === "string" && text !== "" ? parseJson(text) : null;
  return isObject(source) ? source : null;
}
