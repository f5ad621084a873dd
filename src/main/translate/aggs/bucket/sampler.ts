// `sampler`, `diversified_sampler` and `random_sampler`: one bucket of some of the documents. Where all score alike a shard's sample is its first ones;
// a random sample of everything is everything.
import {
  and,
  binary,
  call,
  column,
  type Expr,
  isIn,
  literal,
  type Order,
  type Query,
  scalar,
  select,
  TRUE,
  tuple,
} from "../../../clickhouse/sql/ast.ts";
import { doubleJson } from "../../../elasticsearch/fields/number_text.ts";
import type { Context } from "../../context.ts";
import { RejectedRequest, UnsupportedClause } from "../../failure.ts";
import { scoreOf } from "../../hits/sort_score.ts";
import { INDEX_COLUMN, indexName, selectDocuments } from "../../source.ts";
import { META_COLUMNS } from "../../types.ts";
import { Parameters } from "../parameters.ts";
import type { AggregationNode, SingleBucketDefinition, SingleSurroundings } from "../types.ts";
import { type Values, valuesOf } from "../values.ts";

const DEFAULT_SIZE = 100;

export const sampler: SingleBucketDefinition = {
  kind: "single",
  condition(node, context, around) {
    const parameters = new Parameters(node);
    const size = parameters.integer("shard_size", DEFAULT_SIZE);
    parameters.done();
    return inSample(node, { size, parameters }, context, around);
  },
};

export const diversifiedSampler: SingleBucketDefinition = {
  kind: "single",
  doubtful(node, context) {
    const values = valuesOf(new Parameters(node), context);
    if (values === undefined) return undefined;
    const documents = binary(call("length", values.expr), ">", literal(1));
    return { documents, reason: "a document with several values is refused if it is read before the sample is full" };
  },
  condition(node, context, around) {
    const parameters = new Parameters(node);
    const size = parameters.integer("shard_size", DEFAULT_SIZE);
    const most = parameters.integer("max_docs_per_value", 1);
    const values = valuesOf(parameters, context);
    const hint = parameters.text("execution_hint");
    parameters.done();
    if (most < 1) throw new UnsupportedClause(parameters.pointer("max_docs_per_value"), "a sample of nothing is not translated");
    if (around.query.score === null) {
      throw new UnsupportedClause(node.pointer, "documents that score differently push one another out of the sample in its own order");
    }
    if (values === undefined) throw new UnsupportedClause(parameters.pointer("field"), "a field that no index maps is not translated");
    return inSample(node, { size, parameters, by: { key: keyOf(values, hint, context, parameters), most } }, context, around);
  },
};

interface Sample {
  readonly size: number;
  readonly parameters: Parameters;
  /** At most so many documents of each value. */
  readonly by?: { readonly key: Expr; readonly most: number };
}

/** True for each shard's best documents, the first ones of those that score alike. */
function inSample(
  node: AggregationNode,
  { size, parameters, by }: Sample,
  context: Context,
  { nested, where, query }: SingleSurroundings,
): Expr {
  if (node.children.length === 0) {
    throw new RejectedRequest("illegal_argument_exception", "Sampler aggregation must be used with child aggregations.");
  }
  if (nested) throw new UnsupportedClause(node.pointer, "a sample of its own for each bucket around has no SQL yet");
  if (size < 1) throw new UnsupportedClause(parameters.pointer("shard_size"), "a sample of nothing is not translated");
  const shard = [...(context.tables.length > 1 ? [INDEX_COLUMN] : []), META_COLUMNS.shard].map((name) => column(name));
  const place = [...shard, column(META_COLUMNS.seqNo)];
  const best: readonly Order[] = query.score === null ? [{ expr: call("toFloat32", scoreOf(query, node.pointer)), desc: true }] : [];
  const order = [...shard.map((expr) => ({ expr })), ...best, { expr: column(META_COLUMNS.seqNo) }];
  const columns = place.map((expr, i) => ({ expr, alias: `#s${i}` }));
  const condition = where.length > 0 ? { where: and(where) } : {};
  const names = place.map((_, i) => column(`#s${i}`));
  const first = (from: Query): Query =>
    select({
      columns: names.map((expr) => ({ expr })),
      from: { kind: "subquery", query: from },
      orderBy: names.map((expr) => ({ expr })),
      limitBy: { limit: size, by: names.slice(0, -1) },
    });
  const chosen =
    by === undefined
      ? select({
          columns: names.map((expr) => ({ expr })),
          from: {
            kind: "subquery",
            query: selectDocuments(context, { columns, ...condition, orderBy: order, limitBy: { limit: size, by: shard } }),
          },
        })
      : first(
          selectDocuments(context, {
            columns: [...columns, { expr: by.key, alias: "#key" }],
            ...condition,
            orderBy: order,
            limitBy: { limit: by.most, by: [...shard, column("#key")] },
          }),
        );
  return isIn(tuple(...place), chosen);
}

