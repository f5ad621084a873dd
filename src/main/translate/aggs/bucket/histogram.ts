// `histogram`: buckets of a number. Keys are multiples of the interval plus the offset, computed in doubles as Elasticsearch does.
import { isNumber, member } from "../../../../shared/json.ts";
import { binary, call, type Expr, literal, param } from "../../../clickhouse/sql/ast.ts";
import { doubleJson } from "../../../elasticsearch/fields/number_text.ts";
import type { Context } from "../../context.ts";
import { RejectedRequest } from "../../failure.ts";
import { count, fromSortable } from "../cells.ts";
import { boundsObject } from "../dates.ts";
import { type Found, fillGaps } from "../fill.ts";
import { valueText } from "../number_metric.ts";
import { checkOrders, inBucketOrder, parseOrder } from "../order.ts";
import { Parameters } from "../parameters.ts";
import type { AggregationNode, Buckets, Draft, Member, MultiBucketDefinition } from "../types.ts";
import { distinct, filtered, mapped, numbersOf, sortable } from "../values.ts";

export const histogram: MultiBucketDefinition = { kind: "multi", compile: compileHistogram };

interface Bounds {
  readonly min: number | undefined;
  readonly max: number | undefined;
}

function compileHistogram(node: AggregationNode, context: Context): Buckets {
  const parameters = new Parameters(node);
  const values = numbersOf(parameters, context);
  const interval = parameters.number("interval") ?? 0;
  const offset = parameters.number("offset") ?? 0;
  const minDocCount = parameters.integer("min_doc_count", 0);
  const keyed = parameters.boolean("keyed", false);
  const orders = parseOrder(parameters.value("order"), [{ by: "_key", desc: false }]);
  checkOrders(orders, node.children);
  const extended = boundsOf(parameters, "extended_bounds");
  const hard = boundsOf(parameters, "hard_bounds");
  const text = valueText(parameters, values);
  parameters.done();
  if (!(interval > 0)) {
    const type = parameters.value("interval") === undefined ? "illegal_argument_exception" : "x_content_parse_exception";
    throw new RejectedRequest(type, "[interval] must be >0 for histogram aggregation");
  }
  checkBounds(extended, hard);
  if (minDocCount < 0) throw new RejectedRequest("x_content_parse_exception", "[minDocCount] must be greater than or equal to 0");
  if (values === undefined) return { keys: call("emptyArrayUInt8"), minDocCount: 0, drafts: () => [], keyed };
  const round = (x: number): number => Math.floor((x - offset) / interval) * interval + offset;
  const span = {
    min: extended.min === undefined ? undefined : round(extended.min),
    max: extended.max === undefined ? undefined : round(extended.max),
  };
  const number = (x: Expr): Expr => {
    const shifted = offset === 0 ? x : binary(x, "-", param("Float64", offset));
    // -0.0 and 0.0 are one bucket.
    return binary(call("floor", binary(shifted, "/", param("Float64", interval))), "+", literal(0));
  };
  // Elasticsearch compares the key without its offset.
  const key = (x: Expr): Expr => binary(x, "*", param("Float64", interval));
  const within = (x: Expr): Expr =>
    call(
      "and",
      hard.min === undefined ? literal(1) : binary(key(x), ">=", param("Float64", hard.min)),
      hard.max === undefined ? literal(1) : binary(key(x), "<=", param("Float64", hard.max)),
    );
  const numbers = mapped(values.expr, (x) => call("toFloat64", number(x)));
  const inside = hard.min === undefined && hard.max === undefined ? numbers : filtered(numbers, within);
  return {
    keys: distinct(mapped(inside, sortable)),
    minDocCount,
    keyed,
    drafts({ rows, cells }) {
      const found = rows.map((row) => ({ row, key: fromSortable(row[cells.key]) * interval + offset }));
      const all = minDocCount > 0 ? found : fillGaps(found, (last) => round(last + interval * 1.5), span);
      const cellsOf = new Map(rows.map((row) => [row, row[cells.key]]));
      return all.map((each) => draft(each, (each.row === null ? null : cellsOf.get(each.row)) ?? null, text(each.key), cells.count));
    },
    arrange: (buckets) => inBucketOrder(buckets, orders, node.name),
  };
}

function draft({ key, row }: Found, cell: Draft["cell"], text: string | undefined, countCell: string): Draft {
  const docCount = count(row, countCell);
  const printed: readonly Member[] = text === undefined ? [] : [["key_as_string", text]];
  const members: readonly Member[] = [...printed, ["key", doubleJson(key)], ["doc_count", docCount]];
  return { row, cell, docCount, name: text ?? String(doubleJson(key)), position: key, members };
}

function checkBounds(extended: Bounds, hard: Bounds): void {
  if ((extended.min ?? -Infinity) > (extended.max ?? Infinity) || (hard.min ?? -Infinity) > (hard.max ?? Infinity)) {
    throw new RejectedRequest("x_content_parse_exception", "a lower bound is above the upper one");
  }
  const below = extended.min !== undefined && hard.min !== undefined && extended.min < hard.min;
  const above = extended.max !== undefined && hard.max !== undefined && extended.max > hard.max;
  if (below || above) throw new RejectedRequest("illegal_argument_exception", "Extended bounds have to be inside hard bounds");
}

function boundsOf(parameters: Parameters, name: string): Bounds {
  const bounds = boundsObject(parameters, name) ?? {};
  const side = (which: string): number | undefined => {
    const value = member(bounds, which);
    return isNumber(value) || typeof value === "string" ? Number(value) : undefined;
  };
  return { min: side("min"), max: side("max") };
}
