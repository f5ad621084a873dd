// `filters`: one bucket a query, named or by position, and one for what matches none.
import { childPointer, isArray, isObject, type JsonValue } from "../../../../shared/json.ts";
import { and, array, binary, call, column, type Expr, lambda, literal, not, TRUE } from "../../../clickhouse/sql/ast.ts";
import type { Context } from "../../context.ts";
import { RejectedRequest } from "../../failure.ts";
import type { Row } from "../../types.ts";
import { count, integer } from "../cells.ts";
import { compileOwnQuery } from "../own_query.ts";
import { Parameters } from "../parameters.ts";
import type { AggregationNode, Buckets, MultiBucketDefinition } from "../types.ts";

export const filters: MultiBucketDefinition = { kind: "multi", compile: compileFilters };

function compileFilters(node: AggregationNode, context: Context): Buckets {
  const parameters = new Parameters(node);
  const value = parameters.value("filters");
  const anonymous = isArray(value);
  const queries = queriesOf(value, parameters, context);
  const otherKey = parameters.text("other_bucket_key");
  const other = parameters.boolean("other_bucket", otherKey !== undefined) ? (otherKey ?? "_other_") : undefined;
  const keyed = !anonymous && parameters.boolean("keyed", true);
  parameters.ignore("keyed");
  parameters.done();
  const names = [...queries.map(({ name }) => name), ...(other === undefined ? [] : [other])];
  const conditions = queries.map(({ where }) => where);
  const all = other === undefined ? conditions : [...conditions, and(conditions.map(not))];
  return {
    ...positionsOf(all),
    keyed,
    drafts({ rows, cells }) {
      const byPosition = rowsByPosition(rows, cells.key);
      return names.map((name, position) => {
        const row = byPosition.get(position) ?? null;
        const docCount = count(row, cells.count);
        const key = !anonymous && !keyed ? [["key", name] as const] : [];
        return { row, cell: position, docCount, name, position: Number.NaN, members: [...key, ["doc_count", docCount]] };
      });
    },
  };
}

/** Buckets that no document is in. */
export const NOWHERE: Pick<Buckets, "keys" | "minDocCount"> = { keys: call("emptyArrayInt32"), minDocCount: 0 };

/** Buckets of the documents for which these conditions hold; their keys are the conditions' positions. */
export function positionsOf(conditions: readonly Expr[]): Pick<Buckets, "keys" | "conditions" | "minDocCount"> {
  return { keys: matchingPositions(conditions), conditions, minDocCount: 0 };
}

/** The positions of the conditions that hold, from 0. */
export function matchingPositions(conditions: readonly Expr[]): Expr {
  const flags = array(
    ...conditions.map((condition, i) => call("if", condition, call("toInt32", literal(i)), call("toInt32", literal(-1)))),
  );
  return call("arrayFilter", lambda(["x"], binary(column("x"), ">=", literal(0))), flags);
}

/** Rows by the position that is their key. */
export function rowsByPosition(rows: readonly Row[], key: string): ReadonlyMap<number, Row> {
  return new Map(rows.map((row) => [Number(integer(row[key])), row]));
}

function queriesOf(value: JsonValue | undefined, parameters: Parameters, context: Context): readonly { name: string; where: Expr }[] {
  const pointer = parameters.pointer("filters");
  const entries: readonly (readonly [string | number, JsonValue])[] = isArray(value)
    ? value.map((query, i) => [i, query] as const)
    : isObject(value)
      ? Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      : [];
  if (entries.length === 0) throw new RejectedRequest("illegal_argument_exception", "[filters] cannot be empty");
  return entries.map(([name, query]) => ({
    name: String(name),
    where: isObject(query) && Object.keys(query).length === 0 ? TRUE : compileOwnQuery(query, childPointer(pointer, name), context).where,
  }));
}
