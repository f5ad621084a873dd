// Moments in SQL: printing and taking apart. ClickHouse's calendar reaches from 1900 to 2299; a moment outside ends the query rather
// than answering wrongly.
import { binary, call, type Expr, literal } from "../../clickhouse/sql/ast.ts";

const LEAST = -2_208_988_800_000;
const GREATEST = 10_413_792_000_000;

/** A moment (epoch ms) as a DateTime64 in UTC. NULL stays NULL. */
export function dateTime(ms: Expr): Expr {
  const outside = call("or", binary(ms, "<", literal(LEAST)), binary(ms, ">=", literal(GREATEST)));
  const checked = binary(ms, "+", call("throwIf", call("ifNull", outside, literal(0)), literal("a date outside of ClickHouse's calendar")));
  return call("fromUnixTimestamp64Milli", call("CAST", checked, literal("Nullable(Int64)")), literal("UTC"));
}

/** `2024-01-31T12:00:00.000Z`. */
export function isoText(ms: Expr): Expr {
  const text = call("toString", dateTime(ms));
  return call("concat", call("replaceOne", text, literal(" "), literal("T")), literal("Z"));
}
