// What an expression sees: the columns so far, the request around it, and how it says no.
import type { JsonValue } from "../../../shared/json.ts";
import type { Expr } from "../../clickhouse/sql/ast.ts";
import type { Context } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { placeText } from "./lexer.ts";
import { pointerTo } from "./pointer.ts";
import type { Place } from "./tree.ts";
import type { Value } from "./value.ts";

export interface Attribute {
  readonly name: string;
  readonly value: Value;
}

export interface Scope {
  readonly text: string;
  readonly context: Context;
  readonly attributes: readonly Attribute[];
  readonly search: Search;
  /** Whether Lucene compares what the condition at hand asks of a field, rounding numbers as the field does. */
  readonly byLucene: Certainty;
  /** True in STATS: BUCKET may stand there alone. */
  readonly grouping: boolean;
}

export type Certainty = "yes" | "no" | "unknown";

/** What full text search may ask: of the documents, or nothing, and why. */
export type Search =
  | {
      readonly kind: "documents";
      /** False: QSTR and KQL must come before any command but WHERE and SORT. */
      readonly whole: boolean;
      /** True below anything but AND, OR and NOT, where search functions may not stand. */
      readonly nested: boolean;
      /** Compiles a query of the Query DSL over the documents. */
      compile(query: JsonValue, place: Place): Expr;
    }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "without_sql" };

/** Elasticsearch refuses the query for what stands at a place. */
export function refused(scope: Pick<Scope, "text">, place: Place, reason: string): RejectedRequest {
  return new RejectedRequest("verification_exception", `Found 1 problem\n${placeText(scope.text, place.at)}: ${reason}`);
}

/** Elasticsearch's parser refuses a function for its number of arguments. */
export function misbuilt(scope: Pick<Scope, "text">, place: Place, reason: string): RejectedRequest {
  return new RejectedRequest("parsing_exception", `${placeText(scope.text, place.at)}: ${reason}`);
}

/** What stands at a place has no exact SQL. */
export function withoutSql(place: Place, reason: string): UnsupportedClause {
  return new UnsupportedClause(pointerTo(place), reason);
}

/** The query's own text at a place. */
export function textAt(scope: Pick<Scope, "text">, place: Place): string {
  return scope.text.slice(place.at, place.end);
}
