// `sort`: order, the values that hits print, and search_after. A document without a value sorts as Elasticsearch's
// sentinel (Long.MAX_VALUE, Infinity, …), tying with real extremes; equal documents keep shard, index and write order.
import { childPointer, isObject, type JsonValue, member, printJson } from "../../../shared/json.ts";
import { and, binary, call, column, type Expr, literal, type Order, or, param } from "../../clickhouse/sql/ast.ts";
import type { Context } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { scalarText } from "../parameters.ts";
import type { Compiled } from "../query/types.ts";
import { INDEX_COLUMN } from "../source.ts";
import type { Row } from "../types.ts";
import { distanceKey } from "./sort_distance.ts";
import { fieldKey } from "./sort_field.ts";
import { scoreKey } from "./sort_score.ts";
import { scriptKey } from "./sort_script.ts";

/** One comparison of the order. */
export interface SortPart {
  readonly expr: Expr;
  readonly desc: boolean;
  /** The value to compare with, from a search_after value. Throws RejectedRequest. */
  after(value: JsonValue): Expr;
}

/** One element of `sort`. */
export interface SortKey {
  readonly parts: readonly SortPart[];
  /** The value fetched for each hit. */
  readonly value: Expr;
  /** The fetched cell as the hit's `sort` prints it. */
  present(cell: JsonValue): JsonValue;
  readonly kind: "field" | "score" | "doc" | "distance";
}

export interface Sort {
  readonly keys: readonly SortKey[];
  readonly order: readonly Order[];
}

/** Compiles `sort` at `pointer`; an empty one has no keys and leaves documents in index order. */
export function compileSort(sort: JsonValue | undefined, pointer: string, context: Context, query: Compiled): Sort {
  const specs = Array.isArray(sort) ? sort : sort === undefined || sort === null ? [] : [sort];
  const keys = specs.flatMap((spec: JsonValue, i) =>
    specKeys(spec, Array.isArray(sort) ? childPointer(pointer, i) : pointer, context, query),
  );
  const order = keys.flatMap((key) => key.parts).map(({ expr, desc }) => ({ expr, desc }));
  return { keys, order: [...order, ...documentOrder(context)] };
}

/** The order of documents that sort alike: shard number first, then index, then the order of writing. */
export function documentOrder(context: Context): readonly Order[] {
  const several = context.tables.length > 1;
  return [{ expr: column("_shard") }, ...(several ? [{ expr: column(INDEX_COLUMN) }] : []), { expr: column("_seq_no") }];
}

function specKeys(spec: JsonValue, pointer: string, context: Context, query: Compiled): readonly SortKey[] {
  if (typeof spec === "string") return [oneKey(spec, {}, pointer, context, query)];
  if (!isObject(spec)) throw new RejectedRequest("illegal_argument_exception", `malformed sort format, ${printJson(spec)}`);
  return Object.keys(spec).map((name) => oneKey(name, member(spec, name) ?? {}, childPointer(pointer, name), context, query));
}

function oneKey(name: string, options: JsonValue, pointer: string, context: Context, query: Compiled): SortKey {
  const read = typeof options === "string" ? { order: options } : options;
  if (!isObject(read)) throw new RejectedRequest("x_content_parse_exception", `[field_sort] Expected START_OBJECT in [${name}]`);
  if (name === "_score") return scoreKey(read, pointer, query);
  if (name === "_script") return scriptKey(read, pointer, context);
  if (name === "_doc") {
    // In one shard documents have the order of writing all the same; of several, those with fewer nested objects come first.
    if (hasNested(context) && shardsOf(context) > 1) {
      throw new UnsupportedClause(
        pointer,
        "over several shards documents are ordered by numbers that count nested objects, which the mirror does not keep",
      );
    }
    checkSortOptions(read, FIELD_SORT_OPTIONS);
    return documentKey(descending(read, pointer, "asc"));
  }
  if (name === "_shard_doc" && context.tables.every(({ asOf }) => asOf !== undefined))
    return placeKey(descending(read, pointer, "asc"), context);
  if (name === "_geo_distance") return distanceKey(read, pointer, context);
  if (name.startsWith("_")) throw new UnsupportedClause(pointer, `sorting by [${name}] has no SQL yet`);
  return fieldKey(name, read, pointer, context);
}

function hasNested({ mapping }: Context): boolean {
  return [...mapping.objects.values()].includes("nested");
}

