// Expressions of a script as values: names, calls, properties, operators. Statements are in execute.ts.
import type { JsonObject } from "../../../shared/json.ts";
import { call, type Expr, FALSE, TRUE } from "../../clickhouse/sql/ast.ts";
import { CLASSES, callStatic, classMember } from "./classes.ts";
import { docField, isMapped, listOfLeaves, paramOf } from "./document.ts";
import { fieldValue } from "./field_api.ts";
import { clickhousePattern, groupNumber } from "./java_regex.ts";
import type { Machine } from "./machine.ts";
import { callMethod, groupOf, itemAt, matches, property } from "./methods.ts";
import { castNumber, isNumeric, negate, operate } from "./operators.ts";
import { str, textOf } from "./text.ts";
import { type Expression, type NumberType, ScriptNotRead } from "./tree.ts";
import { both, constant, either, type Leaf, leaf, merge, NULL, negated, type Value } from "./value.ts";

/** What names mean at a place of the script. */
export interface Scope {
  readonly variables: ReadonlyMap<string, Value>;
  readonly params: JsonObject;
}

/** The value of an expression. Throws ScriptNotRead. */
export function evaluate(node: Expression, scope: Scope, machine: Machine): Value {
  switch (node.kind) {
    case "number":
      return constant(node.type, node.value);
    case "string":
      return constant("String", node.value);
    case "constant":
      return node.value === null ? NULL : constant("boolean", node.value);
    case "regex":
      return regexOf(node.pattern, node.flags);
    case "name":
      return named(node.name, scope, machine);
    case "member":
      return machine.lift(evaluate(node.of, scope, machine), (of) => memberOf(of, node.name, node.safe, machine));
    case "index":
      return indexed(evaluate(node.of, scope, machine), evaluate(node.at, scope, machine), machine);
    case "call":
      return called(node, scope, machine);
    case "list":
      return listOfLeaves(node.items.map((item) => leafOf(evaluate(item, scope, machine))));
    case "unary":
      if (node.op === "!") return leaf("boolean", negated(condition(node.item, scope, machine)));
      return negate(node.op, evaluate(node.item, scope, machine), machine);
    case "binary":
      return binaryOf(node, scope, machine);
    case "choice":
      return choiceOf(node, scope, machine);
    case "cast":
      return cast(node.type, evaluate(node.item, scope, machine), machine);
    case "instanceof":
      return instanceOf(node.type, evaluate(node.item, scope, machine), machine);
    case "lambda":
      return { kind: "lambda", names: node.names, body: node.body };
    case "new":
      throw new ScriptNotRead(`[new ${node.type}] is not translated`);
    case "map":
      throw new ScriptNotRead("a map is not translated");
    case "assign":
      throw new ScriptNotRead("an assignment inside an expression is not translated");
  }
}

/** An expression that says yes or no. */
export function condition(node: Expression, scope: Scope, machine: Machine): Expr {
  return truthOf(evaluate(node, scope, machine), machine);
}

export function truthOf(value: Value, machine: Machine): Expr {
  const truth = machine.liftLeaf(value, (one) => {
    if (one.type === "boolean") return leaf("boolean", one.constant === true ? TRUE : one.constant === false ? FALSE : one.expr);
    if (one.type !== "null") throw new ScriptNotRead(`a ${one.type} is no condition`);
    machine.throws(TRUE, "null is no condition");
    return leaf("boolean", FALSE);
  });
  return leafOf(truth).expr;
}

function leafOf(value: Value): Leaf {
  if (value.kind !== "leaf") throw new ScriptNotRead(`a ${value.kind} is no value here`);
  return value;
}

function regexOf(source: string, flags: string): Value {
  return { kind: "regex", ...clickhousePattern(source, flags) };
}

function named(name: string, scope: Scope, machine: Machine): Value {
  const variable = scope.variables.get(name);
  if (variable !== undefined) return variable;
  if (name === "doc") return { kind: "doc" };
  if (name === "params") return { kind: "params", values: scope.params };
  if (name === "_value" && machine.around.value !== undefined) return machine.around.value;
  if (name === "_score") {
    if (machine.around.score === undefined) throw new ScriptNotRead("[_score] is not known here");
    return leaf("double", machine.around.score);
  }
  if (CLASSES.has(name)) return { kind: "class", name };
  throw new ScriptNotRead(`[${name}] is not translated`);
}

function memberOf(of: Exclude<Value, { kind: "choice" }>, name: string, safe: boolean, machine: Machine): Value {
  switch (of.kind) {
    case "doc":
      return docField(name, machine);
    case "params":
      return paramOf(of.values, name);
    case "class":
      return classMember(of.name, name);
    case "found":
      return of.values.get(name) ?? NULL;
    case "leaf":
      if (safe && of.type === "null") return NULL;
      return typedAtRunTime(of, property(of, name, machine));
    default:
      throw new ScriptNotRead(`[${name}] of a ${of.kind} is not translated`);
  }
}

