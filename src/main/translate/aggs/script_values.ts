// Values that a script makes for an aggregation: of a document (`script` alone), or of each value of a field (`_value`).
import { array, call, column, type Expr, lambda, literal, param, TRUE } from "../../clickhouse/sql/ast.ts";
import { fieldType } from "../../elasticsearch/fields/index.ts";
import type { Context } from "../context.ts";
import { UnsupportedClause } from "../failure.ts";
import { millisOf } from "../painless/calendar.ts";
import { compileValue } from "../painless/compile.ts";
import type { Machine } from "../painless/machine.ts";
import { castNumber, isNumeric } from "../painless/operators.ts";
import { readScript } from "../painless/source.ts";
import { textOf } from "../painless/text.ts";
import { ScriptNotRead } from "../painless/tree.ts";
import { type Leaf, leaf, type Value } from "../painless/value.ts";
import { addFaults } from "../script_faults.ts";
import type { Parameters } from "./parameters.ts";
import type { Values } from "./values.ts";

type Wanted = "String" | "double" | "long" | "boolean";

/** The script's values; `typed` says of what type, and holds the field's values where there is a field. */
export function scriptValues(parameters: Parameters, typed: Values, context: Context): Values {
  const pointer = parameters.pointer("script");
  const wanted = wantedOf(parameters, typed);
  if (wanted === undefined) throw new UnsupportedClause(pointer, `a script for values of type [${typed.field.type}] is not translated`);
  const ofField = parameters.text("field") !== undefined;
  const made = ofField ? perValue(parameters, typed, wanted, context) : perDocument(parameters, wanted, context);
  if (!ofField || wanted === "String") return { ...typed, expr: made };
  // What a script makes of numbers are doubles.
  const field = { ...typed.field, type: wanted === "long" ? typed.field.type : "double" };
  const type = fieldType(field) ?? typed.type;
  return { field, type, expr: made, element: type.element, family: type.family };
}

function wantedOf(parameters: Parameters, typed: Values): Wanted | undefined {
  const { family } = typed;
  if (parameters.text("field") !== undefined && family !== "keyword" && family !== "integer" && family !== "floating") return undefined;
  if (family === "keyword") return "String";
  if (family === "date") return "long";
  if (family === "integer") return parameters.text("field") === undefined ? "long" : "double";
  return family === "floating" ? "double" : undefined;
}

function perDocument(parameters: Parameters, wanted: Wanted, context: Context): Expr {
  const pointer = parameters.pointer("script");
  const script = readScript(parameters.value("script"), pointer);
  const { value, faults } = compileValue(script, { context, pointer }, (result, machine) =>
    machine.liftLeaf(result, (one) => listed(one, wanted, machine)),
  );
  addFaults(context, pointer, faults);
  if (value.kind !== "leaf") throw new Error("values are one list");
  return value.expr;
}

const SQL: Readonly<Record<Wanted, string>> = { String: "String", double: "Float64", long: "Int64", boolean: "UInt8" };

// Null is no value, a list several.
function listed(one: Leaf, wanted: Wanted, machine: Machine): Leaf {
  const list = (expr: Expr): Leaf => ({ ...leaf("list", expr), element: wanted });
  if (one.type === "null") return list(call("CAST", array(), literal(`Array(${SQL[wanted]})`)));
  if (one.type !== "list") return list(array(converted(one, wanted, machine)));
  const name = machine.fresh();
  const { result, faults } = machine.apart(() => converted({ ...one, type: one.element ?? "String", expr: column(name) }, wanted, machine));
  if (faults.length > 0) throw new ScriptNotRead("a list of values that may fail is not translated");
  return list(call("arrayMap", lambda([name], result), one.expr));
}

function converted(one: Leaf, wanted: Wanted, machine: Machine): Expr {
  if (wanted === "String") return textOf(one, machine);
  const to = wanted === "long" ? "long" : "double";
  if (isNumeric(one)) return castNumber(one, to, machine);
  if (one.type === "date") return castNumber(leaf("long", millisOf(one)), to, machine);
  if (one.type === "boolean") return call(`to${SQL[to]}`, one.expr);
  machine.throws(TRUE, `Unsupported script value of type [${one.type}]`);
  return param(SQL[to], 0);
}

function perValue(parameters: Parameters, typed: Values, wanted: Wanted, context: Context): Expr {
  const pointer = parameters.pointer("script");
  const script = readScript(parameters.value("script"), pointer);
  const item = "#value";
  const given = typed.family === "keyword" ? leaf("String", column(item), true) : leaf("double", call("toFloat64", column(item)), true);
  const each = (result: Value, machine: Machine): Value => machine.liftLeaf(result, (one) => leaf(wanted, converted(one, wanted, machine)));
  const { value, faults } = compileValue(script, { context, pointer, value: given }, each);
  if (value.kind !== "leaf") throw new Error("a value is one");
  addFaults(
    context,
    pointer,
    faults.map((fault) => ({ ...fault, when: call("arrayExists", lambda([item], fault.when), typed.expr) })),
  );
  return call("arrayMap", lambda([item], value.expr), typed.expr);
}
