// Pipelines run after those that their buckets_path names.
import { isObject, type JsonValue, member } from "../../../shared/json.ts";
import { RejectedRequest } from "../failure.ts";
import { noSuchPath, parsePath } from "./buckets_path.ts";
import type { AggregationNode } from "./types.ts";

/** The same pipelines, each after the ones that it reads. Throws RejectedRequest on a cycle. */
export function inOrderOfUse<T extends { readonly node: AggregationNode }>(pipelines: readonly T[]): readonly T[] {
  const byName = new Map(pipelines.map((each) => [each.node.name, each]));
  const done = new Set<string>();
  const open = new Set<string>();
  const ordered: T[] = [];
  const visit = (pipeline: T): void => {
    const { name } = pipeline.node;
    if (done.has(name)) return;
    if (open.has(name))
      throw new RejectedRequest("action_request_validation_exception", `Cyclical dependency found with pipeline aggregation [${name}]`);
    open.add(name);
    for (const used of pathsOf(member(pipeline.node.body, "buckets_path"))) {
      const first = used.split(">")[0] ?? "";
      const target = byName.get(first) ?? byName.get(first.slice(0, Math.max(0, first.lastIndexOf("."))));
      if (target !== undefined) visit(target);
    }
    open.delete(name);
    done.add(name);
    ordered.push(pipeline);
  };
  for (const pipeline of pipelines) visit(pipeline);
  return ordered;
}

/** Throws RejectedRequest for a path that starts at none of the aggregations around. */
export function checkPaths(pipelines: readonly { readonly node: AggregationNode }[], around: readonly AggregationNode[]): void {
  const names = new Set(around.map(({ name }) => name));
  for (const { node } of pipelines) {
    const sorts = node.type === "bucket_sort" ? namesOf(member(node.body, "sort")) : [];
    for (const path of [...pathsOf(member(node.body, "buckets_path")), ...sorts]) {
      const first = parsePath(path)[0]?.name ?? "";
      const known = SPECIAL.has(first) || names.has(first) || names.has(path.split(">")[0] ?? "");
      if (!known) throw noSuchPath(path, node.name);
      checkSteps(path, around, node.name);
    }
  }
}

function namesOf(sort: JsonValue | undefined): readonly string[] {
  const items = Array.isArray(sort) ? sort : [sort ?? []];
  return items.flatMap((item: JsonValue) => (typeof item === "string" ? [item] : isObject(item) ? Object.keys(item) : []));
}

// Every aggregation that a path names must be in the request, whether a bucket of it is in the answer or not.
function checkSteps(path: string, around: readonly AggregationNode[], pipeline: string): void {
  let siblings = around;
  for (const { name, property } of parsePath(path)) {
    if (SPECIAL.has(name)) return;
    const next = siblings.find((each) => each.name === name || each.name === `${name}.${property ?? ""}`);
    if (next === undefined) throw noSuchPath(path, pipeline);
    siblings = next.children;
  }
}

const SPECIAL = new Set(["_count", "_key", "_bucket_count"]);

/** The paths of `buckets_path`: one, a list, or by variable. */
export function pathsOf(value: JsonValue | undefined): readonly string[] {
  if (typeof value === "string") return [value];
  const items = Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [];
  return items.filter((item) => typeof item === "string");
}
