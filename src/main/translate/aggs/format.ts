// The `format` of keys: a date pattern or a pattern of digits, whichever the field's values need.
import { isDateFormat } from "../../elasticsearch/date/format.ts";
import { isDecimalFormat } from "../../elasticsearch/fields/decimal_format.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import type { Parameters } from "./parameters.ts";
import type { Values } from "./values.ts";

/** Reads `format`. Throws UnsupportedClause on a pattern that is not known here. */
export function formatOf(parameters: Parameters, values: Pick<Values, "family" | "field"> | undefined): string | undefined {
  const format = parameters.text("format");
  if (format === undefined || values === undefined) return format;
  const isNumber = values.family === "integer" || values.family === "floating";
  if (!isNumber && values.family !== "date") {
    const { path, type } = values.field;
    throw new RejectedRequest("illegal_argument_exception", `Field [${path}] of type [${type}] does not support custom formats`);
  }
  if (isNumber ? isDecimalFormat(format) : isDateFormat(format)) return format;
  throw new UnsupportedClause(parameters.pointer("format"), `the format [${format}] is not translated`);
}
