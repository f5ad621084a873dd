// `range` and `date_range`: named spans, from inclusive, to exclusive. A document is in each span that one of its values is in.
import { isArray, isNumber, isObject, type JsonObject, type JsonValue, member } from "../../../../shared/json.ts";
import { and, binary, call, column, type Expr, lambda, param } from "../../../clickhouse/sql/ast.ts";
import { doubleJson, javaDouble } from "../../../elasticsearch/fields/number_text.ts";
import type { Context } from "../../context.ts";
import { RejectedRequest, UnsupportedClause } from "../../failure.ts";
import { count } from "../cells.ts";
import { datesOf, dateText, moment, zoneOf } from "../dates.ts";
import { formatOf } from "../format.ts";
import { valueText } from "../number_metric.ts";
import { compareDoubles } from "../order.ts";
import { Parameters } from "../parameters.ts";
import type { AggregationNode, Buckets, Member, MultiBucketDefinition } from "../types.ts";
import { numbersOf, unmappedValues, type Values } from "../values.ts";
import { NOWHERE, positionsOf, rowsByPosition } from "./filters.ts";

export const range: MultiBucketDefinition = { kind: "multi", compile: compileRange };
export const dateRange: MultiBucketDefinition = { kind: "multi", compile: compileDateRange };

interface Span {
  readonly key: string | undefined;
  /** -Infinity and Infinity where open. */
  readonly from: number;
  readonly to: number;
}

/** How a bound prints in keys and in from_as_string; undefined: no text beside the number. */
interface SpanText {
  inKey(value: number): string;
  beside(value: number): JsonValue | undefined;
}

function compileRange(node: AggregationNode, context: Context): Buckets {
  const parameters = new Parameters(node);
  const values = numbersOf(parameters, context);
  const spans = spansOf(parameters, (value) => rangeBound(value, values, parameters, context.now));
  const keyed = parameters.boolean("keyed", false);
  const formatted = parameters.value("format") !== undefined || values?.family === "date" || values?.family === "boolean";
  const text = valueText(parameters, values);
  parameters.done();
  const limits = spans.map((span) => ({ ...span, from: storedBound(span.from, values), to: storedBound(span.to, values) }));
  const printed = (value: number): string | undefined => (formatted ? text(value) : undefined);
  const beside = (value: number): JsonValue | undefined => {
    if (values?.field.type === "unsigned_long") return doubleJson(value);
    const own = printed(value);
    return values?.family === "boolean" ? own === "true" : own;
  };
  return bucketsOf(limits, spans, values, keyed, { inKey: (value) => printed(value) ?? javaDouble(value), beside });
}

function compileDateRange(node: AggregationNode, context: Context): Buckets {
  const parameters = new Parameters(node);
  const zone = zoneOf(parameters);
  const values = datesOf(parameters, context, zone, parameters.text("format")) ?? unmappedValues(parameters.field(), "date");
  const format = formatOf(parameters, values);
  if (values.family !== "date")
    throw new UnsupportedClause(parameters.pointer("field"), "spans of dates over whole numbers are not translated");
  const keyed = parameters.boolean("keyed", false);
  // A number is read by the format, too: 1729000000 of epoch_second.
  const readable = (value: JsonValue): JsonValue => (isNumber(value) ? String(Math.trunc(Number(value))) : value);
  const spans = spansOf(parameters, (value) => moment(readable(value), values, zone, format, context.now));
  parameters.done();
  const text = (value: number): string => dateText(values, value, format, zone);
  return bucketsOf(spans, spans, values, keyed, { inKey: text, beside: text });
}

// A bound is rounded as the field's values are: 0.1 of a float is not 0.1.
function storedBound(bound: number, values: Values | undefined): number {
  if (values?.family !== "floating" || !Number.isFinite(bound)) return bound;
  const term = values.type.term(values.field, bound);
  return term.kind === "value" ? Number(term.value) : bound;
}

