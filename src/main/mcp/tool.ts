// What a tool is: a name and a schema for whoever calls it, and requests of the contract behind it.
import type { AnswerOf, RequestName, RequestOf } from "../../shared/contract.ts";
import { isNumber, isObject, type JsonObject, type JsonValue, jsonObject, member } from "../../shared/json.ts";
import { LIST_ITEMS, pageOf } from "./bounds.ts";

/** Asks the engine, in this process or over HTTP. Throws with a message for people. */
export type Ask = <N extends RequestName>(name: N, request: RequestOf<N> & JsonObject) => Promise<AnswerOf<N>>;

export interface Parameter {
  readonly type: "string" | "integer" | "object";
  readonly description: string;
  readonly optional?: true;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly values?: readonly string[];
}

export interface ToolAnswer {
  readonly value: unknown;
  /** What is handed out as it is, after the JSON of `value`; bounded by the tool itself. */
  readonly text?: string;
}

export interface Tool {
  readonly name: string;
  readonly title: string;
  /** What it gives, and how to get more of it. */
  readonly description: string;
  /** The request of the contract behind it: one that writes is offered only where writes are allowed. */
  readonly request: RequestName;
  /** It only asks, though its request can write: offered wherever tools are. */
  readonly reads?: true;
  readonly parameters: Readonly<Record<string, Parameter>>;
  run(input: JsonObject, ask: Ask): Promise<ToolAnswer>;
}

export const OFFSET: Parameter = {
  type: "integer",
  description: "How many to leave out first: `next` of the last answer.",
  optional: true,
};
export const LIMIT: Parameter = {
  type: "integer",
  description: `How many at most (1 to ${LIST_ITEMS}, 50 if absent).`,
  optional: true,
  minimum: 1,
  maximum: LIST_ITEMS,
};
export const EXCHANGE: Parameter = { type: "integer", description: "Id of the exchange, as list_exchanges gives it." };

/** JSON Schema of a tool's input. */
export function inputSchema({ parameters }: Tool): JsonObject {
  const properties = Object.entries(parameters).map(([name, { type, description, minimum, maximum, values }]) => {
    const bounds = type === "integer" ? { minimum: minimum ?? 0, ...(maximum === undefined ? {} : { maximum }) } : {};
    const schema: JsonObject = { type, description, ...bounds, ...(values === undefined ? {} : { enum: [...values] }) };
    return [name, schema] as const;
  });
  const required = Object.keys(parameters).filter((name) => parameters[name]?.optional !== true);
  return { type: "object", properties: jsonObject(properties), required, additionalProperties: false };
}

/** "" when `input` fits the tool, else what is wrong with which of its members. */
export function problemOf({ name, parameters }: Tool, input: JsonObject): string {
  const extra = Object.keys(input).find((key) => !Object.hasOwn(parameters, key));
  if (extra !== undefined) return `${name} takes no "${extra}"; it takes ${Object.keys(parameters).join(", ") || "nothing"}.`;
  for (const [key, parameter] of Object.entries(parameters)) {
    const value = member(input, key);
    if (value === undefined && parameter.optional === true) continue;
    if (value === undefined) return `${name} needs "${key}": ${parameter.description}`;
    if (!fits(value, parameter)) return `"${key}" of ${name} must be ${wanted(parameter)}.`;
  }
  return "";
}

function fits(value: JsonValue, { type, minimum = 0, maximum = Number.MAX_SAFE_INTEGER, values }: Parameter): boolean {
  if (type === "object") return isObject(value);
  if (type === "string") return typeof value === "string" && (values === undefined || values.includes(value));
  return typeof value === "number" && Number.isInteger(value) && value >= minimum && value <= maximum;
}

function wanted({ type, minimum = 0, maximum, values }: Parameter): string {
  if (type === "object") return "an object";
  if (values !== undefined) return `one of ${values.join(", ")}`;
  if (type === "string") return "a string";
  return `a whole number ${maximum === undefined ? `from ${minimum}` : `from ${minimum} to ${maximum}`}`;
}

/** An argument that is a string; "" where it is absent. */
export function textIn(input: JsonObject, name: string): string {
  const value = member(input, name);
  return typeof value === "string" ? value : "";
}

/** An argument that is a whole number. */
export function integerIn(input: JsonObject, name: string, absent: number): number {
  const value = member(input, name);
  return isNumber(value) ? Number(value) : absent;
}

/** The part of `items` that offset and limit ask for. */
export function pageIn(items: readonly unknown[], input: JsonObject): ReturnType<typeof pageOf> {
  return pageOf(items, integerIn(input, "offset", 0), integerIn(input, "limit", 50));
}
