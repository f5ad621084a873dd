// HdrHistogram as Elasticsearch uses it, for `percentiles` and `percentile_ranks` with `hdr`. A bucket holds the doubles that agree in
// exponent and the first bits of their mantissa, so the SQL counts values by those bits, and everything else is exact from there.
import { isArray, isNumber, type JsonValue, member } from "../../../shared/json.ts";
import { binary, call, type Expr, literal, param } from "../../clickhouse/sql/ast.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import type { Row } from "../types.ts";
import { integer } from "./cells.ts";
import type { Grain } from "./grain.ts";
import type { Parameters } from "./parameters.ts";
import { mapped, type Values } from "./values.ts";

const MANTISSA_BITS = 52;
const NEGATIVE = 1n << 63n;
/** Ratios of values beyond which the histogram's own whole numbers might not suffice. */
const WIDEST = 2 ** 40;

/** One bucket's histogram. */
interface HdrHistogram {
  readonly total: number;
  /** The value at a percentile; NaN where nothing was counted. */
  valueAt(percent: number): number;
  /** The percentage of values in buckets up to that of `value`; NaN where nothing was counted. */
  rankOf(value: number): number;
}

/** Reads `hdr`: how many bits of a mantissa tell buckets apart; undefined without it. */
export function hdrBits(parameters: Parameters): number | undefined {
  const options = parameters.object("hdr");
  if (options === undefined) return undefined;
  if (parameters.value("tdigest") !== undefined) {
    throw new RejectedRequest("x_content_parse_exception", "Only one percentiles method should be declared.");
  }
  const unknown = Object.keys(options).find((name) => name !== "number_of_significant_value_digits");
  if (unknown !== undefined) throw new RejectedRequest("x_content_parse_exception", `[hdr] unknown field [${unknown}]`);
  const value = member(options, "number_of_significant_value_digits") ?? 3;
  const digits = isNumber(value) || typeof value === "string" ? Math.trunc(Number(value)) : Number.NaN;
  if (!(digits >= 0 && digits <= 5)) {
    throw new RejectedRequest("x_content_parse_exception", "[numberOfSignificantValueDigits] must be between 0 and 5");
  }
  return Math.ceil(Math.log2(2 * 10 ** digits)) - 1;
}

/** Adds the column of a histogram of `values` (numbers); reads it again from a row. */
export function hdrColumn(grain: Grain, values: Values, bits: number, parameters: Parameters): (row: Row | null) => HdrHistogram {
  // -0.0 is 0.0.
  const positive = (x: Expr): Expr => binary(call("toFloat64", x), "+", call("toFloat64", literal(0)));
  const mask = (1n << 64n) - (1n << BigInt(MANTISSA_BITS - bits));
  const buckets = mapped(values.expr, (x) => call("bitAnd", call("reinterpretAsUInt64", positive(x)), param("UInt64", mask)));
  const ones = mapped(values.expr, () => call("toUInt64", literal(1)));
  const cell = grain.cell(grain.aggregate("sumMap", [grain.document(buckets), grain.document(ones)]));
  return (row) => histogramOf(row?.[cell] ?? null, bits, parameters);
}

interface Bucket {
  readonly low: number;
  /** How many values are in it or below. */
  readonly upTo: number;
}

function histogramOf(cell: JsonValue, bits: number, parameters: Parameters): HdrHistogram {
  const [keys, counts] = isArray(cell) ? cell.map((each) => (isArray(each) ? each.map(integer) : [])) : [];
  let total = 0;
  const buckets = (keys ?? []).map((key, i): Bucket => {
    if (key >= NEGATIVE) throw new RejectedRequest("illegal_argument_exception", "Negative values are not supported by HDR aggregation");
    total += Number(counts?.[i] ?? 0n);
    return { low: doubleOfBits(key), upTo: total };
  });
  const least = buckets.find(({ low }) => low > 0)?.low ?? 1;
  if ((buckets.at(-1)?.low ?? 0) / least > WIDEST) {
    throw new UnsupportedClause(parameters.pointer("hdr"), "values so far apart are more than its histogram is known to hold");
  }
  const unit = powerBelow(least) / 2 ** bits;
  return {
    total,
    valueAt(percent) {
      const wanted = Math.max(1, Math.floor((percent / 100) * total + 0.5));
      const low = buckets.find(({ upTo }) => upTo >= wanted)?.low;
      if (low === undefined) return Number.NaN;
      return percent === 0 || low === 0 ? low : low + powerBelow(low) / 2 ** bits - unit;
    },
    rankOf(value) {
      if (value < 0)
        throw new UnsupportedClause(parameters.pointer("values"), "Elasticsearch's histogram fails on ranks of negative values");
      return total === 0 ? Number.NaN : (100 * (buckets.findLast(({ low }) => low <= value)?.upTo ?? 0)) / total;
    },
  };
}

function doubleOfBits(bits: bigint): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, bits);
  return view.getFloat64(0);
}

// The greatest power of two that is not above a double.
function powerBelow(value: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigUint64(0, view.getBigUint64(0) & 0xfff0000000000000n);
  return view.getFloat64(0);
}
