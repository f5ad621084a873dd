// `significant_terms` and `significant_text`: the terms that are more frequent in the bucket than behind it. Each shard scores by
// its own counts and sends its best; the sums are scored again. A key is a pair: (0, nothing) stands for every document, so
// that its count is the size of the bucket.
import { isArray, isObject, type JsonObject, type JsonValue, member } from "../../../../shared/json.ts";
import {
  array,
  call,
  column,
  type Expr,
  lambda,
  literal,
  type Order,
  over,
  type Query,
  scalar,
  select,
  TRUE,
  tuple,
} from "../../../clickhouse/sql/ast.ts";
import { doubleJson } from "../../../elasticsearch/fields/number_text.ts";
import { type Context, fieldOf } from "../../context.ts";
import { RejectedRequest, UnsupportedClause } from "../../failure.ts";
import { fieldColumn } from "../../field_column.ts";
import { compileQuery } from "../../query/index.ts";
import { indexName, selectDocuments } from "../../source.ts";
import { META_COLUMNS, type Row } from "../../types.ts";
import { count } from "../cells.ts";
import { includeKeys } from "../include.ts";
import { inHashOrder, topOfHeap } from "../java_heap.ts";
import { type KeyForm, termKeys } from "../keys.ts";
import { Parameters } from "../parameters.ts";
import {
  type Choices,
  chiSquare,
  type Frequencies,
  googleDistance,
  type Heuristic,
  jlh,
  mutualInformation,
  NUMBERS,
  percentage,
  SQL,
} from "../significance.ts";
import type { AggregationNode, Buckets, Draft, Member, MultiBucketDefinition, ParentRows } from "../types.ts";
import { distinct, mapped, refusedType, valuesOf } from "../values.ts";

export const significantTerms: MultiBucketDefinition = {
  kind: "multi",
  compile: (node, context, { nested }) => compileSignificant(node, context, termsForm, nested),
};
export const significantText: MultiBucketDefinition = {
  kind: "multi",
  compile(node, context, { nested }) {
    if (node.children.length === 0) return compileSignificant(node, context, wordsForm, nested);
    const reason = `Aggregator [${node.name}] of type [significant_text] cannot accept sub-aggregations`;
    throw new RejectedRequest("aggregation_initialization_exception", reason, 500);
  },
};

/** How a field's values become keys; `element` is their type. */
interface Form extends KeyForm {
  readonly element: string;
}
type ReadForm = (parameters: Parameters, context: Context) => Form | undefined;

function compileSignificant(node: AggregationNode, context: Context, readForm: ReadForm, nested: boolean): Buckets {
  const parameters = new Parameters(node);
  const form = readForm(parameters, context);
  const size = parameters.integer("size", 10);
  const minDocCount = parameters.integer("min_doc_count", 3);
  const shardMinDocCount = Math.min(minDocCount, parameters.integer("shard_min_doc_count", 0));
  const shardSize = Math.max(size, parameters.number("shard_size") ?? 2 * Math.trunc(size * 1.5 + 10));
  const behind = backgroundOf(parameters, context);
  const heuristic = heuristicOf(parameters, behind !== TRUE);
  parameters.ignore("execution_hint", "value_type");
  parameters.done();
  if (size <= 0) throw new RejectedRequest("x_content_parse_exception", `[size] must be greater than 0. Found [${size}] in [${node.name}]`);
  if (form === undefined) return { keys: call("emptyArrayUInt8"), minDocCount: 0, drafts: () => [] };
  refuseUncounted(parameters, context);
  const keys = withAll(form);
  const known = scalar(countsBehind(keys, behind, context));
  return {
    keys,
    minDocCount: 0,
    columns: (key) => [{ alias: "#behind", expr: sumBehind(known, key) }],
    aside: selectDocuments(context, { columns: [{ expr: call("count"), alias: "#all" }], where: behind }),
    cut: (key, _, parents) => ({
      size: Number.MAX_SAFE_INTEGER,
      shardSize: shardSize + 1,
      // The pair of all documents comes first.
      shardMinDocCount,
      order: [{ expr: key }],
      shardOrder: shardOrder(key, parents, known, heuristic),
      shardCutMatters: true,
      unreported: true,
    }),
    drafts: (parent) => draftsOf(parent, form, heuristic, { size, minDocCount, everyShard: !nested && context.tables.length === 1 }),
    head: (parent) => headOf(parent),
  };
}

