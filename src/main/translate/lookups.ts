// Terms that another document names (`{"terms": {"f": {"index", "id", "path"}}}`). Which documents a search needs is read from its
// body; whoever runs it looks them up first, by the statement made here, and gives their sources along.
import { isArray, isObject, type JsonObject, type JsonValue, member } from "../../shared/json.ts";
import { and, binary, column, param } from "../clickhouse/sql/ast.ts";
import { valuesAt } from "../elasticsearch/fields/source_values.ts";
import { shardOf } from "../elasticsearch/routing.ts";
import { contextOf } from "./context.ts";
import { RejectedRequest, UnsupportedClause } from "./failure.ts";
import { selectDocuments } from "./source.ts";
import type { IndexTable, Statement } from "./types.ts";

export interface TermsLookup {
  readonly index: string;
  readonly id: string;
  readonly path: string;
  /** "": none. */
  readonly routing: string;
}

/** The documents that were looked up, by documentKey(): their sources, or null for one that is not there. */
export type LookedUp = ReadonlyMap<string, JsonObject | null>;

/** What tells one document from another. */
export function documentKey({ index, id, routing }: TermsLookup): string {
  return JSON.stringify([index, id, routing]);
}

const OPTIONS = ["index", "id", "path", "routing"] as const;

/** A lookup as a `terms` clause has it. Throws RejectedRequest as Elasticsearch does. */
export function readLookup(body: JsonObject): TermsLookup {
  const text = (name: (typeof OPTIONS)[number]): string => {
    const value = member(body, name);
    if (value === undefined || value === null) return "";
    if (typeof value === "string") return value;
    throw new RejectedRequest("x_content_parse_exception", `[terms_lookup] ${name} doesn't support values of this type`);
  };
  const unknown = Object.keys(body).find((name) => !OPTIONS.some((known) => known === name));
  if (unknown !== undefined) throw new RejectedRequest("x_content_parse_exception", `[terms_lookup] unknown field [${unknown}]`);
  for (const name of ["index", "id", "path"]) {
    if (member(body, name) === undefined) throw new RejectedRequest("illegal_argument_exception", `Required [${name}]`);
  }
  return { index: text("index"), id: text("id"), path: text("path"), routing: text("routing") };
}

/** The lookups in a search body, wherever its queries stand; one that Elasticsearch refuses is left out. */
export function readLookups(body: JsonValue): readonly TermsLookup[] {
  const found: TermsLookup[] = [];
  const open: JsonValue[] = [body];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (isArray(value)) open.push(...value);
    if (!isObject(value)) continue;
    const terms = member(value, "terms");
    if (isObject(terms)) for (const asked of Object.values(terms)) if (isLookup(asked)) found.push(readLookup(asked));
    open.push(...Object.values(value));
  }
  return found;
}

function isLookup(value: JsonValue): value is JsonObject {
  if (!isObject(value)) return false;
  return ["index", "id", "path"].every((name) => typeof member(value, name) === "string") && Object.keys(value).every(isOption);
}

function isOption(name: string): boolean {
  return OPTIONS.some((known) => known === name);
}

/** The statement that reads the document's source: no row when it is not there. */
export function lookupStatement(table: IndexTable, { id, routing }: TermsLookup, position: number): Statement {
  const { asOf: _, ...now } = table;
  const shard = shardOf(routing === "" ? id : routing, table);
  const where = and([binary(column("_id"), "=", param("String", id)), binary(column("_shard"), "=", param("UInt16", shard))]);
  const context = contextOf([now], 0);
  return { name: `lookup ${position}`, query: selectDocuments(context, { columns: [{ expr: column("_source") }], where, limit: 1 }) };
}

/** The values that a lookup leads to; nulls are none. Throws UnsupportedClause where the document was not looked up. */
export function lookedUpValues(lookedUp: LookedUp | undefined, lookup: TermsLookup, pointer: string): readonly JsonValue[] {
  const source = lookedUp?.get(documentKey(lookup));
  if (source === undefined) throw new UnsupportedClause(pointer, `the document [${lookup.id}] of [${lookup.index}] can't be looked up`);
  const values = (source === null ? [] : valuesAt(source, lookup.path)).filter((value) => value !== null);
  if (values.some(isObject)) throw new UnsupportedClause(pointer, `[${lookup.path}] is an object in the document looked up`);
  return values;
}
