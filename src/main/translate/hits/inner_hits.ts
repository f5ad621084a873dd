// `inner_hits` of `nested`: below each hit, the objects that matched. The statement gives each object's number, score and sort values;
// what it shows is made of the hit's `_source`.
import {
  childPointer,
  isArray,
  isNumber,
  isObject,
  type JsonObject,
  type JsonValue,
  jsonObject,
  member,
  objectAt,
  printJson,
} from "../../../shared/json.ts";
import { type Column, call, column, type Expr, lambda, literal, param, tuple } from "../../clickhouse/sql/ast.ts";
import { compareUtf8 } from "../../elasticsearch/fields/utf8_order.ts";
import type { Context } from "../context.ts";
import type { NestedContext } from "../enter_nested.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { objectNumber, overObjects } from "../nested_scope.ts";
import { numberOption, textOption } from "../parameters.ts";
import type { NamedClause } from "../query/named.ts";
import type { Compiled } from "../query/types.ts";
import { INDEX_COLUMN } from "../source.ts";
import type { Row } from "../types.ts";
import { compileHit, type Hit, parsedSource } from "./hit.ts";
import { compileMatchedQueries, MATCHED } from "./matched_queries.ts";
import { type NestedPlaces, placesIn } from "./nested_places.ts";
import { compileSort, type SortKey } from "./sort.ts";
import { presentScore } from "./sort_score.ts";

/** A nested clause that shows its objects. */
export interface InnerHits {
  readonly body: JsonObject;
  readonly pointer: string;
  readonly context: NestedContext;
  /** What its objects must match. */
  readonly query: Compiled;
  /** Those of nested clauses inside. */
  readonly children: readonly InnerHits[];
  /** Clauses with names in it. */
  readonly names: readonly NamedClause[];
}

export interface CompiledInnerHits {
  readonly columns: readonly Column[];
  /** `{inner_hits}` of a hit, or nothing. */
  shape(row: Row): JsonObject;
}

const READ = ["name", "from", "size", "sort", "ignore_unmapped", "_source", "fields", "docvalue_fields", "highlight"];
const WITHOUT_SQL = ["version", "seq_no_primary_term", "explain", "track_scores", "script_fields", "stored_fields", "collapse"];
const MAX_WINDOW = 100;

export function compileInnerHits(all: readonly InnerHits[], context: Context): CompiledInnerHits {
  if (all.length === 0) return { columns: [], shape: () => ({}) };
  const columns: Column[] = [];
  const groups = compileGroup(all, columns, context.named?.scored === true);
  const mappings = new Map(context.tables.map((table) => [table.index, table.mapping]));
  return {
    columns,
    shape(row) {
      const mapping = mappings.get(String(row[INDEX_COLUMN])) ?? context.mapping;
      return { inner_hits: groups(row, placesIn(parsedSource(String(row._source)), mapping), null) };
    },
  };
}

/** The object of a path that inner hits are below; null: the document. */
type Above = { readonly path: string; readonly number: number } | null;
type Group = (row: Row, places: NestedPlaces, above: Above) => JsonObject;

function compileGroup(all: readonly InnerHits[], columns: Column[], namesScored: boolean): Group {
  const named = new Map<string, Group>();
  for (const each of all) {
    const name = textOption(each.body, "name", each.context.scope.path);
    if (named.has(name))
      throw new RejectedRequest("illegal_argument_exception", `[inner_hits] already contains an entry for key [${name}]`);
    named.set(name, compileOne(each, columns, namesScored));
  }
  return (row, places, above) => jsonObject([...named].map(([name, shape]) => [name, shape(row, places, above)] as const));
}

function compileOne({ body, pointer, context, query, children, names }: InnerHits, columns: Column[], namesScored: boolean): Group {
  const { from, size } = windowOf(body, pointer);
  const sort = member(body, "sort") ?? undefined;
  const keys = sort === undefined ? [] : compileSort(sort, `${pointer}/sort`, context, query).keys;
  if (keys.some((key) => key.kind !== "field" && key.kind !== "distance")) {
    throw new UnsupportedClause(`${pointer}/sort`, "objects are sorted by fields alone");
  }
  const hit = compileHit(shownOptions(body, ["_source", "fields", "highlight"]), pointer, context, query.highlights);
  const docvalues = shownOptions(body, ["docvalue_fields"]);
  const indexedHit = compileHit({ ...docvalues, _source: false }, pointer, context, []);
  for (const each of [hit, indexedHit]) refuseColumns(each, pointer);
  const alias = `#inner${columns.length}`;
  const clauses = names.flatMap(({ object, ...name }) => (object?.path === context.scope.path ? [{ ...name, ...object }] : []));
  const matched = compileMatchedQueries({ ...context, named: { clauses, scored: namesScored } });
  columns.push({ expr: matches(query, keys, matched.columns, context, pointer), alias });
  const below = compileGroup(children, columns, namesScored);
  const { path } = context.scope;
  const parts = keys.flatMap((key) => key.parts);
  return (row, places, above) => {
    const found = rowsOf(row[alias] ?? null)
      .filter(([number]) => above === null || places.isBelow(path, Number(number), above.path, above.number))
      .toSorted(keys.length === 0 ? byScore : byParts(parts, 2 + keys.length));
    const scored = keys.length === 0;
    const hits = found.slice(from, from + size).map((cells) => {
      const number = Number(cells[0]);
      const rowOf = (source: JsonObject): Row => ({ ...row, _routing: "", _source: printJson(source) });
      const shown = hit.shape(rowOf(places.wrapped(path, number)), null, null);
      const indexed = indexedHit.shape(rowOf(places.indexed(path, number)), null, null);
      return {
        _index: row[INDEX_COLUMN] ?? null,
        _id: row._id ?? null,
        _nested: places.identity(path, number),
        _score: scored ? presentScore(cells[1] ?? null) : null,
        ...partsOf(shown, indexed, path),
        ...(scored ? {} : { sort: keys.map((key, i) => key.present(cells[2 + i] ?? null)) }),
        ...matched.shape({ [MATCHED]: cells.at(-1) ?? null }),
        ...(children.length === 0 ? {} : { inner_hits: below(row, places, { path, number }) }),
      };
    });
    const [best] = found;
    const maxScore = scored && size > 0 && best !== undefined ? presentScore(best[1] ?? null) : null;
    return { hits: { total: { value: found.length, relation: "eq" }, max_score: maxScore, hits } };
  };
}

