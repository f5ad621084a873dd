// `rate`: documents, values or their sum for each unit of time, below a date_histogram or a composite with one source of dates. The
// reference server has no such module: this follows Elasticsearch's manual and x-pack-analytics.
import { isArray, isObject, member } from "../../../../shared/json.ts";
import { binary, literal } from "../../../clickhouse/sql/ast.ts";
import { RejectedRequest, UnsupportedClause } from "../../failure.ts";
import type { Row } from "../../types.ts";
import { roundingOf } from "../bucket/date_histogram.ts";
import { integer } from "../cells.ts";
import type { Grain } from "../grain.ts";
import { calendarUnit } from "../interval.ts";
import { floatSum, shapedNumber, valueText } from "../number_metric.ts";
import { ALIKE } from "../order.ts";
import { Parameters } from "../parameters.ts";
import { nextMs, type Rounding } from "../rounding.ts";
import { sumColumn } from "../sums.ts";
import type { AggregationNode, MetricDefinition, MetricSurroundings } from "../types.ts";
import { numbersOf, refusedType, type Values, valueNumber } from "../values.ts";
import { type CalendarUnit, unitMs } from "../wall_clock.ts";

/** Months of a unit that has no fixed length. */
const MONTHS: Readonly<Partial<Record<CalendarUnit, number>>> = { month: 1, quarter: 3, year: 12 };

/** The buckets of time that stand around. */
interface Steps {
  readonly rounding: Rounding;
  /** The key of the bucket that a row stands for, epoch ms; undefined where other buckets stand in between. */
  readonly keyOf: ((row: Row) => number) | undefined;
}

export const rate: MetricDefinition = {
  kind: "metric",
  compile(node, grain, context, around) {
    const parameters = new Parameters(node);
    const unit = unitOf(parameters);
    const mode = parameters.text("mode")?.toLowerCase();
    if (mode !== undefined && mode !== "sum" && mode !== "value_count") {
      throw new RejectedRequest("x_content_parse_exception", `Unknown rate mode ${mode}`);
    }
    const counts = member(node.body, "field") === undefined && member(node.body, "script") === undefined;
    if (counts && mode !== undefined) {
      throw new RejectedRequest("illegal_argument_exception", "The mode parameter is only supported with field or script");
    }
    const values = counts ? undefined : numbersOf(parameters, context);
    if (values !== undefined && values.family !== "integer" && values.family !== "floating") throw refusedType(values, parameters);
    if (counts && parameters.value("format") !== undefined) {
      throw new UnsupportedClause(parameters.pointer("format"), "the format of a rate of documents is not translated");
    }
    const text = valueText(parameters, values);
    parameters.done();
    if (values === undefined && !counts) return { shape: () => shapedNumber(0, text), sortKey: () => ALIKE };
    const steps = stepsAround(around);
    const { sortKey, read } = amountOf(grain, values, mode);
    return {
      shape(row) {
        if (row === null) return shapedNumber(0, text);
        const { value, slack } = read(row);
        const units = unit === undefined ? 1 : unitsIn(steps, unit, row);
        return shapedNumber(value / units, text, floatSum("/value", value / units, slack / units));
      },
      sortKey: (property) => {
        if (property !== undefined && property !== "value") return undefined;
        return binary(sortKey, "/", literal(unit === undefined ? 1 : unitsIn(steps, unit, null)));
      },
    };
  },
};

function unitOf(parameters: Parameters): CalendarUnit | undefined {
  const text = parameters.text("unit");
  const unit = text === undefined ? undefined : calendarUnit(text);
  if (text !== undefined && unit === undefined) throw new RejectedRequest("x_content_parse_exception", `Unsupported unit ${text}`);
  return unit;
}

function amountOf(grain: Grain, values: Values | undefined, mode: string | undefined) {
  if (values !== undefined && mode !== "value_count") return sumColumn(grain, values);
  const sortKey = values === undefined ? grain.aggregate("count", []) : valueNumber(grain, values);
  const cell = grain.cell(sortKey);
  return { sortKey, read: (row: Row | null) => ({ value: Number(integer(row?.[cell])), slack: 0 }) };
}

/** The nearest buckets of time. Throws RejectedRequest where there are none. */
function stepsAround({ above, keyCell }: MetricSurroundings): Steps {
  const parent = above.at(-1);
  const histogram = above.findLast(({ type }) => type === "date_histogram");
  if (histogram !== undefined) {
    const keyOf = (row: Row) => Number(integer(row[keyCell]));
    return { rounding: roundingOf(new Parameters(histogram)), keyOf: histogram === parent ? keyOf : undefined };
  }
  const composite = above.findLast(({ type }) => type === "composite");
  if (composite === undefined) {
    const reason =
      "The rate aggregation can only be used inside a date histogram aggregation or composite aggregation with exactly one date histogram value source";
    throw new RejectedRequest("illegal_argument_exception", reason);
  }
  const sources = datedSources(composite);
  const [only, ...others] = sources;
  if (only === undefined || others.length > 0) {
    const reason = `the ancestor composite aggregation [${composite.name}] must have exactly one date_histogram value source`;
    throw new RejectedRequest("illegal_argument_exception", reason);
  }
  const keyOf = (row: Row) => {
    const cell = row[keyCell];
    return Number(integer(isArray(cell) ? cell[2 * only.position + 1] : undefined));
  };
  return { rounding: only.rounding, keyOf: composite === parent ? keyOf : undefined };
}

function datedSources({ body, ...node }: AggregationNode): readonly { readonly rounding: Rounding; readonly position: number }[] {
  const sources = member(body, "sources");
  return (isArray(sources) ? sources : []).flatMap((source, position) => {
    const [own] = isObject(source) ? Object.values(source) : [];
    const dated = isObject(own) ? member(own, "date_histogram") : undefined;
    return isObject(dated) ? [{ rounding: roundingOf(new Parameters({ ...node, body: dated })), position }] : [];
  });
}

/** How many units one bucket of time spans; `row` null: any bucket. */
function unitsIn({ rounding, keyOf }: Steps, unit: CalendarUnit, row: Row | null): number {
  const { interval } = rounding;
  const length = unitMs(unit);
  if (interval.kind === "fixed") {
    if (length !== undefined) return interval.ms / length;
    throw refused(`Cannot use month-based rate unit [${unit}] with fixed interval based histogram`);
  }
  const own = unitMs(interval.unit);
  if (own !== undefined && length !== undefined) return own / length;
  if (own === undefined && length === undefined) return (MONTHS[interval.unit] ?? 1) / (MONTHS[unit] ?? 1);
  if (own !== undefined || length === undefined) {
    throw refused(`Cannot use month-based rate unit [${unit}] with non-month based calendar interval histogram [${interval.unit}]`);
  }
  if (keyOf === undefined || row === null) {
    throw refused(`Cannot use non month-based rate unit [${unit}] with calendar interval histogram [${interval.unit}]`);
  }
  const key = keyOf(row);
  // An offset moves the key and not the end that it is measured to.
  return (nextMs(key, { ...rounding, offset: 0 }) - key) / length;
}

function refused(reason: string): RejectedRequest {
  return new RejectedRequest("illegal_argument_exception", reason);
}