function indexed(of: Value, at: Value, machine: Machine): Value {
  return machine.lift(of, (one) => {
    const key = at.kind === "leaf" ? at : NULL;
    if (one.kind === "leaf" && one.type === "list") return itemAt(one, key, machine);
    if (typeof key.constant !== "string") throw new ScriptNotRead("a name that is computed is not translated");
    return memberOf(one, key.constant, false, machine);
  });
}

function called(node: Extract<Expression, { kind: "call" }>, scope: Scope, machine: Machine): Value {
  const args = node.args.map((arg) => evaluate(arg, scope, machine));
  if (node.of === null) return functionOf(node.name, args, machine);
  return machine.lift(evaluate(node.of, scope, machine), (of) => methodOf(of, node.name, args, node.safe, machine));
}

function functionOf(name: string, args: readonly Value[], machine: Machine): Value {
  const [first, second] = args;
  const path = first?.kind === "leaf" && typeof first.constant === "string" ? first.constant : undefined;
  if (name === "field" && path !== undefined) return { kind: "field", path };
  if (name === "$" && path !== undefined && second !== undefined) return fieldValue(path, "get", [second], machine);
  if (name === "saturation" && machine.around.rounded === true && first !== undefined && second !== undefined) {
    const value = operate("*", first, constant("double", 1), machine);
    return operate("/", value, operate("+", second, value, machine), machine);
  }
  throw new ScriptNotRead(`the function [${name}] is not translated`);
}

function methodOf(of: Exclude<Value, { kind: "choice" }>, name: string, args: readonly Value[], safe: boolean, machine: Machine): Value {
  const [first] = args;
  const key = first?.kind === "leaf" && typeof first.constant === "string" ? first.constant : undefined;
  switch (of.kind) {
    case "doc":
      if (key !== undefined && name === "containsKey") return isMapped(key, machine);
      if (key !== undefined && name === "get") return docField(key, machine);
      break;
    case "params":
      if (key !== undefined && name === "get") return paramOf(of.values, key);
      if (key !== undefined && name === "containsKey") return constant("boolean", Object.hasOwn(of.values, key));
      break;
    case "class":
      return callStatic(of.name, name, args, machine);
    case "field":
      return fieldValue(of.path, name, args, machine);
    case "found":
      if (key !== undefined && name === "get") return of.values.get(key) ?? NULL;
      break;
    case "regex":
      return matcher(of, name, args, machine);
    case "leaf":
      if (safe && of.type === "null") return NULL;
      return onLeaf(of, name, args, machine);
    default:
      break;
  }
  throw new ScriptNotRead(`[${name}] of a ${of.kind} is not translated`);
}

function onLeaf(of: Leaf, name: string, args: readonly Value[], machine: Machine): Value {
  const choice = args.findIndex((arg) => arg.kind === "choice");
  const arg = args[choice];
  if (arg === undefined) return typedAtRunTime(of, callMethod(of, name, args, machine));
  return machine.lift(arg, (one) => onLeaf(of, name, args.with(choice, one), machine));
}

// What a method of a def gives is a def.
function typedAtRunTime(of: Leaf, result: Value): Value {
  return of.def && result.kind === "leaf" && !result.def ? { ...result, def: true } : result;
}

function matcher(of: Extract<Value, { kind: "regex" }>, name: string, args: readonly Value[], machine: Machine): Value {
  const [first] = args;
  if (name === "matcher" && first !== undefined) {
    return machine.liftLeaf(first, (text) => ({ ...of, text: { ...text, expr: textOf(text, machine) } }) as const);
  }
  if (of.text === undefined) throw new ScriptNotRead(`[${name}] of a pattern is not translated`);
  const text = sought(of, of.text, machine);
  if (name === "find" && args.length === 0) return matches(text, of.pattern, false);
  if (name === "matches") return matches(text, of.pattern, true);
  if (name === "group") return group(of, text, first, machine);
  throw new ScriptNotRead(`[${name}] of a matcher is not translated`);
}

function group(of: Extract<Value, { kind: "regex" }>, text: Leaf, which: Value | undefined, machine: Machine): Value {
  const key = which?.kind === "leaf" ? which.constant : 0;
  const number = typeof key === "string" ? groupNumber(of.pattern, key) : Number(key ?? 0);
  if (number === undefined) throw new ScriptNotRead(`the pattern has no group [${String(key)}]`);
  machine.throws(negated(matches(text, of.pattern, false).expr), "No match found");
  const found = leaf("String", groupOf(text, of.pattern, number));
  machine.unknown(call("empty", found.expr), "a group that is empty may have taken no part in the match");
  return { ...found, def: true };
}

function sought(of: Extract<Value, { kind: "regex" }>, text: Leaf, machine: Machine): Leaf {
  if (of.lines === true) {
    machine.unknown(
      call("match", text.expr, str("[\\n\\r\\x{85}\\x{2028}\\x{2029}]")),
      "ends of lines are others for Java's regular expressions",
    );
  }
  return text;
}

