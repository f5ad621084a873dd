// `geo_distance`: rings around a point. A document is in each ring that one of its points is in.
import { binary, call, column, lambda, param } from "../../../clickhouse/sql/ast.ts";
import { javaDouble } from "../../../elasticsearch/fields/number_text.ts";
import type { Context } from "../../context.ts";
import { RejectedRequest } from "../../failure.ts";
import { metresOf } from "../../geo/distance.ts";
import { parsePoint } from "../../geo/point.ts";
import { distanceOf } from "../../hits/sort_distance.ts";
import { Parameters } from "../parameters.ts";
import type { AggregationNode, Buckets, MultiBucketDefinition } from "../types.ts";
import { refusedType, valuesOf } from "../values.ts";
import { boundNumber, bucketsOf, spansOf } from "./range.ts";

export const geoDistance: MultiBucketDefinition = { kind: "multi", compile: compileGeoDistance };

function compileGeoDistance(node: AggregationNode, context: Context): Buckets {
  const parameters = new Parameters(node);
  const points = valuesOf(parameters, context);
  const origin = parameters.value("origin");
  const unit = metresOf(parameters.text("unit") ?? "m");
  const between = distanceOf(parameters.text("distance_type") ?? "arc");
  const keyed = parameters.boolean("keyed", false);
  // An open start is one at 0.
  const spans = spansOf(parameters, boundNumber).map((span) => ({ ...span, from: Math.max(0, span.from) }));
  parameters.done();
  if (origin === undefined) throw new RejectedRequest("illegal_argument_exception", "Required [origin]");
  const { lat, lon } = parsePoint(origin);
  if (points !== undefined && points.family !== "geo_point") throw refusedType(points, parameters);
  const metres = between(column("point"), lat, lon);
  const measured = unit === 1 ? metres : binary(metres, "/", param("Float64", unit));
  const values =
    points === undefined
      ? undefined
      : { ...points, element: "Float64", family: "floating" as const, expr: call("arrayMap", lambda(["point"], measured), points.expr) };
  return bucketsOf(spans, spans, values, keyed, { inKey: (value) => (value === 0 ? "*" : javaDouble(value)), beside: () => undefined });
}
