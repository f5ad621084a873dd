// A cell of ClickHouse's answer as the doc value that it is.
import type { JsonValue } from "../../../shared/json.ts";
import type { DocValue, FieldType } from "../../elasticsearch/fields/field_type.ts";
import { double, integer } from "./cells.ts";

/** The doc value of a field of this type: bigint for integers, booleans aside, and dates. */
export function docValueCell({ family, element }: FieldType, cell: JsonValue): DocValue {
  if (family === "integer" || family === "date") return integer(cell);
  if (family === "boolean") return Number(integer(cell));
  if (family !== "floating") return String(cell);
  return element === "Float32" ? Math.fround(double(cell)) : double(cell);
}
