// Types that the mirror has no columns for: ranges, flattened, vectors, shapes, … A clause on one is unsupported.
import type { JsonValue } from "../../../shared/json.ts";
import type { DocValue, FieldType } from "./field_type.ts";

/** A type that only shows its source values. */
export function otherType(type: string): FieldType {
  return Object.freeze({
    type,
    family: "other",
    element: "String",
    columns: () => [],
    docValues: () => [],
    term: () => ({ kind: "nothing" }),
    format: (_field, value: DocValue) => String(value),
    fetch: (_field, value: JsonValue) => value ?? undefined,
  } satisfies FieldType);
}
