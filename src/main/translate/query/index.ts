// The Query DSL: a table from clause name to the file that compiles it.
import { childPointer, isObject, type JsonValue } from "../../../shared/json.ts";
import { marked } from "../../clickhouse/sql/ast.ts";
import type { Context } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { compileMatchAll } from "./match_all.ts";
import { compileMatchNone } from "./match_none.ts";
import type { CompileClause, Compiled } from "./types.ts";

const CLAUSES: Readonly<Record<string, CompileClause>> = {
  match_all: compileMatchAll,
  match_none: compileMatchNone,
};

/** A query object (`{"term": {…}}`) and its JSON pointer in, SQL out. Throws UnsupportedClause or RejectedRequest. */
export function compileQuery(query: JsonValue, pointer: string, context: Context): Compiled {
  if (!isObject(query)) throw new RejectedRequest("parsing_exception", "[_na] query malformed, must start with start_object");
  const [name, ...others] = Object.keys(query);
  if (name === undefined) throw new RejectedRequest("illegal_argument_exception", "query malformed, empty clause found");
  if (others.length > 0) {
    throw new RejectedRequest("parsing_exception", `[${name}] malformed query, expected [END_OBJECT] but found [FIELD_NAME]`);
  }
  const compile = Object.hasOwn(CLAUSES, name) ? CLAUSES[name] : undefined;
  const own = childPointer(pointer, name);
  if (compile === undefined) throw new UnsupportedClause(own, `the [${name}] query has no SQL yet`);
  const compiled = compile(query[name] ?? null, own, context);
  return { ...compiled, where: marked(own, compiled.where) };
}
