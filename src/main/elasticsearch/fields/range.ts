// integer_range, long_range, float_range, double_range, date_range and ip_range: two columns, the first and the last value of each
// range, both inside. Floating bounds are kept as whole numbers that sort as Double.compare does, so that -0.0 is below 0.0.
import { isArray, isNumber, isObject, type JsonValue } from "../../../shared/json.ts";
import { formatDate } from "../date/format.ts";
import type { Field } from "../mapping.ts";
import { dateBound, dateFormatOf } from "./date.ts";
import { type DocValue, type FieldType, MalformedValue, type TermValue } from "./field_type.ts";
import { cidrRange, parseAddress, printAddress } from "./ip_address.ts";
import { readEach } from "./null_value.ts";
import { doubleJson, floatJson, integerJson, javaScalarText } from "./number_text.ts";
import { numericText, readDecimal, toDouble, toFloat } from "./number_value.ts";

/** A bound as it is compared. */
export type RangeBound = bigint;

/** What the bounds of one kind of range are. */
export interface RangeKind {
  /** ClickHouse type of a bound. */
  readonly element: "Int32" | "Int64" | "IPv6";
  /** What stands for a bound that is not given. */
  readonly min: RangeBound;
  readonly max: RangeBound;
  /** A bound of a document. `up`: it is the first value above or the last one in, for dates that stop early. Throws MalformedValue. */
  read(field: Field, value: JsonValue, up: boolean): RangeBound;
  /** The next value inside, for a bound that is itself outside. */
  next(bound: RangeBound, up: boolean): RangeBound;
  /** A bound as `fields` prints it. */
  print(field: Field, value: JsonValue, format: string | undefined): JsonValue;
  /** The bound as its column has it. */
  stored(bound: RangeBound): DocValue;
}

function integerKind(type: string, bits: 32 | 64): RangeKind {
  const max = 2n ** BigInt(bits - 1) - 1n;
  const read = (value: JsonValue): bigint => {
    const decimal = readDecimal(numericText(value) ?? "");
    if (decimal === null || decimal.whole > max || decimal.whole < -max - 1n) throw new MalformedValue(`no ${type}: ${String(value)}`);
    return decimal.whole;
  };
  return {
    element: `Int${bits}`,
    min: -max - 1n,
    max,
    read: (_field, value) => read(value),
    // Java's whole numbers wrap.
    next: (bound, up) => BigInt.asIntN(bits, up ? bound + 1n : bound - 1n),
    print: (_field, value) => integerJson(read(value)),
    stored: (bound) => (bits === 64 ? bound : Number(bound)),
  };
}

const bytes = new DataView(new ArrayBuffer(8));

/** A whole number that sorts as the float or double does. */
function sortableBits(value: number, bits: 32 | 64): bigint {
  if (bits === 64) {
    bytes.setFloat64(0, value);
    const raw = bytes.getBigInt64(0);
    return raw < 0n ? raw ^ 0x7fffffffffffffffn : raw;
  }
  bytes.setFloat32(0, value);
  const raw = BigInt(bytes.getInt32(0));
  return raw < 0n ? raw ^ 0x7fffffffn : raw;
}

function floatingKind(bits: 32 | 64): RangeKind {
  const [min, max] = [sortableBits(Number.NEGATIVE_INFINITY, bits), sortableBits(Number.POSITIVE_INFINITY, bits)];
  const read = (value: JsonValue): number => {
    const number = bits === 64 ? toDouble(value) : toFloat(value);
    if (!Number.isFinite(number)) throw new MalformedValue(`not finite: ${String(value)}`);
    return number;
  };
  return {
    element: `Int${bits}`,
    min,
    max,
    read: (_field, value) => sortableBits(read(value), bits),
    // Both zeros have the same neighbours.
    next(bound, up) {
      if (bound === 0n || bound === -1n) return up ? 1n : -2n;
      return up ? (bound === max ? max : bound + 1n) : bound === min ? min : bound - 1n;
    },
    print: (_field, value) => (bits === 64 ? doubleJson(read(value)) : floatJson(read(value))),
    stored: (bound) => (bits === 64 ? bound : Number(bound)),
  };
}

const LONG = integerKind("long", 64);

