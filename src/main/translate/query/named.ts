// `_name`: clauses that hits list in `matched_queries`. A name is taken off its clause before that is compiled, and what the
// clause matches is kept aside, wherever it stands: Elasticsearch asks it again for each hit that it shows.
import { childPointer, isObject, type JsonObject, type JsonValue, jsonObject, member, printJson } from "../../../shared/json.ts";
import type { Expr } from "../../clickhouse/sql/ast.ts";
import { UnsupportedClause } from "../failure.ts";

export interface NamedClause {
  readonly name: string;
  readonly pointer: string;
  /** True for the documents that the clause matches by itself. */
  readonly where: Expr;
  /** The score of those; absent where it can't be told. */
  readonly scoring: Expr | undefined;
  /** Inside `nested`: the path of the objects, and which of them it matches. */
  readonly object?: { readonly path: string; readonly where: Expr; readonly scoring: Expr | undefined };
}

/** What hits list of the clauses with names. */
export interface NamedClauses {
  readonly clauses: readonly NamedClause[];
  /** `include_named_queries_score`: each name with its score. */
  readonly scored: boolean;
}

// Their options, `_name` among them, stand below the field.
const BY_FIELD = new Set([
  "term",
  "match",
  "match_phrase",
  "match_phrase_prefix",
  "match_bool_prefix",
  "range",
  "prefix",
  "wildcard",
  "regexp",
  "fuzzy",
  "intervals",
  "span_term",
  "terms_set",
]);

export interface Unnamed {
  readonly name: string | null;
  readonly body: JsonValue;
}

/** The name of a clause, and its body without it. Throws UnsupportedClause on a name that is no text. */
export function takeName(clause: string, body: JsonValue, pointer: string): Unnamed {
  if (clause === "wrapper" || !isObject(body)) return { name: null, body };
  if (!BY_FIELD.has(clause)) return without(body, pointer);
  const [path, ...others] = Object.keys(body);
  const options = path === undefined ? undefined : member(body, path);
  if (path === undefined || others.length > 0 || !isObject(options)) return { name: null, body };
  const taken = without(options, childPointer(pointer, path));
  return taken.name === null ? { name: null, body } : { name: taken.name, body: { [path]: taken.body } };
}

function without(body: JsonObject, pointer: string): Unnamed {
  const name = member(body, "_name");
  if (name === undefined) return { name: null, body };
  if (typeof name !== "string") throw new UnsupportedClause(`${pointer}/_name`, `a name that is no text: ${printJson(name)}`);
  return { name, body: jsonObject(Object.entries(body).filter(([key]) => key !== "_name")) };
}

/** The clauses as hits list them. Throws UnsupportedClause where that is open. */
export function namedClauses(clauses: readonly NamedClause[], scored: boolean): NamedClauses {
  const seen = new Set<string>();
  for (const { name, pointer } of clauses) {
    if (seen.has(name)) throw new UnsupportedClause(`${pointer}/_name`, `two clauses have the name [${name}]`);
    seen.add(name);
  }
  return { clauses, scored };
}