function termsForm(parameters: Parameters, context: Context): Form | undefined {
  const rules = { include: parameters.value("include"), exclude: parameters.value("exclude") };
  const values = valuesOf(parameters, context);
  if (parameters.value("format") !== undefined || parameters.value("missing") !== undefined) {
    throw new UnsupportedClause(parameters.node.pointer, "a format or a substitute of significant terms is not translated");
  }
  if (values === undefined) return undefined;
  if (values.family === "floating") {
    throw new RejectedRequest("unsupported_operation_exception", "No support for examining floating point numerics", 500);
  }
  if (values.family === "geo_point" || values.family === "other") throw refusedType(values, parameters);
  if (values.field.key !== undefined)
    throw new UnsupportedClause(parameters.pointer("field"), "Elasticsearch finds no key of a flattened field in the background");
  const form = includeKeys(termKeys(values, undefined, undefined), values, rules, parameters);
  if (values.family !== "boolean") return { ...form, element: values.element };
  // Printed as a boolean beside its number.
  const members = (cell: JsonValue): readonly Member[] =>
    form.members(cell).map(([name, value]) => (name === "key_as_string" ? [name, value === "true"] : [name, value]));
  return { ...form, element: values.element, members };
}

function wordsForm(parameters: Parameters, context: Context): Form | undefined {
  const rules = { include: parameters.value("include"), exclude: parameters.value("exclude") };
  const path = parameters.field();
  const field = fieldOf(context, path, parameters.pointer("field"));
  if (parameters.boolean("filter_duplicate_text", false)) {
    throw new UnsupportedClause(parameters.pointer("filter_duplicate_text"), "repeated passages are found in the order of documents");
  }
  if (field === undefined) return undefined;
  if (field.type !== "text") throw new UnsupportedClause(parameters.pointer("field"), `[${path}] is no text of its own words`);
  const form: KeyForm = {
    keys: distinct(fieldColumn(field, "#tok")),
    members: (cell) => [["key", String(cell)]],
    position: () => Number.NaN,
  };
  return { ...includeKeys(form, undefined, rules, parameters), element: "String" };
}

// Elasticsearch counts what is behind in its index files, where deleted documents and nested objects are counted too.
function refuseUncounted(parameters: Parameters, context: Context): void {
  if (context.tables.some((table) => table.final)) {
    throw new UnsupportedClause(parameters.node.pointer, "documents that were overwritten or deleted still count in the background");
  }
  if (context.tables.some((table) => [...table.mapping.objects.values()].includes("nested"))) {
    throw new UnsupportedClause(parameters.node.pointer, "nested objects count in the background");
  }
}

function backgroundOf(parameters: Parameters, context: Context): Expr {
  const filter = parameters.value("background_filter");
  return filter === undefined ? TRUE : compileQuery(filter, parameters.pointer("background_filter"), context).where;
}

// Logarithms may differ in their last bits.
const SLACK = 2 ** -48;

const HEURISTICS = ["jlh", "mutual_information", "chi_square", "gnd", "percentage"] as const;

function heuristicOf(parameters: Parameters, filtered: boolean): Heuristic {
  if (parameters.value("script_heuristic") !== undefined) {
    throw new UnsupportedClause(parameters.pointer("script_heuristic"), "a script has no SQL");
  }
  if (parameters.value("p_value") !== undefined) {
    throw new UnsupportedClause(parameters.pointer("p_value"), "the logarithms of its binomials are not translated");
  }
  // Of several the last one counts.
  const name = Object.keys(parameters.node.body).findLast((each) => HEURISTICS.some((known) => known === each));
  parameters.ignore(...HEURISTICS);
  const body = name === undefined ? undefined : member(parameters.node.body, name);
  const options: JsonObject = isObject(body) ? body : {};
  const choices: Choices = {
    negatives: member(options, "include_negatives") === true,
    superset: member(options, "background_is_superset") !== false,
  };
  if (name === undefined || name === "jlh") return jlh;
  if (name === "percentage") return percentage;
  if (filtered && choices.superset) {
    throw new UnsupportedClause(parameters.pointer("background_filter"), `[${name}] refuses a background that lacks documents of a bucket`);
  }
  if (name === "chi_square") return chiSquare(choices);
  return name === "gnd" ? googleDistance(choices) : mutualInformation(choices);
}

function withAll(form: Form): Expr {
  const nothing = call("defaultValueOfTypeName", literal(form.element));
  const all = tuple(call("toUInt8", literal(0)), nothing);
  return call(
    "arrayConcat",
    array(all),
    mapped(form.keys, (x) => tuple(call("toUInt8", literal(1)), x)),
  );
}

/** One tuple of two arrays: shard and key as text, and how many documents behind have it there. */
function countsBehind(keys: Expr, behind: Expr, context: Context): Query {
  const shard = column(META_COLUMNS.shard);
  const rows = selectDocuments(context, {
    columns: [
      { expr: call("arrayJoin", keys), alias: "#k" },
      { expr: context.tables.length > 1 ? tuple(indexName(context), shard) : shard, alias: "#shard" },
    ],
    where: behind,
  });
  const counted = select({
    columns: [
      { expr: placeText(call("toString", column("#shard")), column("#k")), alias: "#place" },
      { expr: call("count"), alias: "#n" },
    ],
    from: { kind: "subquery", query: rows },
    groupBy: [column("#shard"), column("#k")],
  });
  const pair = tuple(call("groupArray", column("#place")), call("groupArray", column("#n")));
  return select({ columns: [{ expr: pair, alias: "#behind" }], from: { kind: "subquery", query: counted } });
}

