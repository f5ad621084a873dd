// Pipelines run after those that their buckets_path names.
import { isObject, type JsonValue, member } from "../../../shared/json.ts";
import { RejectedRequest } from "../failure.ts";
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
      throw new RejectedRequest("illegal_argument_exception", `Cyclical dependency found with pipeline aggregation [${name}]`);
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

/** The paths of `buckets_path`: one, a list, or by variable. */
export function pathsOf(value: JsonValue | undefined): readonly string[] {
  if (typeof value === "string") return [value];
  const items = Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [];
  return items.filter((item) => typeof item === "string");
}
