// Sums that do not depend on the order of rows. A double is cut into pieces of a few bits, whole numbers whose sums a double holds
// without error; put together they are the exact sum, for values down to 2^-36 in full and sums up to 2^43. Others fall back to
// a compensated sum. Elasticsearch adds in document order with compensation, so its last digits may differ: a tolerance says by
// how much.
import { and, binary, call, column, type Expr, lambda, literal, not } from "../../clickhouse/sql/ast.ts";
import type { Row } from "../types.ts";
import { double, integer } from "./cells.ts";
import type { Grain } from "./grain.ts";
import { mapped, type Values } from "./values.ts";

/** Binary places after which the pieces end. */
const PLACES = [10, 36, 62, 88] as const;
const PIECE_BITS = 26;
const SCALE = 2 ** 88;
/** The first pieces of larger sums don't add without error. */
const TOO_LARGE = 2 ** 43;

export interface Sum {
  readonly value: number;
  /** Half the width of the range in which Elasticsearch's own sum may lie. */
  readonly slack: number;
}

export interface SumColumn {
  /** The sum as a double, for ordering. */
  readonly sortKey: Expr;
  read(row: Row | null): Sum;
}

const NOTHING: Sum = Object.freeze({ value: 0, slack: 0 });

/** Adds the columns of a sum over `values`, an array of Int64 or Float64 for each document. */
export function sumColumn(grain: Grain, values: Values): SumColumn {
  return values.element === "Float64" ? sumOfDoubles(grain, values.expr) : sumOfIntegers(grain, values);
}

/** Adds the columns of a sum of doubles that are not negative: too large a sum is infinite. */
export function sumOfSquares(grain: Grain, squares: Expr): SumColumn {
  const sum = sumOfDoubles(grain, squares);
  return {
    sortKey: sum.sortKey,
    read(row) {
      const read = sum.read(row);
      // Compensation makes NaN of an infinity; Elasticsearch adds one as it is.
      return Number.isNaN(read.value) ? { value: Number.POSITIVE_INFINITY, slack: 0 } : read;
    },
  };
}

/** Types whose values a double may not hold to the digit. */
const WIDE = new Set(["long"]);
/** Half a unit in the last place of a double, as a share: what one rounding may cost. */
const ROUNDING = 2 ** -53;

function sumOfIntegers(grain: Grain, { expr, field }: Values): SumColumn {
  const [high, low] = halves(WIDE.has(field.type)).map((half) => grain.aggregate("sumArray", [grain.document(mapped(expr, half))]));
  if (high === undefined || low === undefined) throw new Error("a number has two halves");
  const sum = binary(shifted(call("toInt128", high), HALF_BITS), "+", call("toInt128", low));
  const cell = grain.cell(call("toString", sum));
  // Large values may cancel: what was rounded on the way stays. Only long ones get so large among a bucket's few.
  const size = WIDE.has(field.type) ? grain.cell(grain.aggregate("sumArray", [grain.document(sizes(expr))])) : undefined;
  return {
    sortKey: call("toFloat64", sum),
    read(row) {
      if (row === null) return NOTHING;
      const value = Number(integer(row[cell]));
      return { value, slack: slackOf(size === undefined ? Math.abs(value) : double(row[size])) };
    },
  };
}

/** Two sums of 64 bits, of what is above and below this bit, take half the time of one of 128. */
const HALF_BITS = 32;

// Elasticsearch takes a long for a double before it adds: what that rounds is in no half.
function halves(wide: boolean): readonly ((x: Expr) => Expr)[] {
  const size = literal(2 ** HALF_BITS);
  if (!wide) return [(x) => call("bitShiftRight", x, literal(HALF_BITS)), (x) => call("bitAnd", x, literal(2 ** HALF_BITS - 1))];
  const above = (x: Expr): Expr => call("floor", binary(call("toFloat64", x), "/", size));
  return [(x) => call("toInt64", above(x)), (x) => call("toInt64", binary(call("toFloat64", x), "-", binary(above(x), "*", size)))];
}

const sizes = (values: Expr): Expr => mapped(values, (x) => call("abs", call("toFloat64", x)));

/**
 * How far Elasticsearch's sum may lie from the exact one. Each shard compensates what it rounds: the sum is off by two roundings of
 * what its values come to without their signs, and again where the shards' sums are added. Whole numbers below 2^53 are never rounded.
 */
function slackOf(size: number): number {
  return size <= Number.MAX_SAFE_INTEGER ? 0 : 4 * ROUNDING * size;
}

/** Adds the columns of a sum of doubles that are whole numbers below 2^200. */
export function sumOfWholes(grain: Grain, values: Expr): SumColumn {
  const sum = grain.aggregate("sumArray", [grain.document(mapped(values, (x) => call("toInt256", x)))]);
  const cell = grain.cell(call("toString", sum));
  const size = grain.cell(grain.aggregate("sumArray", [grain.document(sizes(values))]));
  return {
    sortKey: call("toFloat64", sum),
    read: (row) => (row === null ? NOTHING : { value: Number(integer(row[cell])), slack: slackOf(double(row[size])) }),
  };
}

function sumOfDoubles(grain: Grain, values: Expr): SumColumn {
  const pieces = PLACES.map((places, i) => grain.aggregate("sumArray", [grain.document(mapped(values, (x) => piece(x, places, i === 0)))]));
  const size = grain.aggregate("sumArray", [grain.document(mapped(values, (x) => call("abs", x)))]);
  const inexact = grain.aggregate("sum", [grain.document(call("arrayCount", lambda(["x"], not(isWhole(column("x")))), values))]);
  const fallback = grain.aggregate("sumKahanArray", [grain.document(values)]);
  const whole = pieces.map((sum, i) =>
    shifted(call("toInt256", call("ifNotFinite", sum, literal(0))), PIECE_BITS * (PLACES.length - 1 - i)),
  );
  const sum = whole.reduce((all, part) => binary(all, "+", part));
  const cells = {
    sum: grain.cell(call("toString", sum)),
    inexact: grain.cell(inexact),
    fallback: grain.cell(call("toString", fallback)),
    size: grain.cell(call("toString", size)),
  };
  const exact = and([binary(inexact, "=", literal(0)), binary(size, "<", literal(TOO_LARGE))]);
  return {
    sortKey: call("if", exact, binary(call("toFloat64", sum), "/", literal(SCALE)), fallback),
    read(row) {
      if (row === null) return NOTHING;
      const total = double(row[cells.size]);
      const slack = 4 * ROUNDING * total;
      if (double(row[cells.inexact]) > 0 || !(total < TOO_LARGE)) return { value: double(row[cells.fallback]), slack };
      return { value: Number(integer(row[cells.sum])) / SCALE, slack };
    },
  };
}

// The bits of a double from the end of the piece before up to so many binary places: a whole number.
function piece(x: Expr, places: number, first: boolean): Expr {
  const upTo = (end: number): Expr => call("floor", binary(x, "*", literal(2 ** end)));
  return first ? upTo(places) : binary(upTo(places), "-", binary(upTo(places - PIECE_BITS), "*", literal(2 ** PIECE_BITS)));
}

function isWhole(x: Expr): Expr {
  const scaled = binary(x, "*", literal(SCALE));
  return call("and", call("isFinite", x), binary(call("floor", scaled), "=", scaled));
}

function shifted(value: Expr, bits: number): Expr {
  return bits === 0 ? value : call("bitShiftLeft", value, literal(bits));
}
