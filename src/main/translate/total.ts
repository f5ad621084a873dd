// How many documents match: the `count` statement and `hits.total`. Elasticsearch counts up to 10,000 unless told
// otherwise and then says "at least": the SQL stops counting there too.

import { isNumber, type JsonObject } from "../../shared/json.ts";
import { and, call, literal, select } from "../clickhouse/sql/ast.ts";
import type { Context } from "./context.ts";
import { UnsupportedClause } from "./failure.ts";
import type { InnerHits } from "./hits/inner_hits.ts";
import { compileQuery } from "./query/index.ts";
import type { Compiled } from "./query/types.ts";
import type { SearchRequest } from "./request.ts";
import { selectDocuments } from "./source.ts";
import type { Statement, StatementRows } from "./types.ts";

export interface Total {
  readonly statements: readonly Statement[];
  /** The documents counted; 0 without a statement. */
  count(rows: StatementRows): number;
  /** `{total}` as it stands in `hits`, or nothing. */
  shape(rows: StatementRows): JsonObject;
}

const NAME = "count";

export function compileTotal(request: SearchRequest, query: Compiled, context: Context): Total {
  const { totalUpTo, totalAsNumber } = request;
  // A page that begins past all hits shows none of them, yet their best score.
  const unseen = totalUpTo === null && request.from > 0 && request.size > 0;
  if (totalUpTo === null && !unseen) return { statements: [], count: () => 0, shape: () => untracked(totalAsNumber) };
  const where = matching(request, query, context);
  const one = [{ expr: call("count"), alias: "#total" }];
  const upTo = totalUpTo ?? 0;
  const counted = Number.isFinite(upTo)
    ? select({
        columns: one,
        from: { kind: "subquery", query: selectDocuments(context, { columns: [{ expr: literal(1) }], where, limit: upTo + 1 }) },
      })
    : selectDocuments(context, { columns: one, where });
  const statements = [{ name: NAME, query: counted }];
  if (totalUpTo === null) return { statements, count: () => 0, shape: () => untracked(totalAsNumber) };
  return {
    statements,
    count: countedHits,
    shape: (rows) => ({ total: shapeTotal(countedHits(rows), totalUpTo) }),
  };
}

const untracked = (asNumber: boolean): JsonObject => (asNumber ? { total: -1 } : {});

/** The documents that are hits: those of the query that `post_filter` lets through. */
export function matching(request: SearchRequest, query: Compiled, context: Context): Compiled["where"] {
  if (request.postFilter === null) return query.where;
  const innerHits: InnerHits[] = [];
  const filter = compileQuery(request.postFilter, "/post_filter", { ...context, innerHits });
  if (innerHits.length > 0) throw new UnsupportedClause("/post_filter", "inner hits of a filter after the query have no SQL yet");
  return and([query.where, filter.where]);
}

/** How many hits were counted, in the window and outside; 0 where none are. */
export function countedHits(rows: StatementRows): number {
  const total = rows.get(NAME)?.[0]?.["#total"];
  return isNumber(total) ? Number(total) : 0;
}

function shapeTotal(total: number, upTo: number): JsonObject {
  return total > upTo ? { value: upTo, relation: "gte" } : { value: total, relation: "eq" };
}
