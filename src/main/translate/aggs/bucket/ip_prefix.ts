// `ip_prefix`: a bucket for each network of one length, in the order of addresses. For IPv4 Elasticsearch looks at the last four
// bytes of every address, whatever stands before them.
import type { JsonValue } from "../../../../shared/json.ts";
import { call, column, type Expr, lambda, literal } from "../../../clickhouse/sql/ast.ts";
import { parseAddress, printAddress } from "../../../elasticsearch/fields/ip_address.ts";
import type { Context } from "../../context.ts";
import { RejectedRequest } from "../../failure.ts";
import { count, integer } from "../cells.ts";
import { Parameters } from "../parameters.ts";
import type { AggregationNode, Buckets, Member, MultiBucketDefinition } from "../types.ts";
import { refusedType, valuesOf } from "../values.ts";

const MAPPED = 0xffffn << 32n;
const ALL_V4 = 0xffff_ffff;

export const ipPrefix: MultiBucketDefinition = { kind: "multi", compile: compileIpPrefix };

function compileIpPrefix(node: AggregationNode, context: Context): Buckets {
  const parameters = new Parameters(node);
  const values = valuesOf(parameters, context);
  const given = parameters.number("prefix_length");
  const v6 = parameters.boolean("is_ipv6", false);
  const append = parameters.boolean("append_prefix_length", false);
  const minDocCount = parameters.integer("min_doc_count", 1);
  const keyed = parameters.boolean("keyed", false);
  parameters.done();
  const length = given ?? -1;
  const bits = v6 ? 128 : 32;
  if (length < 0 || length > bits) {
    const type = given !== undefined && given < 0 ? "x_content_parse_exception" : "illegal_argument_exception";
    throw new RejectedRequest(type, `[prefix_length] must be in range [0, ${bits}] while value is [${length}]`);
  }
  if (minDocCount < 1) {
    throw new RejectedRequest(
      "x_content_parse_exception",
      `[min_doc_count] must be in range [1, 2147483647] while value is [${minDocCount}]`,
    );
  }
  if (values === undefined) return { keys: call("emptyArrayUInt8"), minDocCount: 0, drafts: () => [], keyed };
  if (values.family !== "ip") throw refusedType(values, parameters);
  const networks = call("arrayMap", lambda(["x"], v6 ? networkV6(column("x"), length) : networkV4(column("x"), length)), values.expr);
  const text = v6 ? textV6 : textV4;
  const netmask: readonly Member[] = v6 ? [] : [["netmask", printAddress(MAPPED | BigInt(maskV4(length)))]];
  return {
    // Only neighbours are told apart: the addresses of a document come in order, their last four bytes may not.
    keys: call("arrayCompact", networks),
    minDocCount,
    keyed,
    drafts: ({ rows, cells }) =>
      rows.map((row) => {
        const cell = row[cells.key] ?? null;
        const docCount = count(row, cells.count);
        const name = append ? `${text(cell)}/${length}` : text(cell);
        const members: readonly Member[] = [
          ...(keyed ? [] : [["key", name] as const]),
          ...netmask,
          ["doc_count", docCount],
          ["is_ipv6", v6],
          ["prefix_length", length],
        ];
        return { row, cell, docCount, name, position: Number.NaN, members };
      }),
  };
}

const maskV4 = (length: number): number => (length === 0 ? 0 : (ALL_V4 << (32 - length)) >>> 0);

function networkV4(address: Expr, length: number): Expr {
  const last = call("toUInt32", call("bitAnd", call("CAST", address, literal("UInt128")), literal(ALL_V4)));
  return call("toUInt32", call("bitAnd", last, literal(maskV4(length))));
}

function networkV6(address: Expr, length: number): Expr {
  return call("tupleElement", call("IPv6CIDRToRange", address, literal(length)), literal(1));
}

const textV4 = (cell: JsonValue): string => printAddress(MAPPED | integer(cell));

function textV6(cell: JsonValue): string {
  const address = parseAddress(String(cell));
  return address === null ? String(cell) : printAddress(address);
}
