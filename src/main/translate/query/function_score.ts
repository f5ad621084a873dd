// function_score: the matches of a query, their score changed by functions. Each function is a factor, for the documents that
// pass its filter; score_mode joins the factors, boost_mode joins them with the query's own score.
import { childPointer, isArray, isObject, type JsonObject, type JsonValue, member } from "../../../shared/json.ts";
import { and, binary, call, type Expr, literal, not, or, param } from "../../clickhouse/sql/ast.ts";
import { type Context, fieldOf } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { fieldColumn } from "../field_column.ts";
import type { Fault } from "../painless/machine.ts";
import { boostOf, numberOption, parameters, textOption } from "../parameters.ts";
import { boosted } from "./compiled.ts";
import { type Decay, decayFactor } from "./decay.ts";
import { compileQuery } from "./index.ts";
import { scoringOf } from "./score.ts";
import { withMinScore } from "./score_filter.ts";
import { float, scriptedScore } from "./script_score.ts";
import type { Compiled } from "./types.ts";

const FUNCTIONS = ["weight", "field_value_factor", "script_score", "random_score", "gauss", "exp", "linear"];
const OPTIONS = ["query", "functions", "score_mode", "boost_mode", "max_boost", "min_score", "boost", ...FUNCTIONS];

interface Factor {
  /** Absent: all matches. */
  readonly where?: Expr;
  readonly value: Expr;
  /** What it counts in an average. */
  readonly weight: number;
}

export function compileFunctionScore(body: JsonValue, pointer: string, context: Context): Compiled {
  const options = parameters(body, pointer, "function_score", OPTIONS);
  const inner = compileQuery(member(options, "query") ?? { match_all: {} }, childPointer(pointer, "query"), context);
  const query = boosted(inner, boostOf(options));
  const mode = textOption(options, "boost_mode", "multiply");
  const own = scoringOf(query) ?? (mode.toLowerCase() === "replace" ? param("Float64", 0) : undefined);
  const least = member(options, "min_score") ?? null;
  // Whose boost is 0 is not asked for a score, whatever boost_mode would make of it.
  if (least === null && boostOf(options) === 0) return { ...query, score: 0 };
  if (own === undefined) {
    if (least !== null) throw new UnsupportedClause(childPointer(pointer, "min_score"), "the relevance of the query has no exact SQL");
    return { ...query, score: null };
  }
  const factors = factorsOf(options, pointer, query, context);
  const factor = joinedFactor(textOption(options, "score_mode", "multiply"), factors, pointer);
  const joined = call("least", factor, maximum(options));
  const score = combined(mode, own, joined, pointer);
  const invalid: Fault = {
    kind: "throws",
    when: or([call("isNaN", factor), call("isNaN", score), binary(score, "<", literal(0))]),
    reason: "function score query returned an invalid score",
    errorType: "illegal_argument_exception",
  };
  context.scripts?.addScoring(pointer, [invalid]);
  const clause: Compiled = { ...query, score: null, scoring: float(score) };
  return least === null ? clause : withMinScore(clause, numberOption(options, "min_score", 0), pointer);
}

const MAX_FLOAT = 3.4028234663852886e38;

function maximum(options: JsonObject): Expr {
  return param("Float64", Math.fround(numberOption(options, "max_boost", MAX_FLOAT)));
}

function combined(mode: string, own: Expr, factor: Expr, pointer: string): Expr {
  switch (mode.toLowerCase()) {
    case "multiply":
      return binary(own, "*", factor);
    case "replace":
      return factor;
    case "sum":
      return binary(own, "+", factor);
    case "avg":
      return binary(binary(factor, "+", own), "/", literal(2));
    case "min":
      return call("least", own, factor);
    case "max":
      return call("greatest", own, factor);
    default:
      throw new UnsupportedClause(childPointer(pointer, "boost_mode"), `[${mode}] is no boost mode`);
  }
}

function factorsOf(options: JsonObject, pointer: string, query: Compiled, context: Context): readonly Factor[] {
  const list = member(options, "functions");
  const single = FUNCTIONS.some((name) => member(options, name) !== undefined);
  if (list !== undefined && single) {
    throw new RejectedRequest(
      "parsing_exception",
      "failed to parse [function_score] query. already found [functions] array, now encountering another function.",
    );
  }
  if (single) return factorOf(options, pointer, query, context);
  return (isArray(list) ? list : []).flatMap((entry, i) => {
    const own = childPointer(childPointer(pointer, "functions"), i);
    const known = parameters(entry, own, "function_score", ["filter", ...FUNCTIONS]);
    return factorOf(known, own, query, context);
  });
}

function factorOf(options: JsonObject, pointer: string, query: Compiled, context: Context): readonly Factor[] {
  const filter = member(options, "filter");
  const before = context.naming?.length ?? 0;
  const where = filter === undefined || filter === null ? undefined : compileQuery(filter, childPointer(pointer, "filter"), context).where;
  // Elasticsearch gives a name in here the score that the whole clause has where nothing else counts: it is left out.
  const named = context.naming?.splice(before) ?? [];
  context.naming?.push(...named.map((clause) => ({ ...clause, scoring: undefined })));
  const names = FUNCTIONS.filter((name) => name !== "weight" && member(options, name) !== undefined);
  const [name, other] = names;
  if (other !== undefined)
    throw new RejectedRequest(
      "parsing_exception",
      `failed to parse function_score functions. already found [${name}], now encountering [${other}].`,
    );
  const weighed = member(options, "weight") !== undefined;
  const weight = Math.fround(numberOption(options, "weight", 1));
  if (name === undefined && !weighed) throw new RejectedRequest("parsing_exception", "an entry in functions list is missing a function.");
  const value = name === undefined ? param("Float64", 1) : functionValue(name, options, childPointer(pointer, name), where, query, context);
  const times = weighed ? binary(value, "*", param("Float64", weight)) : value;
  return [{ ...(where === undefined ? {} : { where }), value: times, weight: weighed ? weight : 1 }];
}

