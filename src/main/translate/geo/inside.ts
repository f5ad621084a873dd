// Whether a stored point is in a shape, as Lucene decides it for the point as it is stored, not as it was sent. A point on an
// edge is inside; one on the edge of a hole is in the hole.
import { and, binary, call, column, type Expr, lambda, literal, not, or, param } from "../../clickhouse/sql/ast.ts";
import { storedPoint } from "../../elasticsearch/fields/geo_point.ts";
import { distance } from "./distance.ts";
import type { Ring, Shape } from "./shape.ts";

/** True for a point (a tuple of latitude and longitude) within the shape. */
export function inside(point: Expr, shape: Shape): Expr {
  const lat = call("tupleElement", point, literal(1));
  const lon = call("tupleElement", point, literal(2));
  switch (shape.kind) {
    case "point": {
      const [storedLat, storedLon] = storedPoint(shape.point);
      return and([binary(lat, "=", degrees(storedLat)), binary(lon, "=", degrees(storedLon))]);
    }
    case "box": {
      // Its corners are rounded as points are where they are stored.
      const [top, left] = storedPoint({ lat: shape.top, lon: shape.left });
      const [bottom, right] = storedPoint({ lat: shape.bottom, lon: shape.right });
      const [east, west] = [binary(lon, ">=", degrees(left)), binary(lon, "<=", degrees(right))];
      const across = shape.left > shape.right ? or([east, west]) : and([east, west]);
      return and([binary(lat, ">=", degrees(bottom)), binary(lat, "<=", degrees(top)), across]);
    }
    case "circle":
      return binary(distance(point, shape.centre.lat, shape.centre.lon), "<=", degrees(shape.metres));
    case "polygon":
      return and([inRing(lat, lon, shape.outer), ...shape.holes.map((hole) => not(inRing(lat, lon, hole)))]);
    default:
      return shape satisfies never;
  }
}

function degrees(value: number): Expr {
  return param("Float64", value);
}

// Edges that a ray to the east crosses are counted; the arithmetic is Lucene's, step by step.
function inRing(lat: Expr, lon: Expr, ring: Ring): Expr {
  const names = ["x1", "y1", "x2", "y2"];
  const [x1, y1, x2, y2] = [column("x1"), column("y1"), column("x2"), column("y2")];
  const edges = ring.slice(1).map((to, i) => [ring[i]?.lon ?? 0, ring[i]?.lat ?? 0, to.lon, to.lat]);
  const arrays = names.map((_, k) =>
    param(
      "Array(Float64)",
      edges.map((edge) => edge[k] ?? 0),
    ),
  );
  const spans = binary(binary(y1, ">", lat), "!=", binary(y2, ">", lat));
  const slope = binary(binary(binary(binary(x2, "-", x1), "*", binary(lat, "-", y1)), "/", binary(y2, "-", y1)), "+", x1);
  const crossed = call("arrayCount", lambda(names, and([spans, binary(lon, "<", slope)])), ...arrays);
  const between = (value: Expr, a: Expr, b: Expr): Expr =>
    and([binary(value, ">=", call("least", a, b)), binary(value, "<=", call("greatest", a, b))]);
  const aligned = binary(
    binary(binary(x2, "-", x1), "*", binary(lat, "-", y1)),
    "=",
    binary(binary(lon, "-", x1), "*", binary(y2, "-", y1)),
  );
  const onEdge = call("arrayExists", lambda(names, and([between(lat, y1, y2), between(lon, x1, x2), aligned])), ...arrays);
  return or([binary(binary(crossed, "%", literal(2)), "=", literal(1)), onEdge]);
}
