// What an explicit null stands for, and which values a mapping's `ignore_malformed` lets fall.
import { type JsonValue, member } from "../../../shared/json.ts";
import type { Field } from "../mapping.ts";
import { MalformedValue } from "./field_type.ts";

/** Values with each null replaced by the mapping's `null_value`, or left out where there is none. */
export function withNullValue(field: Field, values: readonly JsonValue[]): readonly JsonValue[] {
  if (!values.includes(null)) return values;
  const substitute = nullValue(field);
  if (substitute === null) return values.filter((value) => value !== null);
  return values.map((value) => (value === null ? substitute : value));
}

/** The mapping's `null_value`, or null. */
function nullValue(field: Field): JsonValue {
  return member(field.params, "null_value") ?? null;
}

/** Each value read; one that is refused is left out where the field has `ignore_malformed`. Throws MalformedValue otherwise. */
export function readEach<T>(field: Field, values: readonly JsonValue[], read: (value: JsonValue) => T): T[] {
  const lenient = member(field.params, "ignore_malformed");
  if (lenient !== true && lenient !== "true") return values.map(read);
  return values.flatMap((value) => {
    try {
      return [read(value)];
    } catch (error) {
      if (error instanceof MalformedValue) return [];
      throw error;
    }
  });
}
