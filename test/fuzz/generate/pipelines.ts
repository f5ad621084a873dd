// Pipeline aggregations: over the buckets of a histogram, and beside one.
import type { Random } from "../../../scripts/sample/random.ts";
import { isObject, type JsonObject, type JsonValue, member } from "../../../src/shared/json.ts";

const SINGLE_VALUES: ReadonlySet<string> = new Set(["avg", "sum", "min", "max", "cardinality", "value_count", "weighted_avg"]);

/** Something with one number in each bucket: a metric of these children, or the count. */
function numberPath(random: Random, children: JsonObject): string {
  const paths = Object.entries(children).flatMap(([name, body]) => {
    const kind = isObject(body) ? (Object.keys(body)[0] ?? "") : "";
    return SINGLE_VALUES.has(kind) && /^[\w-]+$/.test(name) ? [name] : [];
  });
  return random.pick([...paths, ...paths, "_count"]);
}

/** Pipelines that go into the buckets of a histogram. */
export function parentPipelines(random: Random, children: JsonObject): JsonObject {
  const path = numberPath(random, children);
  const gap = random.chance(0.3) ? { gap_policy: random.pick(["skip", "insert_zeros", "keep_values"]) } : {};
  return random.weighted<() => JsonObject>([
    [() => ({ p: { derivative: { buckets_path: path, ...gap } } }), 3],
    [() => ({ p: { cumulative_sum: { buckets_path: path } } }), 3],
    [
      () => ({
        p: {
          moving_fn: {
            buckets_path: path,
            window: random.integer(1, 4),
            script: `MovingFunctions.${random.pick(["unweightedAvg", "sum", "min", "max"])}(values)`,
            ...(random.chance(0.4) ? { shift: random.pick([0, 1]) } : {}),
          },
        },
      }),
      2,
    ],
    [() => ({ p: { serial_diff: { buckets_path: path, lag: random.integer(1, 3) } } }), 1],
    [
      () => ({
        p: {
          bucket_script: {
            buckets_path: { a: path, n: "_count" },
            script: random.pick(["params.a / params.n", "params.a * 2 + 1", "params.n > 2 ? params.a : 0"]),
            ...gap,
          },
        },
      }),
      2,
    ],
    [() => ({ p: { bucket_selector: { buckets_path: { n: "_count" }, script: "params.n > 2" } } }), 1],
    [
      () => ({
        p: {
          bucket_sort: {
            sort: [{ [path]: { order: random.pick(["asc", "desc"]) } }],
            size: random.integer(1, 5),
            ...(random.chance(0.3) ? { from: 1 } : {}),
          },
        },
      }),
      1,
    ],
  ])();
}

/** A pipeline over what another pipeline made of the buckets. */
export function secondPipeline(random: Random): JsonObject {
  return random.pick<JsonObject>([
    { cumulative_sum: { buckets_path: "p" } },
    { derivative: { buckets_path: "p" } },
    { moving_fn: { buckets_path: "p", window: 3, script: "MovingFunctions.sum(values)" } },
    { bucket_script: { buckets_path: { p: "p", n: "_count" }, script: "params.p + params.n" } },
  ]);
}

/** A pipeline beside the buckets of `name`. */
export function siblingPipeline(random: Random, name: string, children: JsonObject): JsonObject {
  const kind = random.pick([
    "avg_bucket",
    "sum_bucket",
    "min_bucket",
    "max_bucket",
    "stats_bucket",
    "extended_stats_bucket",
    "percentiles_bucket",
  ]);
  const path = member(children, "p") === undefined ? numberPath(random, children) : "_count";
  const body: Record<string, JsonValue> = { buckets_path: `${name}>${path}` };
  if (random.chance(0.2)) body.gap_policy = "insert_zeros";
  return { [kind]: body };
}
