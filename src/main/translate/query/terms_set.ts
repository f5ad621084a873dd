// terms_set: documents with as many of the terms as they say themselves, in a field or by a script; at least one.
import { childPointer, isArray, isObject, type JsonObject, type JsonValue, member } from "../../../shared/json.ts";
import { and, binary, call, type Expr, literal, or, param } from "../../clickhouse/sql/ast.ts";
import { type Context, fieldOf } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { fieldColumn } from "../field_column.ts";
import { compileValue } from "../painless/compile.ts";
import { asDouble } from "../painless/finish.ts";
import { readScript } from "../painless/source.ts";
import { boostOf, parameters, textOption } from "../parameters.ts";
import { addFaults } from "../script_faults.ts";
import { boosted, NONE, relevant } from "./compiled.ts";
import { minimumShouldMatch } from "./minimum_should_match.ts";
import { scoringOf } from "./score.ts";
import { compileTerm } from "./term.ts";
import type { Compiled } from "./types.ts";

const FIELD = "minimum_should_match_field";
const SCRIPT = "minimum_should_match_script";
const KNOWN = ["terms", "boost", FIELD, SCRIPT, "minimum_should_match"];

export function compileTermsSet(body: JsonValue, pointer: string, context: Context): Compiled {
  if (!isObject(body)) throw new RejectedRequest("parsing_exception", "[terms_set] query malformed, no start_object after query name");
  const [path = "", ...others] = Object.keys(body);
  if (others.length > 0) throw new RejectedRequest("parsing_exception", "[terms_set] query does not support several fields");
  const own = childPointer(pointer, path);
  const options = parameters(member(body, path) ?? null, own, "terms_set", KNOWN);
  const values = member(options, "terms") ?? [];
  if (!isArray(values)) throw new RejectedRequest("illegal_argument_exception", "No terms specified");
  const terms = values.map((value) => compileTerm({ [path]: { value } }, `${own}/terms`, context));
  if (terms.length === 0) return NONE;
  const least = minimumOf(options, terms.length, own, context);
  if (least === undefined) return NONE;
  const [first = literal(0), ...rest] = terms.map(({ where }) => call("toInt64", where));
  const count = rest.reduce((sum, each) => binary(sum, "+", each), first);
  const where = and([or(terms.map((each) => each.where)), binary(count, ">=", least)]);
  const highlights = terms.flatMap((term) => term.highlights.map((highlight) => ({ ...highlight, conditional: true as const })));
  return boosted(relevant(where, highlights, sumOf(terms)), boostOf(options));
}

/** How many terms a document must have; undefined where no index has the field. */
function minimumOf(options: JsonObject, terms: number, pointer: string, context: Context): Expr | undefined {
  const given = [FIELD, SCRIPT, "minimum_should_match"].filter((name) => member(options, name) !== undefined);
  const [name, other] = given;
  if (other !== undefined)
    throw new RejectedRequest("illegal_argument_exception", "only one way to say how many terms must match is allowed");
  switch (name) {
    case FIELD:
      return fromField(textOption(options, FIELD, ""), childPointer(pointer, FIELD), context);
    case SCRIPT:
      return fromScript(member(options, SCRIPT) ?? null, terms, childPointer(pointer, SCRIPT), context);
    case undefined:
      throw new RejectedRequest("query_shard_exception", "No minimum should match has been specified");
    default:
      return param("Int64", minimumShouldMatch(options, terms) ?? 1);
  }
}

const NO_DOCUMENT = Number.MAX_SAFE_INTEGER;

function fromField(path: string, pointer: string, context: Context): Expr | undefined {
  const field = fieldOf(context, path, pointer);
  if (field === undefined) throw new RejectedRequest("query_shard_exception", `failed to find minimum_should_match field [${path}]`);
  if (!/^(?:long|integer|short|byte)$/.test(field.type)) {
    throw new UnsupportedClause(pointer, `a number of terms from [${field.type}] has no SQL`);
  }
  const values = fieldColumn(field);
  return call("if", call("empty", values), literal(NO_DOCUMENT), call("toInt64", call("arrayElement", values, literal(1))));
}

function fromScript(value: JsonValue, terms: number, pointer: string, context: Context): Expr {
  const read = readScript(value, pointer);
  const script = { ...read, params: { ...read.params, num_terms: terms } };
  const compiled = compileValue(script, { context, pointer }, asDouble);
  if (compiled.value.kind !== "leaf") throw new Error("a number of terms is one value");
  addFaults(context, pointer, compiled.faults);
  return call("toInt64", compiled.value.expr);
}

function sumOf(terms: readonly Compiled[]): Expr | undefined {
  const parts: Expr[] = [];
  for (const term of terms) {
    const scoring = scoringOf(term);
    if (scoring === undefined) return undefined;
    parts.push(call("if", term.where, scoring, param("Float64", 0)));
  }
  const [first = literal(0), ...others] = parts;
  const sum = others.reduce((left, right) => binary(left, "+", right), first);
  return call("toFloat64", call("toFloat32", sum));
}
