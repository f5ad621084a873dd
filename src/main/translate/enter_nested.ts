// The way from documents, or objects, to the objects of a nested path in them.
import { pathAround } from "../elasticsearch/columns.ts";
import type { Context } from "./context.ts";
import { RejectedRequest, UnsupportedClause } from "./failure.ts";
import type { NestedScope } from "./nested_scope.ts";

export interface NestedContext extends Context {
  readonly scope: NestedScope;
}

/** The context inside the objects of `path`; undefined where `lenient` and no index has them. Throws RejectedRequest as Elasticsearch
 * does, and UnsupportedClause where only some indices have them, or they don't stand inside the objects at hand. */
export function enterNested(context: Context, path: string, pointer: string, lenient = false): NestedContext | undefined {
  const lacking = context.tables.filter(({ mapping }) => mapping.objects.get(path) !== "nested");
  if (lacking.length === context.tables.length && lenient) return undefined;
  if (lacking.length === context.tables.length) {
    throw new RejectedRequest("query_shard_exception", `[nested] failed to find nested object under path [${path}]`);
  }
  if (lacking.length > 0 && !lenient) {
    throw new UnsupportedClause(
      pointer,
      `[${lacking[0]?.index}] has no nested [${path}]: Elasticsearch answers from the other indices only`,
    );
  }
  return inObjects(context, path, pointer);
}

function inObjects(context: Context, path: string, pointer: string): NestedContext {
  const around = context.scope;
  if (around !== undefined && !path.startsWith(`${around.path}.`)) {
    throw new UnsupportedClause(pointer, `objects of [${path}] are not inside those of [${around.path}]`);
  }
  return { ...context, scope: { path, level: nextLevel(context), around } };
}

function nextLevel(context: Context): number {
  const levels = [context.scope, ...(context.joined ?? [])].map((scope) => scope?.level ?? 0);
  return Math.max(0, ...levels) + 1;
}

/** The context of rows that are objects of `path`, joined to those that the context stands for. Of a path that no index has, and of one
 * inside itself, there are none. */
export function joinNested(context: Context, path: string, pointer: string): Context & { readonly none: boolean } {
  const nested = context.tables.some(({ mapping }) => mapping.objects.get(path) === "nested");
  if (!nested || path === context.scope?.path) {
    return { ...context, scope: { path, level: nextLevel(context), around: context.scope }, none: true };
  }
  const between = pathAround(context.mapping, path);
  const outer = between === null || between === context.scope?.path ? context : joinNested(context, between, pointer);
  const entered = inObjects(outer, path, pointer);
  return { ...entered, joined: [...(outer.joined ?? []), entered.scope], none: false };
}
