// MATCH, MATCH_PHRASE, QSTR and `:`: clauses of the Query DSL over the documents.

import type { JsonValue } from "../../../shared/json.ts";
import { marked } from "../../clickhouse/sql/ast.ts";
import { analyze } from "./expression.ts";
import { pointerTo } from "./pointer.ts";
import { refused, type Scope, withoutSql } from "./scope.ts";
import type { Expression } from "./tree.ts";
import { scalarValue, type Value } from "./value.ts";

/** The condition that a search function stands for. */
export function searchFunction(name: string, args: readonly Expression[], node: Expression, scope: Scope): Value {
  if (scope.search === null) throw refused(scope, node, `[${name.toUpperCase()}] function cannot be used after other commands`);
  return scalarValue("boolean", marked(pointerTo(node), scope.search(queryOf(name, args, node, scope), node)));
}

function queryOf(name: string, args: readonly Expression[], node: Expression, scope: Scope): JsonValue {
  const [first, second] = args;
  if (first === undefined) throw withoutSql(node, `[${name}] without arguments`);
  if (name === "qstr") return { query_string: { query: String(constantOf(first, scope)) } };
  if (second === undefined) throw withoutSql(node, `[${name}] without a query`);
  const inner = first.kind === "cast" ? first.item : first;
  const field = analyze(inner, scope).field;
  if (field === undefined) {
    throw refused(
      scope,
      node,
      `[${name.toUpperCase()}] function cannot operate on [${scope.text.slice(first.at, first.end)}], which is not a field from an index mapping`,
    );
  }
  const query = constantOf(second, scope);
  // Lenient, as the function is: a text that is no number matches no number.
  return name === "match" ? { match: { [field.path]: { query, lenient: true } } } : { match_phrase: { [field.path]: { query } } };
}

function constantOf(node: Expression, scope: Scope): string | number | boolean {
  const { constant } = analyze(node, scope);
  if (constant === undefined || constant === null) throw withoutSql(node, "only a query that the query's text tells has SQL");
  return typeof constant === "bigint" ? Number(constant) : constant;
}
