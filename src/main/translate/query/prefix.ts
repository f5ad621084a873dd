// prefix: a keyword or word that starts with the text. Scores 1.
import { type JsonValue, member } from "../../../shared/json.ts";
import { call, type Expr, param } from "../../clickhouse/sql/ast.ts";
import type { Field } from "../../elasticsearch/mapping.ts";
import { type Context, fieldOf } from "../context.ts";
import { RejectedRequest } from "../failure.ts";
import { booleanOption, boostOf, fieldClause, scalarText } from "../parameters.ts";
import { constant, withoutField } from "./compiled.ts";
import { foldAscii, lowerAscii, someValue, termValue, typeOf } from "./field_values.ts";
import { compileMetaPattern, isMetaField } from "./meta_field.ts";
import { checkRewrite, foldedSource } from "./pattern.ts";
import type { Compiled } from "./types.ts";

export function compilePrefix(body: JsonValue, pointer: string, context: Context): Compiled {
  const { path, options, pointer: own } = fieldClause(body, pointer, "prefix", "value", ["case_insensitive", "rewrite"]);
  checkRewrite(options, own);
  const boost = boostOf(options);
  const value = member(options, "value") ?? null;
  if (value === null) throw new RejectedRequest("illegal_argument_exception", "value cannot be null");
  const folded = booleanOption(options, "case_insensitive", false);
  if (isMetaField(path)) {
    const text = folded ? foldAscii(scalarText(value)) : scalarText(value);
    const where = (each: Expr): Expr => call("startsWith", folded ? lowerAscii(each) : each, param("String", text));
    return compileMetaPattern(path, { clause: "prefix", pattern: `${scalarText(value)}*`, folded, where }, own, context, boost);
  }
  const field = fieldOf(context, path, own);
  if (field === undefined) return withoutField(context, path);
  requireText(field, "prefix", own);
  const term = termValue(field, scalarText(value), own, context);
  const prefix = term.kind === "value" ? String(term.value) : scalarText(value);
  return prefixOf(field, prefix, folded, boost);
}

/** Documents with a value or word that starts with `prefix`. */
export function prefixOf(field: Field, prefix: string, folded: boolean, boost = 1): Compiled {
  const text = folded ? foldAscii(prefix) : prefix;
  const where = someValue(field, (value) => call("startsWith", folded ? lowerAscii(value) : value, param("String", text)));
  return constant(where, boost, [
    folded ? { kind: "pattern", field, pattern: `^${foldedSource(prefix)}` } : { kind: "prefix", field, prefix },
  ]);
}

/** Throws where Elasticsearch allows the clause on keywords and words only. */
export function requireText(field: Field, clause: string, pointer: string): void {
  const { family } = typeOf(field, pointer);
  if (field.key !== undefined && clause !== "prefix") {
    const reason = `[${clause}] queries are not currently supported on keyed [flattened] fields.`;
    throw new RejectedRequest("query_shard_exception", `failed to create query: ${reason}`);
  }
  if (family === "keyword" || family === "text") return;
  throw new RejectedRequest(
    "query_shard_exception",
    `failed to create query: Can only use ${clause} queries on keyword, text and wildcard fields - not on [${field.path}] which is of type [${field.type}]`,
  );
}