/** The buckets of spans (`limits`: as they are compared) over the values of a document. */
export function bucketsOf(
  limits: readonly Span[],
  spans: readonly Span[],
  values: Values | undefined,
  keyed: boolean,
  text: SpanText,
): Buckets {
  const order = spans
    .map((_, i) => i)
    .toSorted((a, b) => compareDoubles(spans[a]?.from ?? 0, spans[b]?.from ?? 0) || compareDoubles(spans[a]?.to ?? 0, spans[b]?.to ?? 0));
  return {
    ...(values === undefined ? NOWHERE : positionsOf(limits.map((span) => within(values, span)))),
    keyed,
    drafts({ rows, cells }) {
      const byPosition = rowsByPosition(rows, cells.key);
      return order.flatMap((position) => {
        const span = spans[position];
        if (span === undefined) return [];
        const row = byPosition.get(position) ?? null;
        const docCount = count(row, cells.count);
        const name = span.key ?? `${bound(span.from, text)}-${bound(span.to, text)}`;
        const members: readonly Member[] = [
          ...(keyed ? [] : [["key", name] as const]),
          ...side("from", span.from, text),
          ...side("to", span.to, text),
          ["doc_count", docCount],
        ];
        return [{ row, cell: position, docCount, name, position: Number.NaN, members }];
      });
    },
  };
}

function within(values: Values, { from, to }: Span): Expr {
  const x = column("x");
  const exact = values.element === "Int64" && Number.isInteger(from) && Number.isInteger(to);
  const value = values.element === "Float64" || exact ? x : call("toFloat64", x);
  const type = values.element === "Int64" && exact ? "Int64" : "Float64";
  const tests = [
    ...(from === Number.NEGATIVE_INFINITY ? [] : [binary(value, ">=", param(type, from))]),
    ...(to === Number.POSITIVE_INFINITY ? [] : [binary(value, "<", param(type, to))]),
  ];
  if (tests.length === 0) return call("notEmpty", values.expr);
  return call("arrayExists", lambda(["x"], and(tests)), values.expr);
}

function bound(value: number, text: SpanText): string {
  return Number.isFinite(value) ? text.inKey(value) : "*";
}

function side(name: string, value: number, text: SpanText): readonly Member[] {
  if (!Number.isFinite(value)) return [];
  const printed = text.beside(value);
  return [[name, doubleJson(value)], ...(printed === undefined ? [] : [[`${name}_as_string`, printed] as const])];
}

/** Reads `ranges`. */
export function spansOf(parameters: Parameters, read: (value: JsonValue) => number): readonly Span[] {
  const value = parameters.value("ranges");
  if (!isArray(value) || value.length === 0) {
    throw new RejectedRequest("illegal_argument_exception", `No [ranges] specified for the [${parameters.node.name}] aggregation`);
  }
  return value.map((item) => {
    if (!isObject(item)) throw new RejectedRequest("parsing_exception", "[ranges] must hold objects");
    return span(item, read, parameters);
  });
}

function span(item: JsonObject, read: (value: JsonValue) => number, parameters: Parameters): Span {
  const unknown = Object.keys(item).find((name) => !["key", "from", "to"].includes(name));
  if (unknown !== undefined) throw new UnsupportedClause(parameters.pointer("ranges"), `[${unknown}] of a range is not translated`);
  const key = member(item, "key");
  const from = member(item, "from") ?? null;
  const to = member(item, "to") ?? null;
  return {
    key: key === undefined || key === null ? undefined : String(key),
    from: from === null ? Number.NEGATIVE_INFINITY : read(from),
    to: to === null ? Number.POSITIVE_INFINITY : read(to),
  };
}

// A text is read as the field's values are written; a number is taken as it is.
function rangeBound(value: JsonValue, values: Values | undefined, parameters: Parameters, now: number): number {
  if (typeof value !== "string") return boundNumber(value);
  if (values?.family === "date") return moment(value, values, "Z", parameters.text("format"), now);
  if (values?.family !== "boolean") return boundNumber(value);
  if (value === "true" || value === "false") return Number(value === "true");
  throw new RejectedRequest("illegal_argument_exception", `Cannot parse boolean [${value}], expected either [true] or [false]`);
}

/** A bound as a number. Throws RejectedRequest. */
export function boundNumber(value: JsonValue): number {
  const number = isNumber(value) || typeof value === "string" ? Number(value) : Number.NaN;
  if (Number.isNaN(number)) throw new RejectedRequest("number_format_exception", `For input string: "${String(value)}"`);
  return number;
}
