// Operations as the index has them: a request names an alias, a data stream or another index, and the alias may route them, or a
// pipeline send them on. Pure.
import type { Operation } from "../elasticsearch/bulk.ts";
import type { IndexDescription } from "./index_description.ts";

/**
 * Routed as the alias that they were sent to routes; without their bytes, so that they are read back, where they were sent to another
 * index, which a pipeline may have done with more than their index changed.
 */
export function addressed(operations: readonly Operation[], { name, aliases }: IndexDescription): readonly Operation[] {
  if (operations.every(({ target }) => target === name)) return operations;
  const known = new Map(aliases.map((alias) => [alias.name, alias]));
  return operations.map((operation) => {
    const { target, routing } = operation;
    if (target === name) return operation;
    const alias = known.get(target);
    if (alias === undefined || !alias.writes) return { ...operation, source: null };
    return routing === "" && alias.routing !== "" ? { ...operation, routing: alias.routing } : operation;
  });
}
