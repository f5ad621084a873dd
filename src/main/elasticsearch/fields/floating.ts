// double, float, half_float and scaled_float: rounded to what the type stores, sorted as Double.compare (-0.0 before 0.0),
// duplicates kept.
import { isNumber, type JsonValue, member } from "../../../shared/json.ts";
import type { Field } from "../mapping.ts";
import { formatDecimal } from "./decimal_format.ts";
import type { DocValue, FieldType, TermValue } from "./field_type.ts";
import { emptyIsNull, noNumber } from "./integer.ts";
import { readEach, withNullValue } from "./null_value.ts";
import { doubleJson, floatJson } from "./number_text.ts";
import { toDouble, toFloat, toFloatByDouble, toHalfFloat, toHalfFloatByDouble } from "./number_value.ts";

interface Precision {
  readonly type: string;
  readonly element: "Float32" | "Float64";
  /** The stored number of a value. Throws MalformedValue. */
  read(value: JsonValue, field: Field): number;
  /** The number that a query value is compared as, and that `fields` prints. */
  readTerm(value: JsonValue, field: Field): number;
  print(value: number): JsonValue;
}

function floatingType(precision: Precision): FieldType {
  return Object.freeze({
    type: precision.type,
    family: "floating",
    element: precision.element,
    columns: (field: Field) => [{ name: field.column, type: `Array(${precision.element})` }],
    docValues(field: Field, values: readonly JsonValue[]) {
      const present = withNullValue(field, values.map(emptyIsNull));
      return [readEach(field, present, (value) => precision.read(value, field)).sort(compareDouble)];
    },
    term(field: Field, value: JsonValue): TermValue {
      try {
        const stored = precision.readTerm(value, field);
        return Number.isFinite(stored) ? { kind: "value", value: stored } : { kind: "nothing" };
      } catch {
        return noNumber(String(value));
      }
    },
    // Doc values are doubles to Elasticsearch: a float prints widened, 0.10000000149011612.
    format: (_field: Field, value: DocValue, format?: string) =>
      format === undefined ? doubleJson(Number(value)) : formatDecimal(Number(value), format),
    fetch(field: Field, value: JsonValue) {
      const [present] = withNullValue(field, [emptyIsNull(value)]);
      return present === undefined ? undefined : precision.print(precision.readTerm(present, field));
    },
  });
}

/** `Double.compare`: -0.0 before 0.0. */
function compareDouble(a: number, b: number): number {
  if (a !== b) return a - b;
  return a !== 0 ? 0 : Number(Object.is(b, -0)) - Number(Object.is(a, -0));
}

function factorOf(field: Field): number {
  const factor = member(field.params, "scaling_factor");
  return isNumber(factor) || typeof factor === "string" ? Number(factor) : 1;
}

/** Java's Math.round: halves up. */
function scale(value: JsonValue, field: Field): number {
  return Math.floor(toDouble(value) * factorOf(field) + 0.5);
}

export const double = floatingType({
  type: "double",
  element: "Float64",
  read: toDouble,
  readTerm: toDouble,
  print: doubleJson,
});

export const float = floatingType({ type: "float", element: "Float32", read: toFloat, readTerm: toFloatByDouble, print: floatJson });

export const halfFloat = floatingType({
  type: "half_float",
  element: "Float32",
  read: toHalfFloat,
  readTerm: toHalfFloatByDouble,
  print: floatJson,
});

/** Stored as a whole number of 1/scaling_factor; doc values multiply by the inverse, `fields` divides. */
export const scaledFloat: FieldType = Object.freeze({
  ...floatingType({
    type: "scaled_float",
    element: "Float64",
    read: (value, field) => scale(value, field) * (1 / factorOf(field)),
    readTerm: (value, field) => scale(value, field) * (1 / factorOf(field)),
    print: doubleJson,
  }),
  fetch(field: Field, value: JsonValue) {
    const [present] = withNullValue(field, [emptyIsNull(value)]);
    return present === undefined ? undefined : doubleJson(scale(present, field) / factorOf(field));
  },
});
