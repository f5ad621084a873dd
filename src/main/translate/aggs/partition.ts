// `include: {partition, num_partitions}` of terms: Elasticsearch's own hash of a key decides which part it is in.
import { type JsonObject, member } from "../../../shared/json.ts";
import { binary, call, column, type Expr, lambda, literal, param } from "../../clickhouse/sql/ast.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import type { Parameters } from "./parameters.ts";
import type { Values } from "./values.ts";

/** Elasticsearch's seed for the hash of a text. */
const SEED = 31;

/** True for the keys `x` of the part asked for. */
export function inPartition(rule: JsonObject, values: Values | undefined, parameters: Parameters): Expr {
  const [part, parts] = [numberOf(rule, "partition"), numberOf(rule, "num_partitions")];
  if (part < 0 || part >= parts) {
    throw new RejectedRequest("x_content_parse_exception", `Partition must be >=0 and < numPartition which is ${parts}`);
  }
  if (parameters.value("exclude") !== undefined) {
    throw new RejectedRequest("x_content_parse_exception", "Cannot specify any excludes when using a partition-based include");
  }
  const family = values?.family;
  const hash = family === "keyword" ? murmur(column("x")) : family === "integer" || family === "date" ? mixed(column("x")) : undefined;
  if (hash === undefined) {
    throw new UnsupportedClause(parameters.pointer("include"), "partitions are translated for keywords, whole numbers and dates only");
  }
  return binary(call("positiveModulo", hash, literal(parts)), "=", literal(part));
}

function numberOf(rule: JsonObject, name: string): number {
  const value = Number(member(rule, name) ?? Number.NaN);
  if (Number.isInteger(value)) return value;
  throw new RejectedRequest("x_content_parse_exception", `Missing [${name}] parameter for partition-based include`);
}

/** The 64 bits of a number, mixed. */
function mixed(value: Expr): Expr {
  const shifted = (z: Expr, bits: number): Expr => call("bitXor", z, call("bitShiftRight", z, literal(bits)));
  const times = (z: Expr, factor: bigint): Expr => call("toUInt64", binary(z, "*", param("UInt64", factor)));
  const bits = call("reinterpretAsUInt64", call("toInt64", value));
  const once = times(shifted(bits, 32), 0x4cd6944c5cc20b6dn);
  return call("reinterpretAsInt64", shifted(times(shifted(once, 29), 0xfc12c5b19d3259e9n), 32));
}

/** MurmurHash3 (x86, 32 bits) of a text's bytes, with Elasticsearch's seed: ClickHouse's own has another. */
function murmur(text: Expr): Expr {
  const [hash, at] = [column("h"), column("i")];
  const wrapped = (value: Expr): Expr => call("toUInt32", value);
  const times = (value: Expr, factor: number): Expr => wrapped(binary(value, "*", param("UInt32", factor)));
  const rotated = (value: Expr, bits: number): Expr =>
    call("bitOr", wrapped(call("bitShiftLeft", value, literal(bits))), call("bitShiftRight", value, literal(32 - bits)));
  const scrambled = (word: Expr): Expr => times(rotated(times(word, 0xcc9e2d51), 15), 0x1b873593);
  const word = (from: Expr, length: number): Expr => call("reinterpretAsUInt32", call("substring", text, from, literal(length)));
  const step = binary(
    times(rotated(call("bitXor", hash, scrambled(word(binary(binary(at, "*", literal(4)), "+", literal(1)), 4))), 13), 5),
    "+",
    param("UInt32", 0xe6546b64),
  );
  const length = call("length", text);
  const whole = call(
    "arrayFold",
    lambda(["h", "i"], wrapped(step)),
    call("range", call("intDiv", length, literal(4))),
    call("toUInt32", literal(SEED)),
  );
  // The bytes behind the last four; none of them are 0, which changes nothing.
  const rest = word(binary(binary(call("intDiv", length, literal(4)), "*", literal(4)), "+", literal(1)), 3);
  const all = call("bitXor", call("bitXor", whole, scrambled(rest)), wrapped(length));
  const fold = (value: Expr, bits: number): Expr => call("bitXor", value, call("bitShiftRight", value, literal(bits)));
  const first = times(fold(all, 16), 0x85ebca6b);
  return call("reinterpretAsInt32", fold(times(fold(first, 13), 0xc2b2ae35), 16));
}
