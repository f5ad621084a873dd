// `ip_range`: named spans of addresses, from inclusive, to exclusive, or a network. A document is in each span that one of its
// addresses is in.
import { isArray, isObject, type JsonObject, type JsonValue, member } from "../../../../shared/json.ts";
import { and, binary, call, column, type Expr, lambda, param } from "../../../clickhouse/sql/ast.ts";
import { type Address, cidrRange, parseAddress, printAddress } from "../../../elasticsearch/fields/ip_address.ts";
import type { Context } from "../../context.ts";
import { RejectedRequest } from "../../failure.ts";
import { count } from "../cells.ts";
import { Parameters } from "../parameters.ts";
import type { AggregationNode, Buckets, Member, MultiBucketDefinition } from "../types.ts";
import { refusedType, type Values, valuesOf } from "../values.ts";
import { NOWHERE, positionsOf, rowsByPosition } from "./filters.ts";

const LAST = (1n << 128n) - 1n;

export const ipRange: MultiBucketDefinition = { kind: "multi", compile: compileIpRange };

interface Span {
  readonly name: string;
  /** null where open. */
  readonly from: Address | null;
  readonly to: Address | null;
}

function compileIpRange(node: AggregationNode, context: Context): Buckets {
  const parameters = new Parameters(node);
  const spans = spansOf(parameters);
  const keyed = parameters.boolean("keyed", false);
  const values = valuesOf(parameters, context);
  parameters.done();
  if (values !== undefined && values.family !== "ip") throw refusedType(values, parameters);
  const order = spans.map((span, position) => ({ span, position })).toSorted((a, b) => compareSpans(a.span, b.span));
  return {
    ...(values === undefined ? NOWHERE : positionsOf(spans.map((span) => within(values, span)))),
    keyed,
    drafts({ rows, cells }) {
      const byPosition = rowsByPosition(rows, cells.key);
      return order.map(({ span, position }) => {
        const row = byPosition.get(position) ?? null;
        const docCount = count(row, cells.count);
        const members: readonly Member[] = [
          ...(keyed ? [] : [["key", span.name] as const]),
          ...(span.from === null ? [] : [["from", printAddress(span.from)] as const]),
          ...(span.to === null ? [] : [["to", printAddress(span.to)] as const]),
          ["doc_count", docCount],
        ];
        return { row, cell: position, docCount, name: span.name, position: Number.NaN, members };
      });
    },
  };
}

// An open start comes first, an open end last.
function compareSpans(a: Span, b: Span): number {
  const from = (a.from ?? -1n) - (b.from ?? -1n);
  const difference = from === 0n ? (a.to ?? LAST + 1n) - (b.to ?? LAST + 1n) : from;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function within(values: Values, { from, to }: Span): Expr {
  const tests = [
    ...(from === null ? [] : [binary(column("x"), ">=", param("IPv6", printAddress(from)))]),
    ...(to === null ? [] : [binary(column("x"), "<", param("IPv6", printAddress(to)))]),
  ];
  return tests.length === 0 ? call("notEmpty", values.expr) : call("arrayExists", lambda(["x"], and(tests)), values.expr);
}

function spansOf(parameters: Parameters): readonly Span[] {
  const value = parameters.value("ranges");
  if (!isArray(value) || value.length === 0) {
    throw new RejectedRequest("illegal_argument_exception", `No [ranges] specified for the [${parameters.node.name}] aggregation`);
  }
  return value.map((item) => {
    if (!isObject(item)) throw parameters.malformed("ranges", "objects");
    const unknown = Object.keys(item).find((name) => !["key", "from", "to", "mask"].includes(name));
    if (unknown !== undefined) throw new RejectedRequest("parsing_exception", `Unexpected ip range parameter: [${unknown}]`);
    return spanOf(item);
  });
}

function spanOf(item: JsonObject): Span {
  const key = member(item, "key") ?? null;
  const mask = member(item, "mask") ?? null;
  if (mask !== null) {
    const range = cidrRange(String(mask));
    if (typeof range === "string") throw new RejectedRequest("x_content_parse_exception", range);
    const name = key === null ? String(mask) : String(key);
    return { name, from: range.from === 0n ? null : range.from, to: range.to === LAST ? null : range.to + 1n };
  }
  const from = bound(member(item, "from"));
  const to = bound(member(item, "to"));
  const text = (address: Address | null): string => (address === null ? "*" : printAddress(address));
  return { name: key === null ? `${text(from)}-${text(to)}` : String(key), from, to };
}

function bound(value: JsonValue | undefined): Address | null {
  if (value === undefined || value === null) return null;
  const address = parseAddress(String(value));
  if (address === null) throw new RejectedRequest("x_content_parse_exception", `'${String(value)}' is not an IP string literal.`);
  return address;
}
