// `rare_terms`: the terms of few documents, the rarest first.
import { binary, call, param } from "../../../clickhouse/sql/ast.ts";
import type { Context } from "../../context.ts";
import { RejectedRequest, UnsupportedClause } from "../../failure.ts";
import { singlesOf } from "../../source.ts";
import { count } from "../cells.ts";
import { formatOf } from "../format.ts";
import { includeKeys } from "../include.ts";
import { type KeyForm, termKeys } from "../keys.ts";
import { Parameters } from "../parameters.ts";
import type { AggregationNode, MultiBucketDefinition } from "../types.ts";
import { refusedType, type Values, valuesOf } from "../values.ts";

const MOST = 100;

export const rareTerms: MultiBucketDefinition = {
  kind: "multi",
  compile(node, context, { nested }) {
    const parameters = new Parameters(node);
    const values = valuesOf(parameters, context);
    const maxDocCount = parameters.integer("max_doc_count", 1);
    const rules = { include: parameters.value("include"), exclude: parameters.value("exclude") };
    const format = formatOf(parameters, values);
    parameters.ignore("precision");
    parameters.done();
    if (nested && node.children.length > 0) {
      const reason = "inside other buckets Elasticsearch may hand the sub-aggregations of rare terms to the wrong ones";
      throw new UnsupportedClause(node.pointer, reason);
    }
    if (maxDocCount > 1 && node.children.some(mayBeRewritten)) {
      const reason = "where a query below is rewritten, Elasticsearch forgets max_doc_count";
      throw new UnsupportedClause(parameters.pointer("max_doc_count"), reason);
    }
    if (maxDocCount < 1 || maxDocCount > MOST) {
      throw new RejectedRequest(
        "x_content_parse_exception",
        `[max_doc_count] must be between 1 and ${MOST}. Found [${maxDocCount}] in [${node.name}]`,
      );
    }
    if (values === undefined) return { keys: call("emptyArrayUInt8"), minDocCount: 0, drafts: () => [] };
    if (!["keyword", "ip", "integer", "date", "boolean"].includes(values.family)) throw refusedType(values, parameters);
    const form = includeKeys(repeated(termKeys(values, format, undefined), values, context), values, rules, parameters);
    return {
      keys: form.keys,
      minDocCount: 0,
      maxDocCount,
      cut: (key) => ({
        size: Number.MAX_SAFE_INTEGER,
        shardSize: Number.MAX_SAFE_INTEGER,
        shardMinDocCount: 0,
        order: [{ expr: call("count") }, { expr: key }],
        shardCutMatters: false,
        everyShard: true,
      }),
      drafts: ({ rows, cells }) =>
        rows.map((row) => {
          const cell = row[cells.key] ?? null;
          const docCount = count(row, cells.count);
          const key = form.members(cell);
          return {
            row,
            cell,
            docCount,
            name: String(key.at(-1)?.[1]),
            position: form.position(cell),
            members: [...key, ["doc_count", docCount]],
          };
        }),
    };
  },
};

const AROUND_QUERIES = new Set(["filter", "filters", "adjacency_matrix"]);

// Tried on 9.4.3: with a `match` in a filter below only the terms of one document are left, with a `term` not.
function mayBeRewritten({ type, children }: AggregationNode): boolean {
  return AROUND_QUERIES.has(type) || children.some(mayBeRewritten);
}

const LARGEST = param("Int64", 0x7fffffffffffffffn);

// Elasticsearch counts a number here as often as the document holds it; where a field may hold several, not the first one if that
// is the largest long.
function repeated(form: KeyForm, values: Values, context: Context): KeyForm {
  if (form.ordinals === true) return form;
  const single = values.expr.kind === "column" && singlesOf(context).has(values.expr.name);
  if (single || values.family !== "integer") return { ...form, keys: values.expr };
  const onlyLargest = call("and", call("notEmpty", values.expr), binary(call("arrayMin", values.expr), "=", LARGEST));
  return { ...form, keys: call("if", onlyLargest, call("arrayPopFront", values.expr), values.expr) };
}
