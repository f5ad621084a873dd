// The operators that know what a search is: verdicts, engines, aggregations.
import type { ExchangeKind } from "../../../shared/exchange.ts";
import { VERDICTS } from "../../../shared/exchange.ts";
import { PARTS_PER_EXCHANGE } from "../schema.ts";
import type { ConditionResult, Operator } from "./operator.ts";
import { eitherOf, fewValues, flag, hasPart } from "./operator.ts";
import { checkPattern, globInList, globOrItself } from "./pattern.ts";

const KINDS: readonly ExchangeKind[] = ["search", "write", "schema", "get", "admin", "other"];
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000 };

function operator(name: string, argument: string, meaning: string, condition: (argument: string) => ConditionResult): Operator {
  return Object.freeze({ name, argument, meaning, condition });
}

function oneOf(column: string, allowed: readonly string[]): (argument: string) => ConditionResult {
  return (argument) => {
    const value = argument.toLowerCase().replaceAll("-", "_");
    return allowed.includes(value) ? { where: `e.${column} = ?`, parameters: [value] } : { wrong: `One of: ${allowed.join(", ")}.` };
  };
}

/** `2x`: one side took at least twice as long as the other. `200ms`, `1s`: that side took at least so long. */
function slower(slow: string, fast: string): (argument: string) => ConditionResult {
  return (argument) => {
    const [, digits, unit = ""] = /^([0-9]+(?:\.[0-9]+)?)(x|ms|s)$/i.exec(argument) ?? [];
    if (digits === undefined) return { wrong: "A factor (2x) or a time (200ms, 1s)." };
    const value = Number(digits);
    if (unit.toLowerCase() === "x") return { where: `e.${slow} >= ? * e.${fast}`, parameters: [value] };
    return { where: `e.${slow} >= ?`, parameters: [value * (UNIT_MS[unit.toLowerCase()] ?? 1)] };
  };
}

/** Searches whose asker is that, by its name or id in X-Opaque-Id. */
function askedBy(column: "application" | "dashboard" | "panel"): (argument: string) => ConditionResult {
  const askers = `SELECT id FROM askers WHERE ${column} = ?`;
  const where = `e.id IN (SELECT s.id / ${PARTS_PER_EXCHANGE} FROM searches s WHERE s.asker IN (${askers}))`;
  const first = `e.id * ${PARTS_PER_EXCHANGE}`;
  const each = `EXISTS (SELECT 1 FROM searches s WHERE s.id BETWEEN ${first} AND ${first} + ${PARTS_PER_EXCHANGE - 1} AND s.asker IN (${askers}))`;
  return (argument) => ({ where, each, parameters: [argument] });
}

// An _msearch names its indices in its body: its searches know them.
const ITS_SEARCHES = `e.endpoint = '_msearch' AND ${hasPart("matches(?, p.index_expression)")}`;

export const OUR_OPERATORS: readonly Operator[] = Object.freeze([
  operator("verdict", "VERDICT", `how the answers compared: ${VERDICTS.join(", ")}`, oneOf("verdict", VERDICTS)),
  operator("kind", "KIND", `what is asked: ${KINDS.join(", ")}`, oneOf("kind", KINDS)),
  operator(
    "slower",
    "2x | 200ms",
    "ClickHouse took so many times as long as Elasticsearch, or so long",
    slower("clickhouse_ms", "elasticsearch_ms"),
  ),
  operator("faster", "2x", "Elasticsearch took so many times as long as ClickHouse", slower("elasticsearch_ms", "clickhouse_ms")),
  operator("index", "GLOB", "index expression, or one of its names", (glob) => ({
    where: `(${fewValues("index_expression")} OR e.id IN (SELECT e.id FROM exchanges e WHERE ${ITS_SEARCHES}))`,
    each: `(matches(?, e.index_expression) OR (${ITS_SEARCHES}))`,
    parameters: [globOrItself(glob), globInList(glob)],
  })),
  operator("agg", "TYPE", "has an aggregation of that type: terms, date_histogram, …", (type) => ({
    where: "instr(e.aggregations, ?) > 0",
    parameters: [` ${type.toLowerCase()} `],
  })),
  operator("shape", "HASH", "searches of that shape", (hash) => ({
    where: eitherOf("SELECT id FROM exchanges WHERE shape = ?", `SELECT id / ${PARTS_PER_EXCHANGE} FROM parts WHERE shape = ?`),
    each: `(e.shape = ? OR ${hasPart("p.shape = ?")})`,
    parameters: [hash, hash],
  })),
  operator("client", "REGEX", "who asked: X-Opaque-Id or user agent", (pattern) => {
    const checked = checkPattern(pattern);
    return checked.ok ? { where: "matches(?, e.client)", parameters: [pattern] } : { wrong: checked.message };
  }),
  operator("application", "NAME", "searches of that application of Kibana, or of that other client", askedBy("application")),
  operator("dashboard", "ID", "searches of that dashboard", askedBy("dashboard")),
  operator("panel", "TYPE:NAME:ID", "searches of that panel", askedBy("panel")),
  operator("note", "REGEX", "the line that says why", (pattern) => {
    const checked = checkPattern(pattern);
    return checked.ok ? { where: "matches(?, e.note)", parameters: [pattern] } : { wrong: checked.message };
  }),
  flag(
    "untranslated",
    "a search, or one of several, has a clause without exact SQL",
    eitherOf(
      "SELECT id FROM exchanges WHERE verdict = 'unsupported'",
      `SELECT id / ${PARTS_PER_EXCHANGE} FROM parts WHERE verdict = 'unsupported'`,
    ),
    `(e.verdict = 'unsupported' OR ${hasPart("p.verdict = 'unsupported'")})`,
  ),
  flag("truncated", "a body was longer than the capture limit", "e.truncated = 1"),
]);
