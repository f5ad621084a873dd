// `suggest`: suggestions by name, each with statements of its own. They look at all documents, whatever the query.
import { childPointer, isObject, type JsonObject, type JsonValue, jsonObject, member } from "../../../shared/json.ts";
import { type Context, overDocuments } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { scalarText } from "../parameters.ts";
import type { SearchRequest } from "../request.ts";
import type { Statement, StatementRows } from "../types.ts";
import { compileTerm } from "./term.ts";
import type { Suggester } from "./types.ts";

type CompileSuggester = (name: string, text: string | null, options: JsonObject, pointer: string, context: Context) => Suggester;

const SUGGESTERS: Readonly<Record<string, CompileSuggester>> = { term: compileTerm };

/** Suggesters of Elasticsearch's that have no SQL, and why. */
const WITHOUT_SQL: Readonly<Record<string, string>> = {
  phrase: "its scores come from a model of words that has no SQL",
  completion: "weights and contexts of completions are not mirrored",
};

export interface Suggestions {
  readonly statements: readonly Statement[];
  /** The value of `suggest` in the answer. */
  shape(rows: StatementRows): JsonObject;
}

/** Compiles `suggest`; null where the request has none. What has no SQL is given to `attempt`, suggestion by suggestion. */
export function compileSuggest(
  { body, typedKeys }: SearchRequest,
  context: Context,
  attempt: <T>(compile: () => T) => T | undefined,
): Suggestions | null | undefined {
  const suggest = suggestions(body);
  if (suggest === null) return null;
  const text = member(suggest, "text");
  const names = Object.keys(suggest)
    .filter((name) => name !== "text")
    .toSorted();
  if (names.length === 0) return null;
  const global = text === undefined || text === null ? null : scalarText(text);
  const { scripts: _, ...around } = overDocuments(context);
  const compiled = names.map((name) =>
    attempt(() => {
      const { kind, suggester } = suggesterOf(name, member(suggest, name) ?? null, global, around);
      return { key: typedKeys ? `${kind}#${name}` : name, suggester };
    }),
  );
  const found = compiled.filter((each) => each !== undefined);
  if (found.length < compiled.length) return undefined;
  return {
    statements: found.flatMap(({ suggester }) => suggester.statements),
    shape: (rows) => jsonObject(found.map(({ key, suggester }) => [key, suggester.shape(rows)])),
  };
}

/** True where suggestions are all that a request asks for: Elasticsearch then looks for no hits at all. */
export function asksForSuggestionsAlone({ body, queryPointer }: SearchRequest): boolean {
  const others = ["query", "aggs", "aggregations"].some((name) => member(body, name) !== undefined);
  return suggestions(body) !== null && !others && queryPointer !== "?q";
}

/** The value of `suggest`; null where there is none. Throws RejectedRequest. */
function suggestions(body: JsonObject): JsonObject | null {
  const suggest = member(body, "suggest");
  if (suggest === undefined) return null;
  if (!isObject(suggest)) throw new RejectedRequest("parsing_exception", "Unknown key for a value in [suggest].");
  return suggest;
}

const TEXTS = new Set(["text", "prefix", "regex"]);

function suggesterOf(name: string, body: JsonValue, global: string | null, context: Context) {
  if (!isObject(body)) throw new RejectedRequest("illegal_argument_exception", `[suggest] does not support [${name}]`);
  const pointer = childPointer("/suggest", name);
  const texts = new Map<string, string>();
  let found: { readonly kind: string; readonly options: JsonObject } | null = null;
  for (const [key, value] of Object.entries(body)) {
    if (isObject(value)) found = { kind: key, options: value };
    else if (TEXTS.has(key) && value !== null) texts.set(key, scalarText(value));
    else throw new RejectedRequest("parsing_exception", `suggestion does not support [${key}]`);
  }
  if (found === null) throw new RejectedRequest("parse_exception", "missing suggestion object");
  const { kind, options } = found;
  const compile = Object.hasOwn(SUGGESTERS, kind) ? SUGGESTERS[kind] : undefined;
  const own = childPointer(pointer, kind);
  if (compile === undefined) {
    const reason = Object.hasOwn(WITHOUT_SQL, kind) ? WITHOUT_SQL[kind] : undefined;
    if (reason === undefined) throw new RejectedRequest("named_object_not_found_exception", `unknown field [${kind}]`);
    throw new UnsupportedClause(own, reason);
  }
  const text = texts.get("text") ?? texts.get("prefix") ?? texts.get("regex") ?? global;
  return { kind, suggester: compile(name, text, options, own, context) };
}
