// What a clause or aggregation sees of the request around it: which fields there are, what time it is.
import { type Field, findField, type Mapping } from "../elasticsearch/mapping.ts";
import { UnsupportedClause } from "./failure.ts";
import type { IndexTable } from "./types.ts";

export interface Context {
  /** The merged mapping of all indices searched (see mergeMappings). */
  readonly mapping: Mapping;
  readonly tables: readonly IndexTable[];
  readonly now: number;
}

/** The field that `path` names; undefined when no index maps it. Throws UnsupportedClause inside `nested` and on runtime fields. */
export function fieldOf(context: Context, path: string, pointer: string): Field | undefined {
  const field = findField(context.mapping, path);
  if (field === undefined && context.mapping.runtime.has(path)) {
    throw new UnsupportedClause(pointer, `[${path}] is a runtime field; its script has no SQL yet`);
  }
  return field;
}