function windowOf(body: JsonObject, pointer: string): { readonly from: number; readonly size: number } {
  for (const name of Object.keys(body)) {
    if (WITHOUT_SQL.includes(name)) throw new UnsupportedClause(childPointer(pointer, name), `[inner_hits] has no SQL for [${name}] yet`);
    if (!READ.includes(name)) throw new RejectedRequest("x_content_parse_exception", `[inner_hits] unknown field [${name}]`);
  }
  const from = numberOption(body, "from", 0);
  const size = numberOption(body, "size", 3);
  if (from + size > MAX_WINDOW) {
    throw new RejectedRequest(
      "illegal_argument_exception",
      `Inner result window is too large, the inner hit definition's [${textOption(body, "name", "null")}]'s from + size must be less than or equal to: [${MAX_WINDOW}] but was [${from + size}]. This limit can be set by changing the [index.max_inner_result_window] index level setting.`,
    );
  }
  return { from, size };
}

function shownOptions(body: JsonObject, names: readonly string[]): JsonObject {
  return jsonObject(Object.entries(body).filter(([name]) => names.includes(name)));
}

const OF_THE_HIT = new Set(["_id", "_routing", "_source"]);

// The hit's own columns are there; values that a script makes of an object are not.
function refuseColumns(hit: Hit, pointer: string): void {
  const others = hit.columns.filter(({ expr, alias }) => alias !== INDEX_COLUMN && !(expr.kind === "column" && OF_THE_HIT.has(expr.name)));
  if (others.length > 0) throw new UnsupportedClause(pointer, "values that a script makes of a nested object have no SQL yet");
}

// One tuple for each object that matches: its number, its score, the sort values, and what is compared.
function matches(query: Compiled, keys: readonly SortKey[], last: readonly Column[], context: NestedContext, pointer: string): Expr {
  const { mapping, scope } = context;
  if (query.score === null && query.scoring === undefined && keys.length === 0) {
    throw new UnsupportedClause(pointer, "the relevance of this clause has no exact SQL; sort its objects by a field");
  }
  const score = query.score === null ? (query.scoring ?? param("Float64", 0)) : param("Float64", query.score);
  const values = [
    ...keys.map((key) => key.value),
    ...keys.flatMap((key) => key.parts.map((part) => part.expr)),
    ...last.map(({ expr }) => expr),
  ];
  const all = tuple(query.where, objectNumber(scope), call("ifNull", score, param("Float64", 0)), ...values);
  const objects = overObjects("arrayMap", mapping, { ...scope, around: undefined }, all);
  return call("arrayFilter", lambda(["object"], call("tupleElement", column("object"), literal(1))), objects);
}

type Cells = readonly JsonValue[];

function rowsOf(cell: JsonValue): readonly Cells[] {
  return isArray(cell) ? cell.flatMap((each) => (isArray(each) ? [each.slice(1)] : [])) : [];
}

function byScore(a: Cells, b: Cells): number {
  return Number(b[1]) - Number(a[1]) || Number(a[0]) - Number(b[0]);
}

function byParts(parts: readonly { readonly desc: boolean }[], first: number): (a: Cells, b: Cells) => number {
  return (a, b) => {
    for (const [i, { desc }] of parts.entries()) {
      const order = compareCells(a[first + i] ?? null, b[first + i] ?? null);
      if (order !== 0) return desc ? -order : order;
    }
    return Number(a[0]) - Number(b[0]);
  };
}

function compareCells(a: JsonValue, b: JsonValue): number {
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x !== null && y !== null) return x < y ? -1 : x > y ? 1 : 0;
  return compareUtf8(String(a), String(b));
}

// Whole numbers keep all their digits; ClickHouse quotes what JSON can't say.
function numberOf(cell: JsonValue): number | bigint | null {
  if (cell === "inf") return Number.POSITIVE_INFINITY;
  if (cell === "-inf") return Number.NEGATIVE_INFINITY;
  if (!isNumber(cell)) return null;
  const text = printJson(cell);
  return /^-?\d+$/.test(text) ? BigInt(text) : Number(text);
}

// What the wrapped object shows, and its doc values; its `_source` is the object itself.
function partsOf(shown: JsonObject, indexed: JsonObject, path: string): JsonObject {
  const fields = { ...objectAt(indexed, "fields"), ...objectAt(shown, "fields") };
  const highlight = member(shown, "highlight");
  const wrapped = member(shown, "_source");
  const source = path
    .split(".")
    .reduce<JsonValue | undefined>((value, step) => (isObject(value) ? member(value, step) : undefined), wrapped);
  return {
    ...(wrapped === undefined ? {} : { _source: source ?? {} }),
    ...(Object.keys(fields).length === 0 ? {} : { fields }),
    ...(highlight === undefined ? {} : { highlight }),
  };
}