function shardsOf({ tables }: Context): number {
  return tables.reduce((sum, { shards }) => sum + shards, 0);
}

/** What Elasticsearch reads where a field, `_doc` among them, is sorted by. */
export const FIELD_SORT_OPTIONS: readonly string[] = ["order", "missing", "mode", "unmapped_type", "format", "numeric_type", "nested"];

/** Throws RejectedRequest for an option that Elasticsearch does not know there. */
export function checkSortOptions(options: Readonly<Record<string, JsonValue>>, known: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new RejectedRequest("x_content_parse_exception", `[field_sort] unknown field [${unknown}]`);
}

/** True when `order` says desc. */
export function descending(options: Readonly<Record<string, JsonValue>>, pointer: string, fallback: "asc" | "desc"): boolean {
  const order = options.order ?? fallback;
  const text = typeof order === "string" ? order.toLowerCase() : "";
  if (text !== "asc" && text !== "desc") {
    throw new RejectedRequest("x_content_parse_exception", `no sort order at ${childPointer(pointer, "order")}: ${printJson(order)}`);
  }
  return text === "desc";
}

// Lucene's document number: for an index written once it is the order of writing, counted from 0 in each shard.
function documentKey(desc: boolean): SortKey {
  const seqNo = column("_seq_no");
  return {
    kind: "doc",
    parts: [
      {
        expr: seqNo,
        desc,
        after: () => {
          throw new UnsupportedClause("/search_after", "a document number of Elasticsearch's names no row of the mirror");
        },
      },
    ],
    value: seqNo,
    present: (cell) => cell,
  };
}

/** Room for the numbers of one shard's changes below a place's number of its shard: the whole stays below 2^53. */
const PLACES = 2 ** 36;

// Of tables as they were at a moment: shards counted through all tables, then the number of the change. Elasticsearch's own
// are other numbers for the same purpose; each side goes on only from those that it gave.
function placeKey(desc: boolean, context: Context): SortKey {
  const bases = context.tables.map((_, i) => context.tables.slice(0, i).reduce((sum, { shards }) => sum + shards, 0));
  const names = param(
    "Array(String)",
    context.tables.map(({ index }) => index),
  );
  const base =
    context.tables.length > 1
      ? call("arrayElement", param("Array(Int64)", bases), call("indexOf", names, column(INDEX_COLUMN)))
      : literal(0);
  const shard = binary(base, "+", column("_shard"));
  const place = call("toInt64", binary(binary(shard, "*", param("Int64", PLACES)), "+", column("_seq_no")));
  return {
    kind: "doc",
    parts: [{ expr: place, desc, after: (value) => param("Int64", placeOf(value)) }],
    value: place,
    present: (cell) => cell,
  };
}

function placeOf(value: JsonValue): bigint {
  const text = scalarText(value);
  if (/^-?\d{1,18}$/.test(text)) return BigInt(text);
  throw new RejectedRequest("illegal_argument_exception", `Failed to parse search_after value for field [_shard_doc]: ${text}`);
}

/** The cells of a row as the hit's `sort`. */
export function sortValues(keys: readonly SortKey[], row: Row): readonly JsonValue[] {
  return keys.map((key, i) => key.present(row[sortCell(i)] ?? null));
}

/** The column that holds the value of the key at `i`. */
export function sortCell(i: number): string {
  return `_sort${i}`;
}

/** True for the documents that follow `values` in the order. */
export function afterCondition(sort: Sort, values: JsonValue, pointer: string): Expr {
  if (!Array.isArray(values)) throw new RejectedRequest("parsing_exception", `Expected [START_ARRAY] in [search_after]`);
  if (sort.keys.length === 0) throw new RejectedRequest("illegal_argument_exception", "Sort must contain at least one field.");
  if (values.length !== sort.keys.length) {
    throw new RejectedRequest("illegal_argument_exception", `search_after has ${values.length} value(s) but sort has ${sort.keys.length}.`);
  }
  const parts = sort.keys.flatMap((key, i) => key.parts.map((part) => ({ ...part, bound: part.after(values[i] ?? null) })));
  if (parts.length === 0) throw new UnsupportedClause(pointer, "this order has no SQL");
  return or(
    parts.map((part, i) =>
      and([
        ...parts.slice(0, i).map((before) => binary(before.expr, "=", before.bound)),
        binary(part.expr, part.desc ? "<" : ">", part.bound),
      ]),
    ),
  );
}
