// `sampler` and `random_sampler`: one bucket of some of the documents. Where all score alike a shard's sample is its first ones;
// a random sample of everything is everything.
import { and, column, isIn, select, TRUE, tuple } from "../../../clickhouse/sql/ast.ts";
import { doubleJson } from "../../../elasticsearch/fields/number_text.ts";
import { RejectedRequest, UnsupportedClause } from "../../failure.ts";
import { INDEX_COLUMN, selectDocuments } from "../../source.ts";
import { META_COLUMNS } from "../../types.ts";
import { Parameters } from "../parameters.ts";
import type { SingleBucketDefinition } from "../types.ts";

export const sampler: SingleBucketDefinition = {
  kind: "single",
  condition(node, context, { nested, where, score }) {
    const parameters = new Parameters(node);
    const size = parameters.integer("shard_size", 100);
    parameters.done();
    if (node.children.length === 0) {
      throw new RejectedRequest("illegal_argument_exception", "Sampler aggregation must be used with child aggregations.");
    }
    if (score === null) throw new UnsupportedClause(node.pointer, "the best of documents that score differently are not sampled");
    if (nested) throw new UnsupportedClause(node.pointer, "a sample of its own for each bucket around has no SQL yet");
    if (size < 1) throw new UnsupportedClause(parameters.pointer("shard_size"), "a sample of nothing is not translated");
    const shard = [...(context.tables.length > 1 ? [INDEX_COLUMN] : []), META_COLUMNS.shard].map((name) => column(name));
    const place = [...shard, column(META_COLUMNS.seqNo)];
    const first = selectDocuments(context, {
      columns: place.map((expr, i) => ({ expr, alias: `#s${i}` })),
      ...(where.length > 0 ? { where: and(where) } : {}),
      orderBy: place.map((expr) => ({ expr })),
      limitBy: { limit: size, by: shard },
    });
    const chosen = select({ columns: place.map((_, i) => ({ expr: column(`#s${i}`) })), from: { kind: "subquery", query: first } });
    return isIn(tuple(...place), chosen);
  },
};

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
