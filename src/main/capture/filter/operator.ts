// One operator of the filter language: its spelling, its meaning for the completion, and its condition in SQL.
import { PARTS_PER_EXCHANGE } from "../schema.ts";

export interface Condition {
  /** Over `exchanges e`; every value is a `?`. */
  readonly where: string;
  /** As in Filter. @default `where` */
  readonly each?: string;
  readonly parameters: readonly (string | number)[];
  /** True when it reads bodies or headers, or what else is no column. */
  readonly scans?: boolean;
  /** A pattern on the URL and nothing else: many of them are searched for at once. */
  readonly url?: string;
}

export type ConditionResult = Condition | { readonly wrong: string };

export interface Operator {
  /** Without the tilde. */
  readonly name: string;
  /** What follows it, for the completion: `REGEX`, `VERDICT`; "" when nothing does. */
  readonly argument: string;
  readonly meaning: string;
  /** `wrong` is said of the argument. */
  condition(argument: string): ConditionResult;
}

/** An operator without an argument. */
export function flag(name: string, meaning: string, where: string, each = where): Operator {
  return Object.freeze({ name, argument: "", meaning, condition: () => ({ where, each, parameters: [] }) });
}

/** Exchanges that have a part (`parts p`) of that kind. */
export function hasPart(where: string): string {
  const last = PARTS_PER_EXCHANGE - 1;
  const ids = `e.id * ${PARTS_PER_EXCHANGE} AND e.id * ${PARTS_PER_EXCHANGE} + ${last}`;
  return `EXISTS (SELECT 1 FROM parts p WHERE p.id BETWEEN ${ids} AND ${where})`;
}

/** A pattern (one `?`) on a column with an index and few values: each value is looked at once, however many rows have it. */
export function fewValues(column: "method" | "index_expression"): string {
  const next = `SELECT min(${column}) FROM exchanges WHERE ${column} > value`;
  const values = `WITH RECURSIVE own (value) AS (SELECT min(${column}) FROM exchanges UNION ALL SELECT (${next}) FROM own WHERE value IS NOT NULL)`;
  return `e.${column} IN (${values} SELECT value FROM own WHERE value IS NOT NULL AND matches(?, value))`;
}

/** Exchanges whose ids either query gives, each by an index of its own. */
export function eitherOf(one: string, other: string): string {
  return `e.id IN (${one} UNION ${other})`;
}
