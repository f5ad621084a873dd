// boolean: 0 or 1, sorted, duplicates kept. A document may say `""` for false; a query may not.
import type { JsonValue } from "../../../shared/json.ts";
import type { Field } from "../mapping.ts";
import { type DocValue, type FieldType, MalformedValue, type TermValue } from "./field_type.ts";
import { readEach, withNullValue } from "./null_value.ts";

function read(value: JsonValue): number {
  if (value === true || value === "true") return 1;
  if (value === false || value === "false" || value === "") return 0;
  throw new MalformedValue(`no boolean: ${String(value)}`);
}

export const boolean: FieldType = Object.freeze({
  type: "boolean",
  family: "boolean",
  element: "UInt8",
  columns: (field: Field) => [{ name: field.column, type: "Array(UInt8)" }],
  docValues: (field: Field, values: readonly JsonValue[]) => [readEach(field, withNullValue(field, values), read).sort((a, b) => a - b)],
  term(_field: Field, value: JsonValue): TermValue {
    const text = String(value);
    if (text === "true" || text === "false") return { kind: "value", value: text === "true" ? 1 : 0 };
    const reason = `Can't parse boolean value [${text}], expected [true] or [false]`;
    return { kind: "invalid", errorType: "illegal_argument_exception", reason };
  },
  format: (_field: Field, value: DocValue) => Number(value) !== 0,
  fetch(field: Field, value: JsonValue) {
    const [present] = withNullValue(field, [value]);
    return present === undefined ? undefined : read(present) === 1;
  },
});
