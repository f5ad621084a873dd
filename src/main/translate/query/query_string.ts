// query_string: Lucene's query syntax over fields.
import { isArray, isObject, type JsonObject, type JsonValue, member } from "../../../shared/json.ts";
import { TRUE } from "../../clickhouse/sql/ast.ts";
import type { Context } from "../context.ts";
import { RejectedRequest } from "../failure.ts";
import { booleanOption, boostOf, listOf, numberOption, parameters, scalarText, textOption } from "../parameters.ts";
import { combine } from "./bool.ts";
import { boosted, constant, NOTHING, opaque } from "./compiled.ts";
import { existing } from "./exists.ts";
import { searchedFields, type WeightedField } from "./field_list.ts";
import { AUTO, type Fuzziness, type FuzzyNames, readFuzziness } from "./fuzziness.ts";
import { allWords, analyzerOption, wordOf } from "./match.ts";
import { minimumShouldMatch } from "./minimum_should_match.ts";
import { type Range, unescaped } from "./query_string_lexer.ts";
import { type Clause, type Node, parseQueryString } from "./query_string_parser.ts";
import { type Bound, rangeCondition, rangeHighlights } from "./range.ts";
import {
  inEach,
  isWordless,
  normalisedText,
  type Search,
  searchFuzzy,
  searchPhrase,
  searchPrefix,
  searchRegexp,
  searchText,
  searchWildcard,
} from "./text_search.ts";
import type { Compiled } from "./types.ts";
import { wordsOf } from "./words.ts";

const KNOWN = [
  "query",
  "default_field",
  "fields",
  "default_operator",
  "analyze_wildcard",
  "lenient",
  "boost",
  "type",
  "tie_breaker",
  "phrase_slop",
  "minimum_should_match",
  "time_zone",
  "analyzer",
  "escape",
  "allow_leading_wildcard",
  "fuzziness",
  "fuzzy_prefix_length",
  "fuzzy_max_expansions",
  "fuzzy_transpositions",
  "fuzzy_rewrite",
  "max_determinized_states",
  "auto_generate_synonyms_phrase_query",
  "enable_position_increments",
];

interface Scope extends Search {
  /** The fields of text without a field; the name where there is one. */
  readonly fields: readonly WeightedField[];
  readonly fieldName: string | null;
}

