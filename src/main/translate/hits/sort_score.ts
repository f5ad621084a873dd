// Sorting by `_score`, where it can be told exactly.
import { isNumber, type JsonObject, type JsonValue } from "../../../shared/json.ts";
import { type Expr, param } from "../../clickhouse/sql/ast.ts";
import { floatJson } from "../../elasticsearch/fields/number_text.ts";
import { UnsupportedClause } from "../failure.ts";
import type { Compiled } from "../query/types.ts";
import { checkSortOptions, descending, type SortKey } from "./sort.ts";

export function scoreKey(body: JsonObject, pointer: string, query: Compiled): SortKey {
  checkSortOptions(body, ["order"]);
  const desc = descending(body, pointer, "desc");
  const value = scoreOf(query, pointer);
  return { kind: "score", parts: [{ expr: value, desc, after: (bound) => param("Float64", Number(bound)) }], value, present: presentScore };
}

/** The score of a hit as SQL. Throws UnsupportedClause where it depends on how often terms occur. */
export function scoreOf(query: Compiled, pointer: string): Expr {
  const value = query.score === null ? query.scoring : param("Float64", query.score);
  if (value === undefined) {
    throw new UnsupportedClause(pointer, "the relevance of this clause has no exact SQL; sort by a field, or filter");
  }
  return value;
}

/** A score cell as `_score` prints it: a float. */
export function presentScore(cell: JsonValue): JsonValue {
  return isNumber(cell) ? floatJson(Math.fround(Number(cell))) : null;
}
