// Runs a parsed script: doubles, booleans, null. Whole literals divide as integers in Painless, as doubles in expressions.
import { type Node, ScriptNotRead } from "./parse.ts";

export type ScriptValue = number | boolean | null;

export interface Environment {
  readonly language: "painless" | "expression";
  variable(name: string): ScriptValue;
  /** A function that is not of Math; undefined: there is none of that name. */
  call?(name: string, args: readonly Node[]): number | undefined;
}

const MATH: Readonly<Record<string, (...args: readonly number[]) => number>> = {
  abs: (x = Number.NaN) => Math.abs(x),
  ceil: (x = Number.NaN) => Math.ceil(x),
  floor: (x = Number.NaN) => Math.floor(x),
  max: (x = Number.NaN, y = Number.NaN) => Math.max(x, y),
  min: (x = Number.NaN, y = Number.NaN) => Math.min(x, y),
  pow: (x = Number.NaN, y = Number.NaN) => x ** y,
  // Java rounds halves up.
  round: (x = Number.NaN) => Math.floor(x + 0.5),
  sqrt: (x = Number.NaN) => Math.sqrt(x),
};

/** The value of a script. Throws ScriptNotRead on an unknown name or a mix of kinds. */
export function evaluate(node: Node, environment: Environment): ScriptValue {
  switch (node.kind) {
    case "number":
    case "constant":
      return node.value;
    case "variable":
      return environment.variable(node.name);
    case "unary":
      return node.op === "!" ? !truth(evaluate(node.item, environment)) : -number(evaluate(node.item, environment));
    case "choice":
      return truth(evaluate(node.test, environment)) ? evaluate(node.yes, environment) : evaluate(node.no, environment);
    case "call":
      return called(node, environment);
    case "binary":
      return binary(node, environment);
  }
}

/** Every variable of a script, so that unknown ones are found while compiling. */
export function variablesOf(node: Node): readonly string[] {
  switch (node.kind) {
    case "variable":
      return [node.name];
    case "unary":
      return variablesOf(node.item);
    case "binary":
      return [...variablesOf(node.left), ...variablesOf(node.right)];
    case "choice":
      return [...variablesOf(node.test), ...variablesOf(node.yes), ...variablesOf(node.no)];
    case "call":
      return node.args.flatMap(variablesOf);
    default:
      return [];
  }
}

/** Names of the functions that a script calls and that are not of Math. */
export function functionsOf(node: Node): readonly string[] {
  switch (node.kind) {
    case "unary":
      return functionsOf(node.item);
    case "binary":
      return [...functionsOf(node.left), ...functionsOf(node.right)];
    case "choice":
      return [...functionsOf(node.test), ...functionsOf(node.yes), ...functionsOf(node.no)];
    case "call":
      return [...(mathOf(node.name) === undefined ? [node.name] : []), ...node.args.flatMap(functionsOf)];
    default:
      return [];
  }
}

function mathOf(name: string): ((...args: readonly number[]) => number) | undefined {
  const plain = name.replace(/^Math\./, "");
  return Object.hasOwn(MATH, plain) ? MATH[plain] : undefined;
}

function called(node: Extract<Node, { kind: "call" }>, environment: Environment): ScriptValue {
  const own = environment.call?.(node.name, node.args);
  if (own !== undefined) return own;
  const run = mathOf(node.name);
  if (run === undefined) throw new ScriptNotRead(`the function [${node.name}] is not translated`);
  return run(...node.args.map((arg) => number(evaluate(arg, environment))));
}

function binary(node: Extract<Node, { kind: "binary" }>, environment: Environment): ScriptValue {
  const { op } = node;
  const left = evaluate(node.left, environment);
  if (op === "&&") return truth(left) && truth(evaluate(node.right, environment));
  if (op === "||") return truth(left) || truth(evaluate(node.right, environment));
  const right = evaluate(node.right, environment);
  if (op === "==") return left === right;
  if (op === "!=") return left !== right;
  const [a, b] = [number(left), number(right)];
  const integers = environment.language === "painless" && isWhole(node.left) && isWhole(node.right);
  switch (op) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return integers ? Math.trunc(a / b) : a / b;
    case "%":
      return a % b;
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    default:
      return a >= b;
  }
}

function isWhole(node: Node): boolean {
  switch (node.kind) {
    case "number":
      return node.whole;
    case "unary":
      return node.op === "-" && isWhole(node.item);
    case "binary":
      return isWhole(node.left) && isWhole(node.right);
    default:
      return false;
  }
}

function number(value: ScriptValue): number {
  if (typeof value === "number") return value;
  throw new ScriptNotRead(`a number was expected, not [${value}]`);
}

// Expressions have no booleans: anything but 0 holds.
function truth(value: ScriptValue): boolean {
  if (typeof value === "boolean") return value;
  if (typeof value === "number") return value !== 0;
  throw new ScriptNotRead("a condition was expected, not [null]");
}
