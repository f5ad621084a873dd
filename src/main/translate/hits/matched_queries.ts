// `matched_queries` of a hit: the names of the clauses that match it, in the order of Java's HashMap.
import { isArray, isNumber, type JsonObject, jsonObject } from "../../../shared/json.ts";
import { array, type Column, call, param } from "../../clickhouse/sql/ast.ts";
import { javaHashOrder } from "../aggs/java_hash_order.ts";
import type { Context } from "../context.ts";
import { UnsupportedClause } from "../failure.ts";
import type { Row } from "../types.ts";
import { presentScore } from "./sort_score.ts";

/** The cell with a number for each name. */
export const MATCHED = "#matched";

export interface MatchedQueries {
  readonly columns: readonly Column[];
  /** `{matched_queries}`, or nothing. */
  shape(row: Row): JsonObject;
}

const NONE: MatchedQueries = Object.freeze({ columns: [], shape: () => ({}) });

export function compileMatchedQueries({ named }: Context): MatchedQueries {
  if (named === undefined || named.clauses.length === 0) return NONE;
  const { clauses, scored } = named;
  const cells = clauses.map(({ where, scoring, pointer }) => {
    if (!scored) return call("toFloat64", where);
    if (scoring === undefined) throw new UnsupportedClause(`${pointer}/_name`, "the score of this clause has no exact SQL");
    return call("if", where, call("toFloat64", scoring), param("Float64", Number.NaN));
  });
  const order = javaHashOrder(clauses.map(({ name }) => name));
  return {
    columns: [{ expr: array(...cells), alias: MATCHED }],
    shape(row) {
      const found = row[MATCHED] ?? null;
      const values = isArray(found) ? found : [];
      const byName = new Map(clauses.map(({ name }, i) => [name, values[i] ?? null] as const));
      const matched = order.filter((name) => {
        const value = byName.get(name) ?? null;
        return isNumber(value) && (scored || Number(value) !== 0);
      });
      if (matched.length === 0) return {};
      const scores = matched.map((name) => [name, presentScore(byName.get(name) ?? null)] as const);
      return { matched_queries: scored ? jsonObject(scores) : matched };
    },
  };
}
