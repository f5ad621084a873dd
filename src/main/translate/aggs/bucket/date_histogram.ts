// `date_histogram`: buckets of time, in the wall clock of a zone. Empty ones between the first and the last are filled in here.
import type { JsonValue } from "../../../../shared/json.ts";
import { binary, call, type Expr, literal } from "../../../clickhouse/sql/ast.ts";
import type { Context } from "../../context.ts";
import { RejectedRequest, UnsupportedClause } from "../../failure.ts";
import { count, integer } from "../cells.ts";
import { type Bounds, dateBounds, datesOf, dateText, spanOf, zoneOf } from "../dates.ts";
import { type Found, fillGaps } from "../fill.ts";
import { formatOf } from "../format.ts";
import { calendarInterval, durationMs, fixedInterval } from "../interval.ts";
import { checkOrders, inBucketOrder, parseOrder } from "../order.ts";
import { Parameters } from "../parameters.ts";
import { nextMs, type Rounding, roundedKeys, roundMs } from "../rounding.ts";
import type { AggregationNode, Buckets, Draft, MultiBucketDefinition } from "../types.ts";
import { distinct, filtered } from "../values.ts";
import { OUT_OF_CALENDAR } from "../wall_clock.ts";

export const dateHistogram: MultiBucketDefinition = { kind: "multi", compile: compileDateHistogram };

function compileDateHistogram(node: AggregationNode, context: Context): Buckets {
  const parameters = new Parameters(node);
  const rounding = roundingOf(parameters);
  const values = datesOf(parameters, context, rounding.zone, parameters.text("format"));
  const format = formatOf(parameters, values);
  const minDocCount = parameters.integer("min_doc_count", 0);
  const keyed = parameters.boolean("keyed", false);
  const orders = parseOrder(parameters.value("order"), [{ by: "_key", desc: false }]);
  checkOrders(orders, node.children);
  const extended = dateBounds(parameters, "extended_bounds", values, rounding.zone, format, context.now);
  const hard = dateBounds(parameters, "hard_bounds", values, rounding.zone, format, context.now);
  parameters.done();
  if (values === undefined) return { keys: call("emptyArrayUInt8"), minDocCount: 0, drafts: () => [], keyed };
  const bare = values.family === "integer" && format === undefined;
  const keys = distinct(roundedKeys(values.expr, rounding, spanOf(values, context)));
  checkBounds(extended, hard, node.name);
  // Bounds are rounded as if there were no offset.
  const span = { min: roundedBound(extended?.min, rounding, rounding.offset), max: roundedBound(extended?.max, rounding, rounding.offset) };
  return {
    keys: hard === undefined ? keys : withinBounds(keys, hard, rounding),
    minDocCount,
    keyed,
    drafts({ rows, cells }) {
      const found = rows.map((row) => ({ row, key: keyOf(row[cells.key] ?? null, parameters) }));
      const all = minDocCount > 0 ? found : fillGaps(found, (key) => nextMs(key, rounding), span);
      return all.map((each) => draft(each, bare ? undefined : dateText(values, each.key, format, rounding.zone), cells.count));
    },
    arrange: (buckets) => inBucketOrder(buckets, orders, node.name),
  };
}

function draft({ key, row }: Found, text: string | undefined, countCell: string): Draft {
  const docCount = count(row, countCell);
  return {
    row,
    cell: key,
    docCount,
    name: text ?? String(key),
    position: key,
    members: [...(text === undefined ? [] : [["key_as_string", text] as const]), ["key", key], ["doc_count", docCount]],
  };
}

/** Reads the interval, zone and offset of a date_histogram. */
export function roundingOf(parameters: Parameters): Rounding {
  const calendar = parameters.text("calendar_interval");
  const fixed = parameters.text("fixed_interval");
  if (parameters.value("interval") !== undefined) throw new RejectedRequest("x_content_parse_exception", "unknown field [interval]");
  const zone = zoneOf(parameters);
  const offset = parameters.text("offset");
  if (calendar !== undefined && fixed !== undefined) {
    throw new RejectedRequest("x_content_parse_exception", "Cannot use [fixed_interval] with [calendar_interval] configuration option.");
  }
  if (calendar === undefined && fixed === undefined) {
    throw new RejectedRequest(
      "illegal_argument_exception",
      "Invalid interval specified, must be non-null and non-empty: one of [calendar_interval] or [fixed_interval] must be set",
    );
  }
  const interval = calendar !== undefined ? calendarInterval(calendar) : fixedInterval(fixed ?? "");
  return { interval, zone, offset: offsetOf(offset) };
}

function offsetOf(text: string | undefined): number {
  if (text === undefined) return 0;
  const ms = /^-?\d+$/.test(text) ? Number(text) : durationMs(text);
  if (ms === undefined) throw new RejectedRequest("illegal_argument_exception", `failed to parse [${text}] as a time value`);
  return ms;
}

function checkBounds(extended: Bounds | undefined, hard: Bounds | undefined, name: string): void {
  const { min, max } = extended ?? { min: undefined, max: undefined };
  if (min !== undefined && max !== undefined && min > max) {
    const reason = `[extended_bounds.min][${min}] cannot be greater than [extended_bounds.max][${max}] for histogram aggregation [${name}]`;
    throw new RejectedRequest("illegal_argument_exception", reason);
  }
  const below = min !== undefined && hard?.min !== undefined && min < hard.min;
  const above = max !== undefined && hard?.max !== undefined && max > hard.max;
  if (below || above) throw new RejectedRequest("illegal_argument_exception", "Extended bounds have to be inside hard bounds");
}

function roundedBound(bound: number | undefined, rounding: Rounding, offset: number): number | undefined {
  return bound === undefined ? undefined : roundMs(bound, { ...rounding, offset: 0 }) + offset;
}

function withinBounds(keys: Expr, hard: Bounds, rounding: Rounding): Expr {
  const min = roundedBound(hard.min, rounding, 0);
  const max = roundedBound(hard.max, rounding, 0);
  return filtered(keys, (x) =>
    call(
      "and",
      min === undefined ? literal(1) : binary(x, ">=", literal(min)),
      max === undefined ? literal(1) : binary(x, "<", literal(max)),
    ),
  );
}

function keyOf(cell: JsonValue, parameters: Parameters): number {
  const key = integer(cell);
  // An offset may have moved it.
  if (key < OUT_OF_CALENDAR / 2n) {
    throw new UnsupportedClause(parameters.pointer("field"), "dates so far from today are outside the calendar that SQL rounds in");
  }
  return Number(key);
}
