// Sums that do not depend on the order of rows. A double times 2^100 is a whole number that an Int256 adds without error,
// for the values that documents hold (down to 2^-47 in full, up to 2^114); others fall back to a compensated sum.
// Elasticsearch adds in document order with compensation, so its last digits may differ: a tolerance says by how much.
import { binary, call, type Expr, literal } from "../../clickhouse/sql/ast.ts";
import type { Row } from "../types.ts";
import { double, integer } from "./cells.ts";
import type { Grain } from "./grain.ts";
import { filtered, mapped, type Values } from "./values.ts";

const SCALE_BITS = 100;
const SCALE = 2 ** SCALE_BITS;
const TOO_LARGE = 2 ** 214;

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

/** Types whose values a double may not hold to the digit. */
const WIDE = new Set(["long", "unsigned_long"]);

function sumOfIntegers(grain: Grain, { expr, field }: Values): SumColumn {
  // Elasticsearch takes each for a double before it adds.
  const value = (x: Expr): Expr => (WIDE.has(field.type) ? call("toFloat64", x) : x);
  const whole = grain.document(mapped(expr, (x) => call("toInt128", value(x))));
  const sum = grain.aggregate("sumArray", [whole]);
  const cell = grain.cell(call("toString", sum));
  // Elasticsearch adds doubles: past 2^53 its sum is rounded at each step.
  return {
    sortKey: call("toFloat64", sum),
    read(row) {
      if (row === null) return NOTHING;
      const exact = integer(row[cell]);
      const value = Number(exact);
      return { value, slack: Number.isSafeInteger(value) ? 0 : Math.abs(value) * 2 ** -51 };
    },
  };
}

function sumOfDoubles(grain: Grain, values: Expr): SumColumn {
  const scaled = (x: Expr): Expr => binary(x, "*", literal(SCALE));
  const exact = (x: Expr): Expr =>
    call("and", binary(call("abs", scaled(x)), "<", literal(TOO_LARGE)), binary(call("trunc", scaled(x)), "=", scaled(x)));
  const whole = grain.document(mapped(filtered(values, exact), (x) => call("toInt256", scaled(x))));
  const plain = grain.document(values);
  const inexact = grain.document(call("arrayCount", ...lambdaArgs(values, (x) => call("not", exact(x)))));
  const sum = grain.aggregate("sumArray", [whole]);
  const inexactCount = grain.aggregate("sum", [inexact]);
  const fallback = grain.aggregate("sumKahanArray", [plain]);
  const cells = {
    sum: grain.cell(call("toString", sum)),
    inexact: grain.cell(inexactCount),
    fallback: grain.cell(call("toString", fallback)),
    size: grain.cell(call("toString", grain.aggregate("sumArray", [grain.document(mapped(values, (x) => call("abs", x)))]))),
  };
  return {
    sortKey: call("if", binary(inexactCount, "=", literal(0)), binary(call("toFloat64", sum), "/", literal(SCALE)), fallback),
    read(row) {
      if (row === null) return NOTHING;
      const slack = double(row[cells.size]) * 2 ** -51;
      if (double(row[cells.inexact]) > 0) return { value: double(row[cells.fallback]), slack };
      return { value: Number(integer(row[cells.sum])) / SCALE, slack };
    },
  };
}

function lambdaArgs(values: Expr, each: (x: Expr) => Expr): readonly Expr[] {
  const filter = filtered(values, each);
  return filter.kind === "call" ? filter.args : [];
}
