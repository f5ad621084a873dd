// TO_STRING and its like, and what asks about IP addresses.
import { binary, call, literal, or, param } from "../../../clickhouse/sql/ast.ts";
import { bind } from "../../../clickhouse/sql/bind.ts";
import { cidrRange, parseAddress, printAddress } from "../../../elasticsearch/fields/ip_address.ts";
import { readAs } from "../comparison.ts";
import { convert } from "../convert.ts";
import { refused, textAt, withoutSql } from "../scope.ts";
import { type EsqlType, nullOf, one, scalarValue } from "../value.ts";
import { argument, expect, type FunctionDefinition, MANY, scalar } from "./function.ts";

function to(type: EsqlType): FunctionDefinition {
  return scalar(1, 1, (args, context) => convert(argument(args, 0), type, context.node, context.scope));
}

const cidrMatch = scalar(2, MANY, (args, context) => {
  const [first, ...blocks] = args;
  if (first === undefined || first.type === "null") return nullOf("boolean");
  const address = readAs(first, "ip", context.node, context.scope);
  expect([address], ["ip"], context);
  const ranges = blocks.map((block) => {
    if (typeof block.constant !== "string") throw withoutSql(context.node, "only blocks that the query's text tells have SQL");
    const range = cidrRange(block.constant);
    const single = parseAddress(block.constant);
    if (typeof range === "string" && single === null)
      throw refused(context.scope, context.node, `[${block.constant}] is no CIDR block: ${textAt(context.scope, context.node)}`);
    return typeof range === "string"
      ? { from: block.constant, to: block.constant }
      : { from: printAddress(range.from), to: printAddress(range.to) };
  });
  const within = ranges.map((range) =>
    call("and", binary(one(address), ">=", param("IPv6", range.from)), binary(one(address), "<=", param("IPv6", range.to))),
  );
  return scalarValue("boolean", or(within));
});

const V4 = "::ffff:";

// The network that an address lies in, by the length of its prefix: one for each of the two kinds of address.
const ipPrefix = scalar(3, 3, (args, context) => {
  const first = argument(args, 0);
  if (first.type === "null") return nullOf("ip");
  const address = readAs(first, "ip", context.node, context.scope);
  expect([address], ["ip"], context);
  const [v4, v6] = [args[1]?.constant, args[2]?.constant];
  if (typeof v4 !== "bigint" || typeof v6 !== "bigint" || v4 < 0n || v4 > 32n || v6 < 0n || v6 > 128n)
    throw withoutSql(context.node, "only lengths that the query's text tells have SQL");
  const sql = bind(["a"], [one(address)], (a = one(address)) => {
    const network = (length: number) =>
      call("tupleElement", call("IPv6CIDRToRange", call("assumeNotNull", a), literal(length)), literal(1));
    const mapped = call("startsWith", call("toString", call("assumeNotNull", a)), literal(V4));
    return call("if", call("isNull", a), literal(null), call("if", mapped, network(96 + Number(v4)), network(Number(v6))));
  });
  return scalarValue("ip", sql);
});

export const CONVERT: Readonly<Record<string, FunctionDefinition>> = {
  to_string: to("keyword"),
  to_str: to("keyword"),
  to_integer: to("integer"),
  to_int: to("integer"),
  to_long: to("long"),
  to_double: to("double"),
  to_dbl: to("double"),
  to_boolean: to("boolean"),
  to_bool: to("boolean"),
  to_datetime: to("date"),
  to_dt: to("date"),
  to_date_nanos: to("date_nanos"),
  to_datenanos: to("date_nanos"),
  to_ip: to("ip"),
  to_unsigned_long: to("unsigned_long"),
  to_ulong: to("unsigned_long"),
  to_ul: to("unsigned_long"),
  to_dateperiod: to("date_period"),
  to_timeduration: to("time_duration"),
  cidr_match: cidrMatch,
  ip_prefix: ipPrefix,
};
