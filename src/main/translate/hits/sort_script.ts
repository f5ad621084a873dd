// Sorting by `_script`: a number or a text that a script makes of each document.
import { childPointer, type JsonObject, type JsonValue, member } from "../../../shared/json.ts";
import { binary, call, type Expr, literal, param } from "../../clickhouse/sql/ast.ts";
import { doubleJson } from "../../elasticsearch/fields/number_text.ts";
import type { Context } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { compileValue } from "../painless/compile.ts";
import { asDouble, asText } from "../painless/finish.ts";
import { readScript } from "../painless/source.ts";
import { parameters, textOption } from "../parameters.ts";
import { addFaults } from "../script_faults.ts";
import { descending, type SortKey, type SortPart } from "./sort.ts";

export function scriptKey(body: JsonObject, pointer: string, context: Context): SortKey {
  const options = parameters(body, pointer, "_script", ["script", "type", "order", "mode"]);
  const desc = descending(options, pointer, "asc");
  const type = textOption(options, "type", "");
  if (type !== "number" && type !== "string") {
    throw type === "version"
      ? new UnsupportedClause(childPointer(pointer, "type"), "versions made by a script have no SQL yet")
      : new RejectedRequest("illegal_argument_exception", `Unknown ScriptSortType [${type}]`);
  }
  const script = readScript(member(options, "script"), pointer);
  const { value, faults } = compileValue(script, { context, pointer }, type === "number" ? asDouble : asText);
  if (value.kind !== "leaf") throw new Error("a sort's key is one value");
  addFaults(context, pointer, faults);
  const parts = type === "number" ? numberParts(value.expr, desc) : [{ expr: value.expr, desc, after: textAfter }];
  return { kind: "field", parts, value: value.expr, present: type === "number" ? presentNumber : (cell) => cell };
}

// Elasticsearch tells -0.0 from 0.0, and takes NaN for the greatest.
function numberParts(value: Expr, desc: boolean): readonly SortPart[] {
  const sign = (of: Expr): Expr => binary(call("reinterpretAsInt64", of), ">=", literal(0));
  return [
    { expr: call("isNaN", value), desc, after: (bound) => literal(bound === "NaN" ? 1 : 0) },
    { expr: call("if", call("isNaN", value), literal(0), value), desc, after: numberAfter },
    { expr: sign(value), desc, after: (bound) => sign(numberAfter(bound)) },
  ];
}

function numberAfter(bound: JsonValue): Expr {
  if (bound === "Infinity" || bound === "-Infinity")
    return param("Float64", bound === "Infinity" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY);
  return param("Float64", bound === "NaN" ? 0 : Number(bound));
}

const textAfter = (bound: JsonValue): Expr => param("String", String(bound));

function presentNumber(cell: JsonValue): JsonValue {
  const named = { inf: Number.POSITIVE_INFINITY, "-inf": Number.NEGATIVE_INFINITY, nan: Number.NaN }[String(cell)];
  return doubleJson(named ?? Number(cell));
}
