// Pieces of the answer put together: buckets, their sub-aggregations, and where in it Elasticsearch only approximates.
import { childPointer, type JsonObject, type JsonValue, jsonObject } from "../../../shared/json.ts";
import type { Tolerance } from "../types.ts";
import type { AggregationNode, Member, NamedShape, Shaped, ShapedBucket } from "./types.ts";

/** A bucket aggregation: its buckets by position, or by name where keyed. */
export function assemble(head: readonly Member[], buckets: readonly ShapedBucket[], keyed: boolean, tail: readonly Member[]): Shaped {
  const tolerances: Tolerance[] = [];
  const shaped = buckets.map((bucket, position) => {
    const merged = merge(bucket.members, bucket.children);
    const at = childPointer("/buckets", keyed ? bucket.name : position);
    for (const each of [...(bucket.tolerances ?? []), ...merged.tolerances]) tolerances.push({ ...each, pointer: at + each.pointer });
    return [bucket.name, merged.json] as const;
  });
  const value: JsonValue = keyed ? jsonObject(shaped) : shaped.map(([, json]) => json);
  return { json: jsonObject([...head, ["buckets", value], ...tail]), tolerances, buckets };
}

/** Members of a bucket, then its sub-aggregations by name. */
export function merge(members: readonly Member[], children: readonly NamedShape[]): Shaped {
  const tolerances = children.flatMap(([name, shaped]) =>
    shaped.tolerances.map((each) => ({ ...each, pointer: childPointer("", name) + each.pointer })),
  );
  return { json: jsonObject([...members, ...children.map(([name, shaped]) => [name, shaped.json] as const)]), tolerances };
}

/** The same with the `meta` of the request. */
export function metaOf(node: AggregationNode, shaped: Shaped): Shaped {
  if (node.meta === undefined) return shaped;
  const json: JsonObject = jsonObject([["meta", node.meta], ...Object.entries(shaped.json)]);
  return { ...shaped, json };
}
