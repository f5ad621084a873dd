// simple_query_string: `+` `|` `-` `"…"` `*` `(…)`. Bad syntax never fails: what can't be an operator is text.
import { isArray, isObject, type JsonValue, member } from "../../../shared/json.ts";
import { TRUE } from "../../clickhouse/sql/ast.ts";
import type { Context } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { booleanOption, boostOf, listOf, parameters, scalarText, textOption } from "../parameters.ts";
import { combine } from "./bool.ts";
import { boosted, constant, NOTHING, opaque } from "./compiled.ts";
import { searchedFields, type WeightedField } from "./field_list.ts";
import type { FuzzyNames } from "./fuzziness.ts";
import { allWords, asksForOptional } from "./match.ts";
import { minimumShouldMatch } from "./minimum_should_match.ts";
import { parseSimple, type SimpleNode } from "./simple_query_parser.ts";
import { isWordless, type Search, searchFuzzy, searchPhrase, searchPrefix, searchText } from "./text_search.ts";
import type { Compiled } from "./types.ts";

const KNOWN = [
  "query",
  "fields",
  "default_operator",
  "analyze_wildcard",
  "lenient",
  "boost",
  "minimum_should_match",
  "analyzer",
  "flags",
  "fuzzy_prefix_length",
  "fuzzy_max_expansions",
  "fuzzy_transpositions",
  "auto_generate_synonyms_phrase_query",
];

export function compileSimpleQueryString(body: JsonValue, pointer: string, context: Context): Compiled {
  const options = parameters(body, pointer, "simple_query_string", KNOWN);
  const value = member(options, "query");
  if (isObject(value) || isArray(value))
    throw new RejectedRequest("parsing_exception", "[simple_query_string] unknown token after [query]");
  if (value === undefined || value === null) {
    throw new RejectedRequest("parsing_exception", "[simple_query_string] query text missing");
  }
  if (textOption(options, "flags", "ALL").toUpperCase() !== "ALL") throw new UnsupportedClause(`${pointer}/flags`, "only [ALL] has SQL");
  const named = listOf(member(options, "fields"));
  const everywhere = named.length === 0 || named.includes("*");
  const search: Search = {
    options: {
      ...options,
      operator: textOption(options, "default_operator", "or"),
      lenient: booleanOption(options, "lenient", everywhere),
      // Elasticsearch adds up what the fields score.
      type: "most_fields",
    },
    pointer,
    context,
  };
  const fields = searchedFields(named.length === 0 ? ["*"] : named, `${pointer}/fields`, context);
  const node = parseSimple(scalarText(value), allWords(search.options), (text) => isWordless(fields, text, search));
  if (node === null) return NOTHING;
  if (node.kind === "all" && asksForOptional(options)) return NOTHING;
  const compiled =
    node.kind === "all" || node.kind === "any"
      ? compileGroup(node, fields, search, node.kind === "any" ? minimumShouldMatch(options, node.nodes.length) : undefined)
      : node.kind === "text"
        ? searchText(fields, node.text, search, fields.length === 1)
        : compileNode(node, fields, search);
  return opaque(boosted(compiled, boostOf(options)));
}

const FUZZY: FuzzyNames = {
  prefixLength: "fuzzy_prefix_length",
  most: "fuzzy_max_expansions",
  swaps: "fuzzy_transpositions",
  rewrite: "fuzzy_rewrite",
};

function compileNode(node: SimpleNode, fields: readonly WeightedField[], search: Search): Compiled {
  switch (node.kind) {
    case "text":
      return searchText(fields, node.text, search);
    case "phrase":
      return searchPhrase(fields, node.text, node.slop, search);
    case "prefix":
      return searchPrefix(fields, node.text, search);
    case "fuzzy":
      return searchFuzzy(fields, node.text, () => ({ edits: node.edits }), FUZZY, search);
    case "not":
      return combine([], [], [compileNode(node.node, fields, search)], [constant(TRUE)]);
    case "all":
    case "any":
      return compileGroup(node, fields, search, undefined);
    default:
      return node satisfies never;
  }
}

function compileGroup(
  node: Extract<SimpleNode, { kind: "all" | "any" }>,
  fields: readonly WeightedField[],
  search: Search,
  minimum: number | undefined,
): Compiled {
  const clauses = node.nodes.map((each) => compileNode(each, fields, search));
  return node.kind === "all" ? combine(clauses, [], [], []) : combine([], [], [], clauses, minimum);
}
