// Clauses on metadata fields, of which some have a column, the index's name is known, and others can't be asked.
import type { JsonValue } from "../../../shared/json.ts";
import { and, binary, call, column, type Expr, or, param, TRUE } from "../../clickhouse/sql/ast.ts";
import type { Context } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { scalarText } from "../parameters.ts";
import { indexName } from "../source.ts";
import { constant, NONE, relevant } from "./compiled.ts";
import type { Compiled } from "./types.ts";

const META_FIELDS = new Set([
  "_id",
  "_index",
  "_routing",
  "_ignored",
  "_source",
  "_seq_no",
  "_version",
  "_primary_term",
  "_field_names",
  "_nested_path",
  "_doc_count",
  "_tier",
  "_data_stream_timestamp",
]);

export function isMetaField(path: string): boolean {
  return META_FIELDS.has(path);
}

/** Documents whose value of a metadata field is one of these. `single`: a term, whose score may depend on how rare it is. */
export function compileMetaTerms(
  path: string,
  values: readonly JsonValue[],
  pointer: string,
  context: Context,
  boost: number,
  single = false,
): Compiled {
  const texts = values.map(scalarText);
  switch (path) {
    case "_id":
      return constant(call("in", column("_id"), param("Array(String)", texts)), boost);
    case "_index":
      return constant(or(texts.map((text) => inIndex((name) => matchesStars(text, name), text, pointer, context))), boost);
    case "_routing": {
      const where = call(
        "in",
        column("_routing"),
        param(
          "Array(String)",
          texts.filter((text) => text !== ""),
        ),
      );
      return single ? relevant(where) : constant(where, boost);
    }
    case "_seq_no":
      return constant(
        call(
          "in",
          column("_seq_no"),
          param(
            "Array(Int64)",
            texts.map((text) => numberOf(text, pointer)),
          ),
        ),
        boost,
      );
    default:
      throw new UnsupportedClause(pointer, `no SQL for terms on the metadata field [${path}] yet`);
  }
}

function numberOf(text: string, pointer: string): bigint {
  if (!/^\d{1,18}$/.test(text)) throw new UnsupportedClause(pointer, `[${text}] is no number of a change`);
  return BigInt(text);
}

/** A pattern over a metadata field: `clause` is its name, `matches` says which index names it takes, `where` is its SQL. */
export interface MetaPattern {
  readonly clause: "prefix" | "wildcard" | "regexp";
  /** As Elasticsearch looks for it among the names of indices: only `*` stands for something. */
  readonly pattern: string;
  readonly folded: boolean;
  where(value: Expr): Expr;
}

/** Documents whose metadata field matches a pattern. Throws RejectedRequest for fields that take none. */
export function compileMetaPattern(path: string, asked: MetaPattern, pointer: string, context: Context, boost: number): Compiled {
  const { clause, pattern, folded } = asked;
  if (path === "_routing") return constant(and([notEmpty(path), asked.where(column(path))]), boost);
  if (path === "_index" && clause !== "regexp") {
    const fold = (text: string): string => (folded ? text.toLowerCase() : text);
    return constant(
      inIndex((name) => matchesStars(fold(pattern), fold(name)), pattern, pointer, context),
      boost,
    );
  }
  if (path === "_ignored") throw new UnsupportedClause(pointer, "no SQL for a pattern of [_ignored] yet");
  const types = clause === "regexp" ? "keyword and text" : "keyword, text and wildcard";
  throw new RejectedRequest(
    "query_shard_exception",
    `Can only use ${clause} queries on ${types} fields - not on [${path}] which is of type [${path}]`,
  );
}

// An alias would do as well, and the mirror knows none: an index that isn't named may still be meant.
function inIndex(matches: (name: string) => boolean, text: string, pointer: string, context: Context): Expr {
  const names = context.tables.map(({ index }) => index);
  const named = names.filter(matches);
  if (named.length === names.length) return TRUE;
  const exact = !text.includes("*");
  if (named.length === 0 || !exact) {
    throw new UnsupportedClause(pointer, `[${text}] may be an alias of the indices searched, which the mirror does not know`);
  }
  return call("in", indexName(context), param("Array(String)", named));
}

function matchesStars(pattern: string, name: string): boolean {
  const source = pattern.split("*").map((part) => part.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
  return new RegExp(`^${source.join(".*")}$`, "su").test(name);
}

const notEmpty = (path: string): Expr => binary(column(path), "!=", param("String", ""));

/** Documents that have a metadata field. */
export function compileMetaExists(path: string, pointer: string, boost: number): Compiled {
  if (EVERYWHERE.has(path)) return constant(TRUE, boost);
  if (path === "_routing") return constant(notEmpty(path), boost);
  if (path === "_primary_term") return NONE;
  if (path === "_ignored") throw new UnsupportedClause(pointer, "no SQL for the metadata field [_ignored] yet");
  throw new RejectedRequest("query_shard_exception", `Field [${path}] of type [${path}] does not support exists queries`);
}

const EVERYWHERE = new Set(["_id", "_index", "_seq_no", "_version", "_tier"]);
