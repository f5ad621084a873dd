// `bucket_sort`: another order, a window of the buckets.
import { isObject, type JsonValue, member } from "../../../../shared/json.ts";
import { RejectedRequest } from "../../failure.ts";
import { gapPolicy, valueAt } from "../gaps.ts";
import { type BucketOrder, parseOrder } from "../order.ts";
import { Parameters } from "../parameters.ts";
import type { ParentPipelineDefinition, ShapedBucket } from "../types.ts";

export const bucketSort: ParentPipelineDefinition = {
  kind: "parent_pipeline",
  compile(node) {
    const parameters = new Parameters(node);
    const sorts = sortsOf(parameters.value("sort"));
    const from = parameters.integer("from", 0);
    const size = parameters.number("size");
    const policy = gapPolicy(parameters);
    parameters.done();
    if (from < 0) throw new RejectedRequest("x_content_parse_exception", `[from] must be a non-negative integer: [${from}]`);
    if (size !== undefined && size <= 0) {
      throw new RejectedRequest("x_content_parse_exception", `[size] must be a positive integer: [${size}]`);
    }
    if (sorts.length === 0 && size === undefined && from === 0) {
      throw new RejectedRequest("action_request_validation_exception", `[${node.name}] is configured to perform nothing.`);
    }
    return (buckets) => {
      const sorted = sorts.length === 0 ? buckets : sortBy(buckets, sorts, (bucket, by) => valueAt(bucket, by, policy, node));
      return sorted.slice(from, size === undefined ? undefined : from + size);
    };
  },
};

type Keyed = readonly (number | string)[];

function sortBy(
  buckets: readonly ShapedBucket[],
  sorts: readonly BucketOrder[],
  valueIn: (bucket: ShapedBucket, by: string) => number,
): readonly ShapedBucket[] {
  const keyed = buckets.map((bucket) => ({
    bucket,
    keys: sorts.map(({ by }): number | string => {
      if (by !== "_key") return valueIn(bucket, by);
      return Number.isNaN(bucket.position) ? bucket.name : bucket.position;
    }),
  }));
  // A bucket without any of the values is left out.
  const present = keyed.filter(({ keys }) => keys.some((key) => !isGap(key)));
  return present.toSorted((a, b) => compare(a.keys, b.keys, sorts)).map(({ bucket }) => bucket);
}

function compare(a: Keyed, b: Keyed, sorts: readonly BucketOrder[]): number {
  for (const [i, { desc }] of sorts.entries()) {
    const [x, y] = [a[i] ?? Number.NaN, b[i] ?? Number.NaN];
    if (isGap(x) || isGap(y)) {
      if (isGap(x) !== isGap(y)) return isGap(x) ? 1 : -1;
      continue;
    }
    const order = x < y ? -1 : x > y ? 1 : 0;
    if (order !== 0) return desc ? -order : order;
  }
  return 0;
}

const isGap = (key: number | string): boolean => typeof key === "number" && Number.isNaN(key);

function sortsOf(value: JsonValue | undefined): readonly BucketOrder[] {
  if (value === undefined) return [];
  const items = Array.isArray(value) ? value : [value];
  return items.flatMap((item: JsonValue): readonly BucketOrder[] => {
    if (typeof item === "string") return [{ by: item, desc: false }];
    if (!isObject(item)) throw new RejectedRequest("parsing_exception", "[sort] must hold names or objects");
    return Object.entries(item).map(([by, options]) => {
      const order = isObject(options) ? (member(options, "order") ?? "asc") : options;
      const [parsed] = parseOrder({ [by]: order }, []);
      return { by, desc: parsed?.desc ?? false };
    });
  });
}
