// `numeric_type` of a sort: the field's values as another type's, so that indices that map it differently sort together.
import { childPointer, type JsonObject, member } from "../../../shared/json.ts";
import { binary, call, column, type Expr, lambda, literal, param } from "../../clickhouse/sql/ast.ts";
import { fieldType } from "../../elasticsearch/fields/index.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { fieldColumn, type SeenField } from "../field_column.ts";
import { scalarText } from "../parameters.ts";

const TYPES: ReadonlySet<string> = new Set(["long", "double", "date", "date_nanos"]);
const NANOS_PER_MILLI = 1_000_000;

/** The field as `numeric_type` wants it read; the field itself without that option. */
export function asNumericType(field: SeenField, options: JsonObject, pointer: string): SeenField {
  const asked = member(options, "numeric_type");
  if (asked === undefined || asked === null) return field;
  const target = scalarText(asked).toLowerCase();
  if (!TYPES.has(target)) {
    throw new RejectedRequest("x_content_parse_exception", "[field_sort] failed to parse field [numeric_type]");
  }
  if (field.type === target) return field;
  const convert = conversion(field, target);
  if (convert === undefined) {
    throw new UnsupportedClause(childPointer(pointer, "numeric_type"), `values of type [${field.type}] have no SQL as [${target}]`);
  }
  const values = call("arrayMap", lambda(["x"], convert(column("x"))), fieldColumn(field));
  return { ...field, type: target, params: {}, read: () => values };
}

function conversion(field: SeenField, target: string): ((value: Expr) => Expr) | undefined {
  const family = fieldType(field)?.family;
  if (field.type === "date" && target === "date_nanos") return (value) => binary(value, "*", param("Int64", NANOS_PER_MILLI));
  if (field.type === "date_nanos" && target === "date")
    return (value) => call("intDiv", binary(value, "-", call("positiveModulo", value, literal(NANOS_PER_MILLI))), literal(NANOS_PER_MILLI));
  if (field.type === "unsigned_long") return undefined;
  if (family === "integer")
    return target === "double" ? (value) => call("toFloat64", value) : target === "long" ? (value) => call("toInt64", value) : undefined;
  if (family !== "floating") return undefined;
  if (target === "double") return (value) => call("toFloat64", value);
  return target === "long" ? saturated : undefined;
}

// A double beyond the longs is the nearest of them, as Java casts it.
function saturated(value: Expr): Expr {
  const beyond = (operator: ">=" | "<=", bound: bigint) => binary(value, operator, param("Float64", Number(bound)));
  const [least, greatest] = [-(2n ** 63n), 2n ** 63n - 1n];
  return call(
    "multiIf",
    beyond(">=", greatest),
    param("Int64", greatest),
    beyond("<=", least),
    param("Int64", least),
    call("toInt64", value),
  );
}
