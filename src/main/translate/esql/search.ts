// MATCH, MATCH_PHRASE, QSTR and `:`: clauses of the Query DSL over the documents.

import type { JsonObject, JsonValue } from "../../../shared/json.ts";
import { marked } from "../../clickhouse/sql/ast.ts";
import { findField } from "../../elasticsearch/mapping.ts";
import { analyze } from "./expression.ts";
import { kqlQuery } from "./kql.ts";
import { pointerTo } from "./pointer.ts";
import { refused, type Scope, withoutSql } from "./scope.ts";
import type { Expression, Literal } from "./tree.ts";
import { scalarValue, type Value } from "./value.ts";

type Options = ReadonlyMap<string, Literal>;

/** The options that Elasticsearch knows, as the clause has them. */
const OPTIONS: Readonly<Record<string, string>> = {
  match:
    "analyzer auto_generate_synonyms_phrase_query boost fuzziness fuzzy_rewrite fuzzy_transpositions lenient max_expansions minimum_should_match operator prefix_length zero_terms_query",
  match_phrase: "analyzer boost slop zero_terms_query",
  qstr: "allow_leading_wildcard allow_wildcard analyze_wildcard analyzer auto_generate_synonyms_phrase_query boost default_field default_operator enable_position_increments fuzziness fuzzy_max_expansions fuzzy_prefix_length fuzzy_rewrite fuzzy_transpositions lenient max_determinized_states minimum_should_match phrase_slop quote_analyzer quote_field_suffix rewrite time_zone",
};

/** They look at any field. */
const OF_ALL_FIELDS: ReadonlySet<string> = new Set(["qstr", "kql"]);

/** The condition that a search function stands for. */
export function searchFunction(name: string, args: readonly Expression[], node: Expression, scope: Scope, options: Options): Value {
  const title = `[${node.kind === "match" ? ":" : name.toUpperCase()}] ${node.kind === "match" ? "operator" : "function"}`;
  const { search } = scope;
  if (search.kind === "refused") throw refused(scope, node, `${title} ${search.reason}`);
  if (search.kind === "without_sql") throw withoutSql(node, "full text search has no SQL after the commands before it");
  if (search.nested) throw refused(scope, node, `Invalid condition. ${title} can't be used below another function`);
  if (!search.whole && OF_ALL_FIELDS.has(name)) throw refused(scope, node, `${title} cannot be used after commands but WHERE and SORT`);
  const query = queryOf(name, args, node, scope, optionsOf(name, options, node, scope));
  return scalarValue("boolean", marked(pointerTo(node), search.compile(query, node)));
}

function optionsOf(name: string, options: Options, node: Expression, scope: Scope): JsonObject {
  const known = (OPTIONS[name] ?? "").split(" ");
  const entries = [...options].map(([option, literal]): readonly [string, JsonValue] => {
    if (!known.includes(option)) throw refused(scope, node, `Invalid option [${option}], expected one of [${known.join(", ")}]`);
    // Elasticsearch 8.19 lists it, and then calls it illegal.
    if (option === "zero_terms_query") throw withoutSql(node, `the option [${option}] has no SQL`);
    if (literal.type === "null") throw withoutSql(node, `the option [${option}] is null`);
    return [option, typeof literal.value === "bigint" ? Number(literal.value) : literal.value];
  });
  return Object.fromEntries(entries);
}

function queryOf(name: string, args: readonly Expression[], node: Expression, scope: Scope, options: JsonObject): JsonValue {
  const [first, second] = args;
  if (first === undefined) throw withoutSql(node, `[${name}] without arguments`);
  if (name === "kql") return kqlQuery(String(constantOf(first, scope)), scope.context, pointerTo(node));
  if (name === "qstr") return { query_string: { ...options, query: String(constantOf(first, scope)) } };
  if (second === undefined) throw withoutSql(node, `[${name}] without a query`);
  const inner = first.kind === "cast" ? first.item : first;
  const field = analyze(inner, scope).field;
  // A field by another name is a column, not the index's field.
  const mapped = inner.kind === "name" && scope.context.tables.some(({ mapping }) => findField(mapping, inner.name) !== undefined);
  if (field === undefined || !mapped) {
    throw refused(
      scope,
      node,
      `[${name.toUpperCase()}] function cannot operate on [${scope.text.slice(first.at, first.end)}], which is not a field from an index mapping`,
    );
  }
  const query = constantOf(second, scope);
  // Lenient, as the function is: a text that is no number matches no number.
  return name === "match"
    ? { match: { [field.path]: { lenient: true, ...options, query } } }
    : { match_phrase: { [field.path]: { ...options, query } } };
}

function constantOf(node: Expression, scope: Scope): string | number | boolean {
  const { constant } = analyze(node, scope);
  if (constant === undefined || constant === null) throw withoutSql(node, "only a query that the query's text tells has SQL");
  return typeof constant === "bigint" ? Number(constant) : constant;
}