/** What tells documents apart: a whole number, or the text itself. Documents without a value share a key with others. */
function keyOf({ expr, family, element }: Values, hint: string | undefined, context: Context, parameters: Parameters): Expr {
  const first = call("arrayElement", expr, literal(1));
  if (family !== "keyword") return call("if", call("empty", expr), literal(0), call("toInt64", first));
  if (hint === "bytes_hash") return call("if", call("empty", expr), tuple(literal(0), emptyText(element)), tuple(literal(1), first));
  if (hint === "map" || context.tables.some(({ final }) => final)) {
    throw new UnsupportedClause(parameters.node.pointer, "documents without a value count as those of the value that is seen first");
  }
  return call("if", call("empty", expr), leastTerm(expr, context), first);
}

const emptyText = (element: string): Expr => call("defaultValueOfTypeName", literal(element));

// The first ordinal of a shard is its least term, and what stands for no term.
function leastTerm(expr: Expr, context: Context): Expr {
  const place = call("concat", indexName(context), literal(" "), call("toString", column(META_COLUMNS.shard)));
  const least = selectDocuments(context, {
    columns: [
      { expr: place, alias: "#place" },
      { expr: call("min", call("arrayMin", expr)), alias: "#least" },
    ],
    where: call("notEmpty", expr),
    groupBy: [column("#place")],
  });
  const pair = tuple(call("groupArray", column("#place")), call("groupArray", column("#least")));
  const known = scalar(select({ columns: [{ expr: pair, alias: "#known" }], from: { kind: "subquery", query: least } }));
  return call("transform", place, call("tupleElement", known, literal(1)), call("tupleElement", known, literal(2)), literal(""));
}

export const randomSampler: SingleBucketDefinition = {
  kind: "single",
  members: (node) => [
    ["seed", node.body.seed ?? null],
    ["probability", doubleJson(1)],
  ],
  condition(node, _, { below }) {
    const parameters = new Parameters(node);
    const probability = parameters.number("probability");
    const seed = parameters.value("seed");
    parameters.ignore("shard_seed");
    parameters.done();
    const refuse = (reason: string, type = "illegal_argument_exception"): RejectedRequest =>
      new RejectedRequest(type, `[random_sampler] aggregation [${node.name}] ${reason}`);
    if (probability === undefined) throw refuse("must have [probability] set");
    if (probability !== 1 && (probability <= 0 || probability > 0.5)) throw refuse("[probability]", "x_content_parse_exception");
    if (below) throw refuse("cannot have a parent aggregation");
    if (node.children.length === 0) throw refuse("must have sub-aggregations");
    if (probability !== 1)
      throw new UnsupportedClause(parameters.pointer("probability"), "which documents it draws follows from Lucene's own numbers");
    if (node.children.every(({ type }) => type === "min" || type === "max")) {
      throw new UnsupportedClause(node.pointer, "Elasticsearch may count no documents below it where extremes come from its index alone");
    }
    if (seed === undefined) throw new UnsupportedClause(node.pointer, "without a seed the answer has one that is drawn at random");
    return TRUE;
  },
};
