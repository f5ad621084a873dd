// Aggregation trees: what Lens, dashboards and Maps ask for first.
import { isObject, type JsonObject, type JsonValue, jsonObject } from "../../../src/shared/json.ts";
import { bucketAggregation, MULTI_BUCKETS } from "./buckets.ts";
import { metricAggregation } from "./metrics.ts";
import { hasNested, nestedAggregation } from "./nested.ts";
import { parentPipelines, secondPipeline, siblingPipeline } from "./pipelines.ts";
import type { Draw } from "./query.ts";

/** `{name: aggregation, …}`; `depth` bounds how far buckets nest. */
export function anyAggregations(draw: Draw, depth = 3): JsonObject {
  const { random } = draw;
  const count = random.weighted([
    [1, 6],
    [2, 3],
    [3, 1],
  ]);
  const own = Array.from({ length: count }, (_, i): readonly [string, JsonObject] => [nameOf(draw, i), oneAggregation(draw, depth)]);
  const multi = own.find(([, body]) => MULTI_BUCKETS.has(kindOf(body)));
  if (multi === undefined || !random.chance(0.12)) return jsonObject(own);
  return jsonObject([...own, ["sibling", siblingPipeline(random, multi[0], childrenOf(multi[1]))]]);
}

// Kibana names aggregations by numbers and by ids.
function nameOf({ random }: Draw, at: number): string {
  return random.chance(0.7) ? String(at) : random.pick(["a b", "größe", "x-y", "timeseries", "date", "_1"]) + String(at);
}

function oneAggregation(draw: Draw, depth: number): JsonObject {
  const { random } = draw;
  if (depth === 0 || random.chance(0.3)) return metricAggregation(draw);
  if (hasNested(draw) && random.chance(0.15)) return nestedAggregation(draw);
  const metrics = random.chance(0.6) ? { m: metricAggregation(draw) } : {};
  const { body, orderable } = bucketAggregation(draw, metrics);
  const piped = orderable === "histogram" && random.chance(0.35);
  const deeper = depth > 1 && random.chance(0.45) ? anyAggregations(draw, depth - 2) : {};
  const children: Record<string, JsonValue> = { ...deeper, ...metrics };
  if (piped) Object.assign(children, parentPipelines(random, children));
  const kind = isObject(children.p) ? kindOf(children.p) : "";
  if (["derivative", "cumulative_sum", "moving_fn", "bucket_script"].includes(kind) && random.chance(0.3))
    children.p2 = secondPipeline(random);
  const own = piped && random.chance(0.95) ? withEmptyBuckets(body) : body;
  return Object.keys(children).length === 0 ? own : { ...own, [random.chance(0.8) ? "aggs" : "aggregations"]: children };
}

// Pipelines over a histogram need its empty buckets.
function withEmptyBuckets(body: JsonObject): JsonObject {
  const kind = kindOf(body);
  const options = body[kind];
  return isObject(options) ? { ...body, [kind]: { ...options, min_doc_count: 0 } } : body;
}

function kindOf(body: JsonObject): string {
  return Object.keys(body).find((name) => name !== "aggs" && name !== "aggregations" && name !== "meta") ?? "";
}

function childrenOf(body: JsonObject): JsonObject {
  const children = body.aggs ?? body.aggregations;
  return isObject(children) ? children : {};
}
