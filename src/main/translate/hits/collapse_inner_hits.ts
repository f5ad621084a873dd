// Inner hits of `collapse`: the first documents of each group that is shown, as a search of its own would show them.
import { isArray, type JsonObject, type JsonValue, member } from "../../../shared/json.ts";
import { and, call, column, type Expr, isIn, over, type Query } from "../../clickhouse/sql/ast.ts";
import type { Context } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { booleanOption, numberOption, parameters, scalarText, textOption } from "../parameters.ts";
import type { Compiled } from "../query/types.ts";
import { selectDocuments } from "../source.ts";
import type { Row, Statement, StatementRows } from "../types.ts";
import { compileHit } from "./hit.ts";
import { compileSort, sortCell, sortValues } from "./sort.ts";
import { presentScore, scoreOf } from "./sort_score.ts";

/** The cell with the group's value: an array of one, or none. */
export const GROUP = "_group";

/** The search whose hits are collapsed. */
export interface SearchOfGroups {
  readonly query: Compiled;
  /** False without `query`: a group's documents are then only filtered, and score 0. */
  readonly scored: boolean;
  /** True for the documents that are hits. */
  readonly where: Expr;
  /** Selects `key` of the groups that are shown. */
  shownGroups(key: Expr): Query;
}

export interface InnerHits {
  readonly name: string;
  readonly statement: Statement;
  /** The inner hits of the group with this value. */
  shape(group: readonly JsonValue[], rows: StatementRows): JsonObject;
}

const KNOWN = ["name", "size", "from", "sort", "_source", "fields", "docvalue_fields", "stored_fields", "version", "seq_no_primary_term"];
const COUNTED_UP_TO = 10_000;

export function compileInnerHits(
  spec: JsonObject,
  pointer: string,
  statementName: string,
  context: Context,
  search: SearchOfGroups & { readonly key: Expr },
): InnerHits {
  const options = parameters(spec, pointer, "inner_hits", [...KNOWN, "track_scores", "ignore_unmapped"]);
  const size = numberOption(options, "size", 3);
  const from = numberOption(options, "from", 0);
  if (size < 0 || from < 0) throw new RejectedRequest("illegal_argument_exception", "illegal size or from value");
  const query: Compiled = search.scored ? search.query : { ...search.query, score: 0 };
  const sort = compileSort(member(options, "sort"), `${pointer}/sort`, context, query);
  const hit = compileHit(spec, pointer, context, []);
  const byScore = sort.keys.length === 0;
  const tracked = byScore || booleanOption(options, "track_scores", false) || sort.keys.some(({ kind }) => kind === "score");
  if (tracked && !byScore && query.score === null) {
    throw new UnsupportedClause(`${pointer}/sort`, "the best score of a group that is sorted otherwise has no SQL yet");
  }
  const score = tracked ? [{ expr: scoreOf(query, pointer), alias: "_score" }] : [];
  const key = { expr: search.key, alias: GROUP };
  const total = { expr: over(call("count"), [search.key]), alias: "#total" };
  const statement = selectDocuments(context, {
    columns: [...hit.columns, ...score, ...sort.keys.map((each, i) => ({ expr: each.value, alias: sortCell(i) })), key, total],
    where: and([search.where, isIn(search.key, search.shownGroups(search.key))]),
    orderBy: [...(byScore ? [{ expr: column("_score"), desc: true }] : []), ...sort.order],
    limitBy: { limit: Math.max(1, from + size), by: [column(GROUP)] },
  });
  const shapeOne = (row: Row): JsonObject =>
    hit.shape(row, tracked ? presentScore(row._score ?? null) : null, byScore ? null : sortValues(sort.keys, row));
  return {
    name: textOption(options, "name", ""),
    statement: { name: statementName, query: statement },
    shape(group, rows) {
      const own = (rows.get(statementName) ?? []).filter((row) => sameGroup(row, group));
      const counted = Number(own[0]?.["#total"] ?? 0);
      return {
        hits: {
          total: counted > COUNTED_UP_TO ? { value: COUNTED_UP_TO, relation: "gte" } : { value: counted, relation: "eq" },
          max_score: tracked && size > 0 ? presentScore(own[0]?._score ?? null) : null,
          hits: own.slice(from, from + size).map(shapeOne),
        },
      };
    },
  };
}

function sameGroup(row: Row, group: readonly JsonValue[]): boolean {
  const own = row[GROUP];
  return isArray(own) && own.length === group.length && own.every((value, i) => scalarText(value) === scalarText(group[i] ?? null));
}