function functionValue(
  name: string,
  options: JsonObject,
  pointer: string,
  where: Expr | undefined,
  query: Compiled,
  context: Context,
): Expr {
  const body = member(options, name) ?? null;
  if (!isObject(body)) throw new RejectedRequest("parsing_exception", `[${name}] malformed`);
  if (name === "gauss" || name === "exp" || name === "linear") return decayFactor(name satisfies Decay, body, pointer, context);
  if (name === "field_value_factor") return fieldValueFactor(body, pointer, where, context);
  if (name === "random_score")
    throw new UnsupportedClause(pointer, "random scores come from Lucene's document numbers, or from a seeded hash that has no SQL yet");
  if (where !== undefined) throw new UnsupportedClause(pointer, "a script under a function's filter has no SQL yet");
  const known = parameters(body, pointer, "script_score", ["script"]);
  return scriptedScore(member(known, "script"), pointer, query, context);
}

const MODIFIERS: Readonly<Record<string, (n: Expr) => Expr>> = {
  none: (n) => n,
  log: (n) => call("log10", n),
  log1p: (n) => call("log10", binary(n, "+", literal(1))),
  log2p: (n) => call("log10", binary(n, "+", literal(2))),
  ln: (n) => call("log", n),
  ln1p: (n) => call("log1p", n),
  ln2p: (n) => call("log1p", binary(n, "+", literal(1))),
  square: (n) => binary(n, "*", n),
  sqrt: (n) => call("sqrt", n),
  reciprocal: (n) => binary(param("Float64", 1), "/", n),
};

function fieldValueFactor(body: JsonObject, pointer: string, where: Expr | undefined, context: Context): Expr {
  const options = parameters(body, pointer, "field_value_factor", ["field", "factor", "modifier", "missing"]);
  const path = textOption(options, "field", "");
  const missing = member(options, "missing");
  const modifier = MODIFIERS[textOption(options, "modifier", "none").toLowerCase()];
  if (modifier === undefined) throw new UnsupportedClause(childPointer(pointer, "modifier"), "this modifier has no SQL");
  const field = fieldOf(context, path, childPointer(pointer, "field"));
  if (field === undefined) {
    if (missing === undefined)
      throw new RejectedRequest("exception", `Unable to find a field mapper for field [${path}]. No 'missing' value defined.`);
  } else if (field.type === "boolean") {
    throw new RejectedRequest("illegal_argument_exception", `[${path}] is no numeric field`);
  } else if (!/^(?:long|integer|short|byte|double|float|half_float|scaled_float|date)$/.test(field.type)) {
    throw new UnsupportedClause(childPointer(pointer, "field"), `a factor from [${field.type}] has no SQL`);
  }
  const absent = param("Float64", missing === undefined ? 0 : numberOption(options, "missing", 0));
  const values = field === undefined ? undefined : fieldColumn(field);
  const first =
    values === undefined ? absent : call("if", call("empty", values), absent, call("toFloat64", call("arrayElement", values, literal(1))));
  const result = modifier(binary(first, "*", param("Float64", Math.fround(numberOption(options, "factor", 1)))));
  const within = (when: Expr): Expr => (where === undefined ? when : and([where, when]));
  context.scripts?.addScoring(pointer, [
    ...(missing === undefined && values !== undefined
      ? [
          {
            kind: "throws",
            when: within(call("empty", values)),
            reason: `Missing value for field [${path}]`,
            errorType: "exception",
          } as const,
        ]
      : []),
    {
      kind: "throws",
      when: within(and([binary(result, "<", literal(0)), not(call("isNaN", result))])),
      reason: "field value function must not produce negative scores",
      errorType: "illegal_argument_exception",
    },
  ]);
  return result;
}

function joinedFactor(mode: string, factors: readonly Factor[], pointer: string): Expr {
  const one = param("Float64", 1);
  const [first, ...others] = factors;
  if (first === undefined) return one;
  if (others.length === 0 && first.where === undefined) return first.value;
  const or1 = (factor: Factor, otherwise: Expr): Expr =>
    factor.where === undefined ? factor.value : call("if", factor.where, factor.value, otherwise);
  const some = factors.some(({ where }) => where === undefined) ? literal(1) : or(factors.map(({ where }) => where ?? literal(1)));
  switch (mode.toLowerCase()) {
    case "multiply":
      return factors.map((factor) => or1(factor, one)).reduce((left, right) => binary(left, "*", right));
    case "first":
      return factors.reduceRight((rest, factor) => or1(factor, rest), one);
    case "max":
    case "min": {
      const none = param("Float64", mode.toLowerCase() === "max" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY);
      const best = call(mode.toLowerCase() === "max" ? "greatest" : "least", ...factors.map((factor) => or1(factor, none)));
      return call("if", some, best, one);
    }
    case "sum":
    case "avg": {
      const zero = param("Float64", 0);
      const sum = factors.map((factor) => or1(factor, zero)).reduce((left, right) => binary(left, "+", right));
      const weights = factors
        .map((factor) => or1({ ...factor, value: param("Float64", factor.weight) }, zero))
        .reduce((left, right) => binary(left, "+", right));
      const mean = mode.toLowerCase() === "avg" ? binary(sum, "/", weights) : sum;
      return call("if", binary(weights, "!=", literal(0)), mean, one);
    }
    default:
      throw new UnsupportedClause(childPointer(pointer, "score_mode"), `[${mode}] is no score mode`);
  }
}
