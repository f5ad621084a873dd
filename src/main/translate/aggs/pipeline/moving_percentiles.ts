// `moving_percentiles`: the percentiles of the buckets before each, their values joined. The reference server has no such module: this
// follows Elasticsearch's manual and x-pack-analytics.
import { member } from "../../../../shared/json.ts";
import { RejectedRequest, UnsupportedClause } from "../../failure.ts";
import { notOfKind } from "../buckets_path.ts";
import { onePath, withChild } from "../gaps.ts";
import { Parameters } from "../parameters.ts";
import type { ParentPipelineDefinition } from "../types.ts";

export const movingPercentiles: ParentPipelineDefinition = {
  kind: "parent_pipeline",
  compile(node, beside) {
    const parameters = new Parameters(node);
    const path = onePath(parameters);
    const window = parameters.integer("window", 0);
    const shift = parameters.integer("shift", 0);
    parameters.ignore("gap_policy");
    parameters.done();
    if (window <= 0) throw new RejectedRequest("x_content_parse_exception", "[window] must be a positive, non-zero integer.");
    const metric = beside.find(({ name }) => name === path);
    if (metric === undefined)
      throw new UnsupportedClause(parameters.pointer("buckets_path"), "percentiles that are not beside it are not followed");
    if (metric.type !== "percentiles") throw notOfKind("TDigest percentiles", metric);
    if (member(metric.body, "hdr") !== undefined) throw new UnsupportedClause(node.pointer, "HDR histograms are not joined over windows");
    return (buckets) => {
      const pools = buckets.map(({ children }) => children.find(([name]) => name === path)?.[1].pool);
      const clamp = (at: number): number => Math.max(0, Math.min(at, buckets.length));
      return buckets.map((bucket, i) => {
        const seen = pools.slice(clamp(i - window + shift), clamp(i + shift)).flatMap((pool) => pool ?? []);
        const [first] = seen;
        if (first === undefined) return bucket;
        const values = seen.flatMap((pool) => pool.values).toSorted((a, b) => a - b);
        return withChild(bucket, node.name, first.over(values));
      });
    };
  },
};