export function compileQueryString(body: JsonValue, pointer: string, context: Context): Compiled {
  const options = parameters(body, pointer, "query_string", KNOWN);
  const value = member(options, "query");
  if (value === undefined || value === null) throw new RejectedRequest("parsing_exception", "query_string must be provided with a [query]");
  if (isObject(value) || isArray(value)) throw new RejectedRequest("parsing_exception", "[query_string] unknown token after [query]");
  const raw = scalarText(value);
  const text = booleanOption(options, "escape", false) ? raw.replace(/[\\+\-!():^[\]"{}~*?|&/]/g, "\\$&") : raw;
  const scope = scopeOf(options, pointer, context);
  if (text.trim() === "") return NOTHING;
  const node = parseQueryString(text, {
    allByDefault: allWords(scope.options),
    wordless: (field, words) => field !== "_exists_" && isWordless(fieldsOf(field, scope), words, scope),
  });
  if (node === null) throw new RejectedRequest("query_shard_exception", `Failed to parse query [${raw}]`);
  return opaque(boosted(compileNode(node, scope, true), boostOf(options)));
}

function scopeOf(options: JsonObject, pointer: string, context: Context): Scope {
  const named = listOf(member(options, "fields"));
  const defaultField = member(options, "default_field");
  if (named.length > 0 && defaultField !== undefined && defaultField !== null) {
    throw new RejectedRequest("parsing_exception", "cannot use [fields] parameter in conjunction with [default_field]");
  }
  const single = named.length === 0 ? textOption(options, "default_field", "*") : null;
  const everywhere = single === "*" || named.includes("*");
  const operator = textOption(options, "default_operator", "or");
  const asked: JsonObject = { ...options, operator, lenient: booleanOption(options, "lenient", everywhere) };
  const list = single === null ? named : [single];
  return {
    options: asked,
    pointer,
    context,
    fields: searchedFields(list, single === null ? `${pointer}/fields` : pointer, context),
    fieldName: single,
  };
}

function compileNode(node: Node, scope: Scope, outermost: boolean): Compiled {
  switch (node.kind) {
    case "bool":
      return compileClauses(node.clauses, scope, outermost);
    case "boost":
      return boosted(compileNode(node.node, scope, false), node.boost);
    case "text":
      return compileText(node.field, node.text, scope, outermost);
    case "phrase":
      if (node.field === "_exists_") return existing(node.text, scope.pointer, scope.context, 1);
      return searchPhrase(fieldsOf(node.field, scope), node.text, node.slop ?? numberOption(scope.options, "phrase_slop", 0), scope);
    case "prefix":
      return searchPrefix(fieldsOf(node.field, scope), node.text, scope);
    case "wildcard":
      return compileWildcard(node.field, node.text, scope);
    case "regexp":
      return searchRegexp(fieldsOf(node.field, scope), node.text, scope);
    case "range":
      return compileRange(node.field, node.range, scope);
    case "fuzzy":
      return searchFuzzy(fieldsOf(node.field, scope), node.text, () => fuzzinessOf(node.edits, scope.options), FUZZY, scope);
    default:
      return node satisfies never;
  }
}

const FUZZY: FuzzyNames = {
  prefixLength: "fuzzy_prefix_length",
  most: "fuzzy_max_expansions",
  swaps: "fuzzy_transpositions",
  rewrite: "fuzzy_rewrite",
};

// A bare `~` means the clause's own fuzziness.
function fuzzinessOf(edits: string, options: JsonObject): Fuzziness {
  if (edits !== "") return readFuzziness(edits);
  const asked = member(options, "fuzziness");
  return asked === undefined ? AUTO : readFuzziness(asked);
}

function compileClauses(clauses: readonly Clause[], scope: Scope, outermost: boolean): Compiled {
  const [only, ...others] = clauses;
  if (only === undefined) return NOTHING;
  if (others.length === 0 && only.node.kind === "text" && only.node.several) return compileNode(only.node, scope, outermost);
  const of = (occur: Clause["occur"]) =>
    clauses.filter((clause) => clause.occur === occur).flatMap((clause) => compileClause(clause.node, scope));
  const should = of("should");
  const minimum = outermost ? minimumShouldMatch(scope.options, should.length) : undefined;
  return combine(of("must"), [], of("must_not"), should, minimum);
}

// Words in a row, searched for in one text field, are clauses of their own.
function compileClause(node: Node, scope: Scope): readonly Compiled[] {
  if (node.kind !== "text" || !node.several) return [compileNode(node, scope, false)];
  const [only, ...others] = fieldsOf(node.field, scope);
  if (only === undefined || others.length > 0 || only.field.type !== "text") return [compileNode(node, scope, false)];
  return wordsOf(only.field, node.text, analyzerOption(scope.options), scope.pointer).map(({ term }) =>
    boosted(wordOf(only.field, term, scope.pointer, scope.context), only.boost),
  );
}

function fieldsOf(name: string | null, scope: Scope): readonly WeightedField[] {
  return name === null || name === scope.fieldName ? scope.fields : searchedFields([name], scope.pointer, scope.context);
}

const COMPARISON = /^(>=|<=|>|<)(.+)$/s;

function compileText(field: string | null, text: string, scope: Scope, outermost: boolean): Compiled {
  if (field === "_exists_") return existing(text, scope.pointer, scope.context, 1);
  const named = field ?? scope.fieldName;
  const fields = fieldsOf(field, scope);
  const [, op, value] = named === null ? [] : (COMPARISON.exec(text) ?? []);
  if (op !== undefined && value !== undefined) return inRange(field, [{ op: op as Bound["op"], value }], scope);
  const [only] = fields;
  if (named !== null && named !== "*" && only?.field.type === "date" && member(scope.options, "time_zone") !== undefined) {
    const whole: readonly Bound[] = [
      { op: ">=", value: text },
      { op: "<=", value: text },
    ];
    return inRange(field, whole, scope);
  }
  return searchText(fields, text, scope, outermost && fields.length === 1);
}

function compileWildcard(field: string | null, pattern: string, scope: Scope): Compiled {
  if (pattern === "*") {
    const name = field ?? scope.fieldName;
    if (name === "*") return constant(TRUE);
    if (name !== null) return existing(name, scope.pointer, scope.context, 1);
    return inEach(scope.fields, scope, (each) => existing(each.path, scope.pointer, scope.context, 1));
  }
  const leading = pattern.startsWith("*") || pattern.startsWith("?");
  if (leading && !booleanOption(scope.options, "allow_leading_wildcard", true)) {
    throw new RejectedRequest("query_shard_exception", `Failed to parse query [${pattern}]`);
  }
  return searchWildcard(fieldsOf(field, scope), pattern, scope);
}

function compileRange(field: string | null, range: Range, scope: Scope): Compiled {
  const bounds: Bound[] = [];
  if (range.from !== "*") bounds.push({ op: range.fromInclusive ? ">=" : ">", value: unescaped(range.from) });
  if (range.to !== "*") bounds.push({ op: range.toInclusive ? "<=" : "<", value: unescaped(range.to) });
  return inRange(field, bounds, scope);
}

function inRange(field: string | null, bounds: readonly Bound[], scope: Scope): Compiled {
  const zone = member(scope.options, "time_zone");
  const options: JsonObject = zone === undefined ? {} : { time_zone: zone };
  return inEach(fieldsOf(field, scope), scope, (each) => {
    const own = bounds.map(({ op, value }) => ({ op, value: isWord(each.type) ? normalisedText(each, scalarText(value), scope) : value }));
    const where = rangeCondition(each, own, options, scope.pointer, scope.context);
    return constant(where, 1, rangeHighlights(each, own, scope.pointer, scope.context));
  });
}

function isWord(type: string): boolean {
  return type === "text" || type === "keyword";
}
