// `cumulative_cardinality`: the distinct values of each bucket and all before it. The reference server has no such module: this follows
// Elasticsearch's manual and x-pack-analytics.
import { UnsupportedClause } from "../../failure.ts";
import { notOfKind } from "../buckets_path.ts";
import { onePath, pipelineText, withChild } from "../gaps.ts";
import { numberMembers } from "../number_metric.ts";
import { Parameters } from "../parameters.ts";
import type { NamedShape, ParentPipelineDefinition, Shaped } from "../types.ts";

const NOTHING: Shaped = Object.freeze({ json: { value: 0 }, tolerances: [] });

export const cumulativeCardinality: ParentPipelineDefinition = {
  kind: "parent_pipeline",
  compile(node, beside) {
    const parameters = new Parameters(node);
    const path = onePath(parameters);
    const text = pipelineText(parameters);
    parameters.done();
    const metric = beside.find(({ name }) => name === path);
    if (metric === undefined)
      throw new UnsupportedClause(parameters.pointer("buckets_path"), "a cardinality that is not beside it is not followed");
    if (metric.type !== "cardinality") throw notOfKind("cardinality", metric);
    if (beside.some(({ type }) => type === "bucket_selector" || type === "bucket_sort")) {
      throw new UnsupportedClause(node.pointer, "beside pipelines that leave out buckets it would count other ones");
    }
    return (buckets) => {
      let last: Shaped = NOTHING;
      return buckets.map((bucket) => {
        const [, found]: NamedShape = bucket.children.find(([name]) => name === path) ?? [path, NOTHING];
        last = found.running ?? last;
        const printed = numberMembers("value", Number(last.json.value), text).slice(1);
        return withChild(bucket, node.name, { json: { ...last.json, ...Object.fromEntries(printed) }, tolerances: last.tolerances });
      });
    };
  },
};