function binaryOf(node: Extract<Expression, { kind: "binary" }>, scope: Scope, machine: Machine): Value {
  const { op } = node;
  if (op === "&&" || op === "||") {
    const left = condition(node.left, scope, machine);
    const right = machine.under(op === "&&" ? left : negated(left), () => condition(node.right, scope, machine));
    return leaf("boolean", op === "&&" ? both(left, right) : either(left, right));
  }
  const left = evaluate(node.left, scope, machine);
  if (op === "?:") {
    return machine.lift(left, (one) => (one.kind === "leaf" && one.type === "null" ? evaluate(node.right, scope, machine) : one));
  }
  const right = evaluate(node.right, scope, machine);
  if (op !== "=~" && op !== "==~") return operate(op, left, right, machine);
  if (right.kind !== "regex") throw new ScriptNotRead(`[${op}] takes a regular expression`);
  return machine.liftLeaf(left, (text) => {
    if (text.type !== "String") return callMethod(text, op, [], machine);
    return matches(sought(right, text, machine), right.pattern, op === "==~");
  });
}

function choiceOf(node: Extract<Expression, { kind: "choice" }>, scope: Scope, machine: Machine): Value {
  const test = condition(node.test, scope, machine);
  if (test === TRUE) return evaluate(node.yes, scope, machine);
  if (test === FALSE) return evaluate(node.no, scope, machine);
  const yes = machine.under(test, () => evaluate(node.yes, scope, machine));
  const no = machine.under(negated(test), () => evaluate(node.no, scope, machine));
  for (const [one, other] of [
    [yes, no],
    [no, yes],
  ] as const) {
    if (one.kind === "leaf" && one.type === "null" && other.kind === "leaf" && !other.def && PRIMITIVES.has(other.type)) {
      throw new ScriptNotRead(`a choice of ${other.type} and null does not compile`);
    }
  }
  // Two static numbers are promoted to one type; def keeps what each is.
  const promoted = yes.kind === "leaf" && no.kind === "leaf" && isNumeric(yes) && isNumeric(no) && !yes.def && !no.def;
  if (!promoted || yes.type === no.type) return merge(test, yes, no);
  const to = (["double", "float", "long", "int"] as const).find((type) => yes.type === type || no.type === type) ?? "double";
  return merge(test, leaf(to, castNumber(yes, to, machine)), leaf(to, castNumber(no, to, machine)));
}

const PRIMITIVES = new Set<string>(["boolean", "int", "long", "float", "double", "char"]);

const BOXES: Readonly<Record<string, string>> = { Integer: "int", Long: "long", Double: "double", Float: "float", Boolean: "boolean" };

/** `(type) value`, also what a declaration of that type does to numbers that fit. */
export function cast(type: string, value: Value, machine: Machine): Value {
  const to = Object.hasOwn(BOXES, type) ? (BOXES[type] ?? type) : type;
  if (to === "def" || to === "Object") return value.kind === "leaf" ? { ...value, def: true } : value;
  return machine.lift(value, (one) => {
    if (one.kind !== "leaf") {
      if (to === "Matcher" || to === "Map" || to === "Pattern" || to === "ZoneId") return one;
      throw new ScriptNotRead(`a ${one.kind} is not cast to [${type}]`);
    }
    if (one.type === "null" && !isNumberType(to) && to !== "boolean") return one;
    if (isNumberType(to) && isNumeric(one)) {
      const same = typeof one.constant === "number" && to === "double" ? { constant: one.constant } : {};
      return { ...leaf(to, castNumber(one, to, machine)), ...same };
    }
    if (one.type === to || (to === "ZonedDateTime" && one.type === "date") || (to === "List" && one.type === "list")) {
      return { ...one, def: false };
    }
    if (to === "char" && typeof one.constant === "string" && one.constant.length === 1) return { ...one, type: "char" };
    if (to === "Number" && isNumeric(one)) return { ...one, def: true };
    if (!one.def) throw new ScriptNotRead(`a ${one.type} is not cast to [${type}]`);
    machine.throws(TRUE, `a ${one.type} is no [${type}]`);
    return NULL;
  });
}

export function isNumberType(type: string): type is NumberType {
  return type === "int" || type === "long" || type === "float" || type === "double";
}

function instanceOf(type: string, value: Value, machine: Machine): Value {
  const to = Object.hasOwn(BOXES, type) ? (BOXES[type] ?? type) : type;
  const known = isNumberType(to) || ["boolean", "String", "Number", "List", "ZonedDateTime"].includes(to);
  if (!known) throw new ScriptNotRead(`[instanceof ${type}] is not translated`);
  return machine.liftLeaf(value, (one) => {
    if (to === "Number") return constant("boolean", isNumeric(one));
    if (to === "List") return constant("boolean", one.type === "list");
    return constant("boolean", to === "ZonedDateTime" ? one.type === "date" : one.type === to);
  });
}
