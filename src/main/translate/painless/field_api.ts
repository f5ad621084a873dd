// The `field('x')` API: a value or a default, with the field's own width.
import { call, column, type Expr, lambda, literal } from "../../clickhouse/sql/ast.ts";
import { findField } from "../../elasticsearch/mapping.ts";
import { quietFieldOf } from "../context.ts";
import { docField } from "./document.ts";
import type { Machine } from "./machine.ts";
import { callMethod } from "./methods.ts";
import { ScriptNotRead } from "./tree.ts";
import { constant, type Leaf, leaf, merge, NULL, negated, type Value } from "./value.ts";

const NARROW: Readonly<Record<string, readonly ["int" | "float", string]>> = {
  integer: ["int", "toInt32"],
  short: ["int", "toInt32"],
  byte: ["int", "toInt32"],
  float: ["float", "toFloat32"],
  half_float: ["float", "toFloat32"],
};

/** `field(path).name(args)`. Throws ScriptNotRead. */
export function fieldValue(path: string, name: string, args: readonly Value[], machine: Machine): Value {
  const { context, pointer } = machine.around;
  if (quietFieldOf(context, path, pointer) === undefined) return withoutField(path, name, args, machine);
  if (context.tables.some(({ mapping }) => findField(mapping, path) === undefined)) {
    throw new ScriptNotRead(`[${path}] is mapped in some of the indices only`);
  }
  const values = narrowed(docField(path, machine));
  const [first, second] = args;
  switch (name) {
    case "get": {
      const at = second === undefined ? constant("int", 0) : first;
      const fallback = second ?? first;
      if (fallback === undefined || at?.kind !== "leaf" || typeof at.constant !== "number") break;
      const has = call("greater", call("length", values.expr), literal(at.constant));
      const unit = values.unit === undefined ? {} : { unit: values.unit };
      const value: Leaf = {
        ...leaf(values.element ?? "String", call("arrayElement", values.expr, literal(at.constant + 1)), true),
        ...unit,
      };
      return merge(has, value, asDefault(fallback, value));
    }
    case "size":
    case "isEmpty":
      return callMethod(values, name, [], machine);
    case "exists":
      return leaf("boolean", negated(call("empty", values.expr)));
    default:
      break;
  }
  throw new ScriptNotRead(`[${name}] of a field is not translated`);
}

// A default is of the field's own type: `field('l').get(0)` is a long.
function asDefault(fallback: Value, value: Leaf): Value {
  if (fallback.kind !== "leaf" || fallback.type === "null" || fallback.type === value.type) return fallback;
  const sql = { long: "toInt64", double: "toFloat64", float: "toFloat32" }[value.type as string];
  if (sql === undefined || !["int", "long", "float"].includes(fallback.type)) {
    throw new ScriptNotRead(`a default of another type than the field's [${value.type}] is not translated`);
  }
  return leaf(value.type, call(sql, fallback.expr), true);
}

function withoutField(path: string, name: string, args: readonly Value[], machine: Machine): Value {
  if (findField(machine.around.context.mapping, path) !== undefined) throw new ScriptNotRead(`[${path}] is inside a nested object`);
  if (name === "get") return args.at(-1) ?? NULL;
  if (name === "size") return constant("int", 0);
  if (name === "isEmpty" || name === "exists") return constant("boolean", name === "isEmpty");
  throw new ScriptNotRead(`[${name}] of a field is not translated`);
}

function narrowed(values: Leaf): Leaf {
  const own = values.field?.type ?? "";
  if (own === "ip") throw new ScriptNotRead("field() of an ip is not translated");
  const to = Object.hasOwn(NARROW, own) ? NARROW[own] : undefined;
  if (to === undefined) return values;
  const each: Expr = lambda(["value"], call(to[1], column("value")));
  return { ...values, element: to[0], expr: call("arrayMap", each, values.expr) };
}
