// What single-number metrics share: a value, its text where the field has a format, its tolerance.
import type { JsonValue } from "../../../shared/json.ts";
import { formatDecimal } from "../../elasticsearch/fields/decimal_format.ts";
import { doubleJson, javaDouble } from "../../elasticsearch/fields/number_text.ts";
import type { Tolerance } from "../types.ts";
import { doubleOrNull } from "./cells.ts";
import { formatOf } from "./format.ts";
import type { Parameters } from "./parameters.ts";
import type { Member, Shaped } from "./types.ts";
import type { Values } from "./values.ts";

/** Turns a metric's number into the text of its field's format; undefined where Elasticsearch gives none. */
export type ValueText = (value: number) => string | undefined;

/** Reads `format` and gives the field's way to print a number beside `value`. */
export function valueText(parameters: Parameters, values: Values | undefined): ValueText {
  const format = formatOf(parameters, values);
  if (values?.family === "date")
    return (value) => textOf(values.type.format(values.field, BigInt(Number.isNaN(value) ? 0 : Math.trunc(value)), format));
  if (values?.family === "boolean") return (value) => (value === 0 ? "false" : "true");
  // Its own format is for whole numbers: doubles stand as they are, whatever is asked for.
  if (values?.field.type === "unsigned_long") return javaDouble;
  if (format === undefined || values === undefined) return () => undefined;
  return (value) => formatDecimal(value, format);
}

/** The text of one of several numbers: Elasticsearch prints what the format gives, which is no text for booleans and unsigned longs. */
export function besideNumber(values: Values, printed: JsonValue): JsonValue {
  if (values.family === "boolean") return printed === "true";
  return values.field.type === "unsigned_long" ? doubleJson(Number(printed)) : printed;
}

/** `{value, value_as_string}`. */
export function shapedNumber(value: number, text: ValueText, tolerances: readonly Tolerance[] = []): Shaped {
  return { json: Object.fromEntries(numberMembers("value", value, text)), tolerances };
}

/** A named number with its text: `min`, `min_as_string`. */
export function numberMembers(name: string, value: number, text: ValueText): readonly Member[] {
  const json = doubleOrNull(value);
  const printed = json === null ? undefined : text(value);
  return printed === undefined
    ? [[name, json]]
    : [
        [name, json],
        [`${name}_as_string`, printed],
      ];
}

/** The tolerance of a float sum; none when sums are exact. */
export function floatSum(pointer: string, value: number, slack: number): readonly Tolerance[] {
  if (slack === 0 || !Number.isFinite(value)) return [];
  return [{ pointer, rule: "float_sum", low: value - slack, high: value + slack }];
}

function textOf(value: JsonValue): string {
  return typeof value === "string" ? value : String(value);
}