const DATE: RangeKind = {
  ...LONG,
  read(field, value, up) {
    if (typeof value !== "string" && !isNumber(value)) throw new MalformedValue(`no date: ${String(value)}`);
    const bound = dateBound(field, value, { now: 0, roundUp: up });
    if (typeof bound !== "bigint" || javaScalarText(value).startsWith("now")) throw new MalformedValue(`no date: ${String(value)}`);
    return bound;
  },
  print(field, value, format) {
    const bound = dateBound(field, value, { now: 0, roundUp: false });
    if (typeof bound !== "bigint") throw new MalformedValue(bound.error);
    return formatDate(Number(bound), format ?? dateFormatOf(field));
  },
};

const IP: RangeKind = {
  element: "IPv6",
  min: 0n,
  max: 2n ** 128n - 1n,
  read: (_field, value) => addressOf(value),
  next: (bound, up) => (up ? bound + 1n : bound - 1n),
  print: (_field, value) => printAddress(addressOf(value)),
  stored: printAddress,
};

function addressOf(value: JsonValue): bigint {
  const address = typeof value === "string" ? parseAddress(value) : null;
  if (address === null) throw new MalformedValue(`no IP address: ${String(value)}`);
  return address;
}

const KINDS: ReadonlyMap<string, RangeKind> = new Map([
  ["integer_range", integerKind("integer", 32)],
  ["long_range", LONG],
  ["float_range", floatingKind(32)],
  ["double_range", floatingKind(64)],
  ["date_range", DATE],
  ["ip_range", IP],
]);

/** What the bounds of the field's ranges are; undefined for a field of another type. */
export function rangeKind(field: Field): RangeKind | undefined {
  return KINDS.get(field.type);
}

interface Range {
  readonly from: RangeBound;
  readonly to: RangeBound;
  /** Which bounds were outside: two ranges that differ by this alone are two to Elasticsearch. */
  readonly key: string;
}

const BOUNDS = ["gte", "gt", "lte", "lt"];

function readRange(field: Field, kind: RangeKind, value: JsonValue): Range {
  if (kind === IP && typeof value === "string") return readCidr(value);
  if (!isObject(value)) throw new MalformedValue(`[${field.path}] expected an object`);
  let [from, to, fromInside, toInside] = [kind.min, kind.max, true, true];
  for (const [name, bound] of Object.entries(value)) {
    if (!BOUNDS.includes(name)) throw new MalformedValue(`unknown parameter [${name}] of a range`);
    const [lower, inside] = [name.startsWith("g"), name.endsWith("e")];
    if (lower) fromInside = inside;
    else toInside = inside;
    if (bound === null) continue;
    const read = kind.read(field, bound, lower !== inside);
    const moved = inside ? read : kind.next(read, lower);
    if (lower) from = moved;
    else to = moved;
  }
  if (from > to) throw new MalformedValue(`min value (${from}) is greater than max value (${to})`);
  return { from, to, key: `${from} ${to} ${fromInside} ${toInside}` };
}

function readCidr(text: string): Range {
  const range = cidrRange(text);
  if (typeof range === "string") throw new MalformedValue(range);
  return { ...range, key: `${range.from} ${range.to} true true` };
}

function compareRanges(a: Range, b: Range): number {
  return a.from < b.from ? -1 : a.from > b.from ? 1 : a.to < b.to ? -1 : a.to > b.to ? 1 : 0;
}

function rangeType(type: string, kind: RangeKind): FieldType {
  return Object.freeze({
    type,
    family: "range",
    element: kind.element,
    columns: (field: Field) => ["#from", "#to"].map((suffix) => ({ name: `${field.column}${suffix}`, type: `Array(${kind.element})` })),
    docValues(field: Field, values: readonly JsonValue[]) {
      const present = values.filter((value) => value !== null);
      const ranges = readEach(field, present, (value) => readRange(field, kind, value));
      const distinct = [...new Map(ranges.map((range) => [range.key, range])).values()].sort(compareRanges);
      return [distinct.map(({ from }) => kind.stored(from)), distinct.map(({ to }) => kind.stored(to))];
    },
    /** Ranges are compared by clauses of their own. */
    term: (): TermValue => ({ kind: "nothing" }),
    format: (_field: Field, value: DocValue) => String(value),
    fetch(field: Field, value: JsonValue, format?: string) {
      if (value === null || isArray(value)) return undefined;
      if (!isObject(value)) return typeof value === "string" ? value : undefined;
      return Object.fromEntries(
        Object.entries(value).flatMap(([name, bound]) => (bound === null ? [] : [[name, kind.print(field, bound, format)] as const])),
      );
    },
  });
}

export const RANGE_TYPES: readonly FieldType[] = [...KINDS].map(([type, kind]) => rangeType(type, kind));
