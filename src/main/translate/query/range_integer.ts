// Range bounds of integers: a bound with a fraction moves to the next integer inside; one out of the type's range bounds
// nothing or everything.
import { binary } from "../../clickhouse/sql/ast.ts";
import type { FieldType } from "../../elasticsearch/fields/field_type.ts";
import { readDecimal } from "../../elasticsearch/fields/number_value.ts";
import { RejectedRequest } from "../failure.ts";
import { scalarText } from "../parameters.ts";
import { valueParam } from "./field_values.ts";
import type { Bound, Conditions } from "./range.ts";

export function integerBounds(type: FieldType, bounds: readonly Bound[]): Conditions {
  const [min, max] = limits(type.element);
  let [low, high] = [min, max];
  for (const bound of bounds) {
    const limit = inclusive(type, bound);
    if (bound.op.startsWith(">")) {
      if (limit > low) low = limit;
    } else if (limit < high) {
      high = limit;
    }
  }
  if (low > high) return null;
  return (value) => [
    ...(low > min ? [binary(value, ">=", valueParam(type, low))] : []),
    ...(high < max ? [binary(value, "<=", valueParam(type, high))] : []),
  ];
}

// The least (or greatest) integer that the bound lets in.
function inclusive(type: FieldType, { op, value }: Bound): bigint {
  const text = scalarText(value);
  const decimal = readDecimal(text);
  if (decimal === null) throw new RejectedRequest("query_shard_exception", `failed to create query: For input string: "${text}"`);
  const { whole, hasFraction } = decimal;
  // Bytes and shorts are read as integers.
  const bits = type.type === "long" ? 64 : 32;
  if (type.type !== "unsigned_long" && BigInt.asIntN(bits, whole) !== whole) {
    const name = bits === 64 ? "a long" : "an integer";
    throw new RejectedRequest("query_shard_exception", `failed to create query: Value [${text}] is out of range for ${name}`);
  }
  const negative = text.trim().startsWith("-");
  if (op.startsWith(">")) return hasFraction ? (negative ? whole : whole + 1n) : op === ">" ? whole + 1n : whole;
  return hasFraction ? (negative ? whole - 1n : whole) : op === "<" ? whole - 1n : whole;
}

function limits(element: string): readonly [bigint, bigint] {
  const bits = BigInt(element.replace(/\D/g, ""));
  return element.startsWith("U") ? [0n, 2n ** bits - 1n] : [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n];
}