const placeText = (shard: Expr, key: Expr): Expr => call("concat", shard, literal(" "), call("toString", key));

function lookUp(known: Expr, place: Expr): Expr {
  const [places, counts] = [1, 2].map((i) => call("tupleElement", known, literal(i)));
  return call("transform", place, places ?? known, counts ?? known, call("toUInt64", literal(0)));
}

// Over the shards that sent the key.
function sumBehind(known: Expr, key: Expr): Expr {
  const shards = call("groupUniqArray", call("toString", column("#shard")));
  return call("arraySum", call("arrayMap", lambda(["s"], lookUp(known, placeText(column("s"), key))), shards));
}

function shardOrder(key: Expr, parents: readonly Expr[], known: Expr, heuristic: Heuristic): readonly Order[] {
  const shard = column("#shard");
  const double = (expr: Expr): Expr => call("toFloat64", expr);
  const all = tuple(call("toUInt8", literal(0)), call("defaultValueOfArgumentType", call("tupleElement", key, literal(2))));
  const text = call("toString", shard);
  const frequencies: Frequencies<Expr> = {
    found: double(call("count")),
    foundSize: double(over(call("max", call("count")), [shard, ...parents])),
    behind: double(lookUp(known, placeText(text, key))),
    behindSize: double(lookUp(known, placeText(text, all))),
  };
  return [{ expr: call("tupleElement", key, literal(1)) }, { expr: heuristic(SQL, frequencies), desc: true }, { expr: key }];
}

interface Limits {
  /** True where all shards answer, those without documents too. */
  readonly everyShard: boolean;
  readonly size: number;
  readonly minDocCount: number;
}

function draftsOf(parent: ParentRows, form: Form, heuristic: Heuristic, { size, minDocCount, everyShard }: Limits): readonly Draft[] {
  const foundSize = sizeOf(parent);
  const behindSize = count(parent.aside, "#all");
  const scored = parent.rows.flatMap((row) => {
    const [kind, value] = partsOf(row, parent);
    if (kind === 0) return [];
    const found = count(row, parent.cells.count);
    const behind = count(row, "#behind");
    return [{ row, value, found, behind, score: heuristic(NUMBERS, { found, foundSize, behind, behindSize }) }];
  });
  const named = scored.map((each) => ({ ...each, members: form.members(each.value) }));
  const text = (members: readonly Member[]): string => String(members.at(-1)?.[1]);
  const sent = inOrderOfShards(named, parent, everyShard);
  const candidates = inHashOrder(sent.items, ({ members }) => text(members), sent.first).filter(
    ({ score, found }) => score > 0 && found >= minDocCount,
  );
  return topOfHeap(candidates, Math.min(size, named.length), ({ score }) => score).map(
    ({ row, value, found, behind, score, members }): Draft => ({
      row,
      cell: row[parent.cells.key] ?? null,
      docCount: found,
      name: text(members),
      position: form.position(value),
      members: [...members, ["doc_count", found], ["score", doubleJson(score)], ["bg_count", behind]],
      tolerances: [{ pointer: "/score", rule: "float_sum", low: score * (1 - SLACK), high: score * (1 + SLACK) }],
    }),
  );
}

interface Sent {
  readonly row: Row;
  readonly score: number;
}

/** As the shards sent them, the first shard's first, and how many that one sent. */
function inOrderOfShards<T extends Sent>(
  items: readonly T[],
  parent: ParentRows,
  everyShard: boolean,
): { readonly items: readonly T[]; readonly first: number } {
  const shards = (row: Row | undefined): readonly string[] => {
    const cell = row?.[parent.cells.shards ?? ""];
    return (isArray(cell) ? cell.map(String) : []).toSorted((a, b) => Number(a) - Number(b) || (a < b ? -1 : 1));
  };
  const leader = everyShard ? "0" : shards(parent.rows.find((row) => partsOf(row, parent)[0] === 0))[0];
  const order = items
    .map((item) => ({ item, shards: shards(item.row) }))
    .toSorted((a, b) => Number(a.shards[0]) - Number(b.shards[0]) || b.item.score - a.item.score);
  return {
    items: order.map(({ item }) => item),
    first: order.filter((each) => leader !== undefined && each.shards.includes(leader)).length,
  };
}

function headOf(parent: ParentRows): readonly Member[] {
  return [
    ["doc_count", sizeOf(parent)],
    ["bg_count", count(parent.aside, "#all")],
  ];
}

function sizeOf(parent: ParentRows): number {
  return count(parent.rows.find((row) => partsOf(row, parent)[0] === 0) ?? null, parent.cells.count);
}

function partsOf(row: Row, parent: ParentRows): readonly [kind: number, value: JsonValue] {
  const cell = row[parent.cells.key];
  const [kind, value] = isArray(cell) ? cell : [];
  return [Number(kind ?? 0), value ?? null];
}
