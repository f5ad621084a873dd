// binary: shown as it was sent, never searched.
import { isArray, isObject, type JsonValue } from "../../../shared/json.ts";
import type { Field } from "../mapping.ts";
import { type DocValue, type FieldType, MalformedValue, type TermValue } from "./field_type.ts";

export const binary: FieldType = Object.freeze({
  type: "binary",
  family: "other",
  element: "String",
  columns: () => [],
  docValues: () => [],
  term: (): TermValue => ({ kind: "nothing" }),
  format: (_field: Field, value: DocValue) => String(value),
  fetch(_field: Field, value: JsonValue) {
    if (isArray(value) || isObject(value)) throw new MalformedValue("no text of bytes");
    return value ?? undefined;
  },
});
