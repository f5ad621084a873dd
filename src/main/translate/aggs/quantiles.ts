// Quantiles of a sorted array, as Elasticsearch's digest gives them while it keeps every value.
import { binary, call, column, type Expr, lambda, literal, param } from "../../clickhouse/sql/ast.ts";
import { bind } from "../../clickhouse/sql/bind.ts";

/** Values at percentiles of a sorted array, between neighbours x0 + (x1 - x0) * fraction, as text; empty where there is none. */
export function quantiles(sorted: Expr, percents: readonly number[]): Expr {
  const s = column("s");
  const last = binary(call("length", s), "-", literal(1));
  const at = binary(column("q"), "*", last);
  const low = call("toUInt64", call("floor", at));
  const element = (index: Expr): Expr => call("arrayElement", s, index);
  const x0 = element(binary(low, "+", literal(1)));
  const x1 = element(call("least", binary(low, "+", literal(2)), call("length", s)));
  const value = binary(x0, "+", binary(binary(x1, "-", x0), "*", binary(at, "-", low)));
  const each = call(
    "arrayMap",
    lambda(["q"], value),
    param(
      "Array(Float64)",
      percents.map((percent) => percent / 100),
    ),
  );
  const all = call(
    "if",
    call("empty", s),
    call("arrayResize", call("emptyArrayFloat64"), literal(percents.length), call("toFloat64", literal("nan"))),
    each,
  );
  return bind(["s"], [sorted], () => all);
}
