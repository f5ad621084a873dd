// Runs the script of a pipeline on shaped values: doubles, booleans, null. Whole literals divide as integers in painless, as doubles
// in Lucene's expressions.
import { type Expression, ScriptNotRead, type Statement } from "../../painless/tree.ts";

export type ScriptValue = number | boolean | null;

export interface Environment {
  readonly language: "painless" | "expression";
  variable(name: string): ScriptValue;
  /** A function that is not of Math; undefined: there is none of that name. */
  call?(name: string, args: readonly Expression[]): number | undefined;
  /** An element of a list; undefined: there is no such list. Throws where the list ends before. */
  element?(list: string, position: number): number | undefined;
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

/** The value of a script. Throws ScriptNotRead on an unknown name, a statement that is none of a pipeline's, a mix of kinds. */
export function evaluate(script: readonly Statement[], environment: Environment): ScriptValue {
  if (script.length === 0) throw new ScriptNotRead("it is empty");
  return run(script, environment) ?? null;
}

function run(script: readonly Statement[], environment: Environment): ScriptValue | undefined {
  for (const [i, statement] of script.entries()) {
    const result = step(statement, i === script.length - 1, environment);
    if (result !== undefined) return result;
  }
  return undefined;
}

function step(statement: Statement, last: boolean, environment: Environment): ScriptValue | undefined {
  switch (statement.kind) {
    case "return":
      return statement.value === null ? null : evaluateExpression(statement.value, environment);
    case "expression": {
      const value = evaluateExpression(statement.value, environment);
      return last ? value : undefined;
    }
    case "if":
      return run(truth(evaluateExpression(statement.test, environment)) ? statement.yes : statement.no, environment);
    default:
      throw new ScriptNotRead("variables and loops are not translated here");
  }
}

/** The value of one expression. Throws ScriptNotRead. */
export function evaluateExpression(node: Expression, environment: Environment): ScriptValue {
  switch (node.kind) {
    case "number":
      return Number(node.value);
    case "constant":
      return node.value;
    case "unary":
      if (node.op === "!") return !truth(evaluateExpression(node.item, environment));
      if (node.op === "-") return -number(evaluateExpression(node.item, environment));
      break;
    case "choice":
      return evaluateExpression(truth(evaluateExpression(node.test, environment)) ? node.yes : node.no, environment);
    case "call":
      return called(node, environment);
    case "binary":
      return binary(node, environment);
    case "index": {
      const list = variableName(node) === undefined ? variableName(node.of) : undefined;
      const found = list === undefined ? undefined : environment.element?.(list, number(evaluateExpression(node.at, environment)));
      if (found !== undefined) return found;
      break;
    }
    default:
      break;
  }
  const name = variableName(node);
  if (name === undefined) throw new ScriptNotRead("it does what is not translated here");
  return environment.variable(name);
}

/** `x`, `params.x` and `params['x']` by name; undefined for what is no variable. */
export function variableName(node: Expression): string | undefined {
  if (node.kind === "name") return node.name;
  if (node.kind === "member" && node.of.kind === "name" && !node.safe) return `${node.of.name}.${node.name}`;
  if (node.kind !== "index" || node.of.kind !== "name" || node.of.name !== "params") return undefined;
  return node.at.kind === "string" ? `params.${node.at.value}` : undefined;
}

/** Every variable of a script, so that unknown ones are found while compiling. */
export function variablesOf(script: readonly Statement[]): readonly string[] {
  return expressionsOf(script).flatMap((node) => variableName(node) ?? []);
}

/** Names of the functions that a script calls and that are not of Math. */
export function functionsOf(script: readonly Statement[]): readonly string[] {
  return expressionsOf(script).flatMap((node) =>
    node.kind === "call" && mathOf(functionName(node)) === undefined ? [functionName(node)] : [],
  );
}

// All parts of a script, but not the names that are parts of longer ones.
function expressionsOf(script: readonly Statement[]): readonly Expression[] {
  return script.flatMap((statement) => {
    if (statement.kind === "if") return [...partsOf(statement.test), ...expressionsOf(statement.yes), ...expressionsOf(statement.no)];
    if (statement.kind === "expression" || statement.kind === "return") return statement.value === null ? [] : partsOf(statement.value);
    throw new ScriptNotRead("variables and loops are not translated here");
  });
}

function partsOf(node: Expression): readonly Expression[] {
  if (variableName(node) !== undefined) return [node];
  switch (node.kind) {
    case "unary":
      return [node, ...partsOf(node.item)];
    case "binary":
      return [node, ...partsOf(node.left), ...partsOf(node.right)];
    case "choice":
      return [node, ...partsOf(node.test), ...partsOf(node.yes), ...partsOf(node.no)];
    case "call":
      return [node, ...node.args.flatMap(partsOf)];
    case "index":
      return [...partsOf(node.of), ...partsOf(node.at)];
    case "number":
    case "constant":
      return [node];
    default:
      throw new ScriptNotRead("it does what is not translated here");
  }
}

type Call = Extract<Expression, { kind: "call" }>;

function functionName({ of, name }: Call): string {
  if (of === null) return name;
  const owner = variableName(of);
  if (owner === undefined) throw new ScriptNotRead(`the method [${name}] is not translated here`);
  return `${owner}.${name}`;
}

function mathOf(name: string): ((...args: readonly number[]) => number) | undefined {
  const plain = name.replace(/^Math\./, "");
  return Object.hasOwn(MATH, plain) ? MATH[plain] : undefined;
}

function called(node: Call, environment: Environment): ScriptValue {
  const name = functionName(node);
  const own = environment.call?.(name, node.args);
  if (own !== undefined) return own;
  const math = mathOf(name);
  if (math === undefined) throw new ScriptNotRead(`the function [${name}] is not translated`);
  return math(...node.args.map((arg) => number(evaluateExpression(arg, environment))));
}

function binary(node: Extract<Expression, { kind: "binary" }>, environment: Environment): ScriptValue {
  const { op } = node;
  const left = evaluateExpression(node.left, environment);
  if (op === "&&") return truth(left) && truth(evaluateExpression(node.right, environment));
  if (op === "||") return truth(left) || truth(evaluateExpression(node.right, environment));
  if (op === "?:") return left ?? evaluateExpression(node.right, environment);
  const right = evaluateExpression(node.right, environment);
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
    case ">=":
      return a >= b;
    default:
      throw new ScriptNotRead(`[${op}] is not translated here`);
  }
}

function isWhole(node: Expression): boolean {
  switch (node.kind) {
    case "number":
      return node.type === "int" || node.type === "long";
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
