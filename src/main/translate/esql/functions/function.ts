// What a function of ES|QL is here: one entry of a table.
import { refused, type Scope, textAt } from "../scope.ts";
import type { Expression } from "../tree.ts";
import { type EsqlType, isNumeric, isText, isWhole, nullOf, type Value } from "../value.ts";

export interface Call {
  readonly node: Extract<Expression, { kind: "call" }>;
  readonly scope: Scope;
  analyze(node: Expression): Value;
}

export type FunctionDefinition =
  | {
      readonly kind: "scalar";
      /** Least and greatest number of arguments. */
      readonly arguments: readonly [number, number];
      compile(args: readonly Value[], call: Call): Value;
    }
  | { readonly kind: "search"; readonly arguments: readonly [number, number] };

export type Compile = (args: readonly Value[], call: Call) => Value;

export const MANY = Number.POSITIVE_INFINITY;

/** An entry of the table. */
export function scalar(least: number, most: number, compile: Compile): FunctionDefinition {
  return { kind: "scalar", arguments: [least, most], compile };
}

type Kind = "numeric" | "whole" | "text" | "date" | "boolean" | "ip";

const KINDS: Readonly<Record<Kind, (type: EsqlType) => boolean>> = {
  numeric: isNumeric,
  whole: isWhole,
  text: isText,
  date: (type) => type === "date" || type === "date_nanos",
  boolean: (type) => type === "boolean",
  ip: (type) => type === "ip",
};
const WORDS: Readonly<Record<Kind, string>> = {
  numeric: "numeric",
  whole: "whole number except counter types",
  text: "string",
  date: "datetime",
  boolean: "boolean",
  ip: "ip",
};
const ORDINALS = ["first", "second", "third", "fourth", "fifth"];

/** Throws where an argument is of another kind; null is of every kind. */
export function expect(args: readonly Value[], kinds: readonly Kind[], call: Call): void {
  args.forEach((arg, i) => {
    const kind = kinds[Math.min(i, kinds.length - 1)];
    if (kind === undefined || arg.type === "null" || KINDS[kind](arg.type)) return;
    const which = args.length > 1 ? `${ORDINALS[i] ?? ""} argument` : "argument";
    const node = call.node.args[i] ?? call.node;
    const found = `found value [${textAt(call.scope, node)}] type [${arg.type}]`;
    throw refused(call.scope, call.node, `${which} of [${textAt(call.scope, call.node)}] must be [${WORDS[kind]}], ${found}`);
  });
}

/** The argument at a place, or null of no type. */
export function argument(args: readonly Value[], index: number): Value {
  return args[index] ?? nullOf("null");
}

/** True when any argument is the null of the query's text: so is the result. */
export function anyNull(args: readonly Value[]): boolean {
  return args.some(({ type }) => type === "null");
}
