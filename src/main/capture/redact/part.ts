// One search of an exchange without what was chosen: its body, ClickHouse's answer, the parameters of its statements, its differences.

import type { Comparison, Difference, RuleUse, SearchPart, StatementRun } from "../../../shared/exchange.ts";
import { isObject, type JsonValue, parseJson } from "../../../shared/json.ts";
import { REDACTED } from "../redaction.ts";
import type { Asked } from "./asked.ts";
import { askedIn, editsOfAnswer, editsOfRequest } from "./body.ts";
import { redactedDifference } from "./difference.ts";
import { applied, type Edit } from "./edits.ts";
import { type Count, redactedText } from "./head.ts";
import type { RedactionRules } from "./rules.ts";
import type { Found } from "./take_out.ts";

export type Gathered = Omit<Found, "edits">;

/** `gathered`: what the whole exchange had taken out so far; its values are taken out of all that is said of them. */
export function redactedPart(part: SearchPart, path: string, rules: RedactionRules, gathered: Gathered, count: Count): SearchPart {
  const own: Gathered = { ...gathered, pointers: [] };
  const take = (text: string, edits: readonly Edit[]): string => (edits.length === 0 ? text : applied(text, edits));
  const [asked] = askedIn(part.body, "_search", rules.fields);
  const body = rules.bodies.has("request") ? `"${REDACTED}"` : take(part.body, editsOfRequest(part.body, path, rules, own));
  const readable = readObject(part.body);
  const asks = { pointers: own.pointers, all: rules.bodies.has("request") || (rules.fields.any && !readable) };
  const answered = (text: string): string => {
    const edits = editsOfAnswer(text, path, rules, asked === undefined ? [] : [asked], { ...gathered, pointers: [] });
    for (const { by } of edits) count(by);
    return take(text, edits);
  };
  // Its pointers name buckets by their keys.
  const { clickhouse, second, leeway: _, ...rest } = part;
  const kept = !rules.bodies.has("answers");
  return {
    ...rest,
    body,
    clickhouse: kept && clickhouse !== null ? answered(clickhouse) : null,
    ...(kept && second !== undefined ? { second: { ...second, elasticsearch: answered(second.elasticsearch) } } : {}),
    statements: part.statements.map((statement) => redactedStatement(statement, asks, rules, gathered, count)),
    comparison: redactedComparison(part.comparison, asked, rules, gathered, count),
  };
}

function readObject(text: string): boolean {
  try {
    const value: JsonValue = parseJson(text);
    return isObject(value);
  } catch {
    return false;
  }
}

interface Asks {
  readonly pointers: readonly string[];
  /** Any parameter may hold what is to go. */
  readonly all: boolean;
}

function redactedStatement(run: StatementRun, asks: Asks, rules: RedactionRules, gathered: Gathered, count: Count): StatementRun {
  const params = run.params.map((param) => {
    const taken = asks.all || gathered.values.has(param.value) || isOf(run, param.name, asks.pointers);
    if (taken) {
      count(rules.bodies.has("request") ? "body request" : `field ${rules.fields.first}`);
      return { ...param, value: REDACTED };
    }
    return { ...param, value: redactedText(swept(param.value, gathered), rules, count) };
  });
  const said = (text: string): string => redactedText(swept(text, gathered), rules, count);
  return { ...run, params, sql: sameLength(run, gathered), error: run.error === null ? null : asks.all ? REDACTED : said(run.error) };
}

/** True where the piece of SQL that a parameter stands in came from a clause with something taken out. */
function isOf({ sql, spans }: StatementRun, name: string, pointers: readonly string[]): boolean {
  if (pointers.length === 0) return false;
  for (let at = sql.indexOf(`{${name}:`); at >= 0; at = sql.indexOf(`{${name}:`, at + 1)) {
    const around = spans.filter(({ start, end }) => start <= at && at < end);
    const inner = around.toSorted((a, b) => a.end - a.start - (b.end - b.start))[0];
    if (inner !== undefined && pointers.some((pointer) => isAbove(inner.pointer, pointer) || isAbove(pointer, inner.pointer))) return true;
  }
  return false;
}

function isAbove(outer: string, inner: string): boolean {
  return inner === outer || inner.startsWith(`${outer}/`);
}

// Values are parameters; should one stand in the text after all, offsets into it would be others.
function sameLength({ sql }: StatementRun, { values }: Gathered): string {
  let text = sql;
  for (const value of values) if (isTelling(value) && text.includes(`'${value}'`)) text = text.replaceAll(value, "x".repeat(value.length));
  return text;
}

function redactedComparison(
  comparison: Comparison,
  asked: Asked | undefined,
  rules: RedactionRules,
  gathered: Gathered,
  count: Count,
): Comparison {
  let reason = swept(comparison.reason, gathered);
  const paths = new Map<string, string>();
  const differences = comparison.differences.map((difference): Difference => {
    const redacted = redactedDifference(difference, asked, rules, gathered.standIns);
    paths.set(difference.path, swept(redacted.path, gathered));
    const sides = [difference.elasticsearch, difference.clickhouse].filter((value) => value !== null);
    if (redacted.taken) {
      count("differences");
      for (const value of sides) if (bare(value).length > 1) reason = reason.replaceAll(bare(value), REDACTED);
    }
    reason = reason.replaceAll(difference.path, swept(redacted.path, gathered));
    const value = (text: string | null): string | null =>
      text === null ? null : redacted.taken ? `"${REDACTED}"` : redactedText(sweptJson(text, gathered), rules, count);
    return {
      ...difference,
      path: swept(redacted.path, gathered),
      elasticsearch: value(difference.elasticsearch),
      clickhouse: value(difference.clickhouse),
    };
  });
  const rule = (path: string): string =>
    paths.get(path) ??
    swept(
      redactedDifference({ path, kind: "value", elasticsearch: null, clickhouse: null }, asked, rules, gathered.standIns).path,
      gathered,
    );
  const use = (one: RuleUse): RuleUse => ({ ...one, reason: swept(one.reason, gathered), paths: one.paths.map(rule) });
  return {
    ...comparison,
    reason: redactedText(reason, rules, count),
    differences,
    rules: comparison.rules.map(use),
    ...(comparison.rulesOff === undefined ? {} : { rulesOff: comparison.rulesOff.map(use) }),
    unsupported: comparison.unsupported.map(({ pointer, reason: why }) => ({
      pointer,
      reason: redactedText(swept(why, gathered), rules, count),
    })),
  };
}

function bare(json: string): string {
  return json.startsWith('"') && json.endsWith('"') ? json.slice(1, -1) : json;
}

/** Long enough to be nothing else where it stands in a text. */
function isTelling(value: string): boolean {
  return value.length >= 4 && !/^(?:true|false|null|[0-9]{1,4})$/.test(value);
}

/** A text without the values that were taken out elsewhere. */
export function swept(text: string, { values }: Pick<Gathered, "values">): string {
  let clean = text;
  for (const value of values) if (isTelling(value) && clean.includes(value)) clean = clean.replaceAll(value, REDACTED);
  return clean;
}

// A number that goes would leave what is no JSON.
function sweptJson(text: string, gathered: Gathered): string {
  const clean = swept(text, gathered);
  return clean === text || clean.startsWith('"') ? clean : JSON.stringify(REDACTED);
}
