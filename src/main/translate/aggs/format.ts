// The `format` of keys: a date pattern or a pattern of digits, whichever the field's values need.
import { isDateFormat } from "../../elasticsearch/date/format.ts";
import { isDecimalFormat } from "../../elasticsearch/fields/decimal_format.ts";
import { UnsupportedClause } from "../failure.ts";
import type { Parameters } from "./parameters.ts";
import type { Values } from "./values.ts";

/** Reads `format`. Throws UnsupportedClause on a pattern that is not known here. */
export function formatOf(parameters: Parameters, values: Pick<Values, "family"> | undefined): string | undefined {
  const format = parameters.text("format");
  if (format === undefined || values === undefined) return format;
  const isNumber = values.family === "integer" || values.family === "floating";
  if (values.family === "date" ? isDateFormat(format) : !isNumber || isDecimalFormat(format)) return format;
  throw new UnsupportedClause(parameters.pointer("format"), `the format [${format}] is not translated`);
}
