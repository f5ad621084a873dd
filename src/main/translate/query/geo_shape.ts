// geo_shape on points: documents of which a point is in the shape, all are, or none is. Scores 0.
import { childPointer, isObject, type JsonValue, member } from "../../../shared/json.ts";
import { and, call, column, type Expr, lambda, not, or } from "../../clickhouse/sql/ast.ts";
import type { Field } from "../../elasticsearch/mapping.ts";
import type { Context } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { inside } from "../geo/inside.ts";
import { readShape } from "../geo/shape.ts";
import { parameters, textOption } from "../parameters.ts";
import { constant, NOTHING } from "./compiled.ts";
import { present, someValue, valuesColumn } from "./field_values.ts";
import { geoField } from "./geo_field.ts";
import type { Compiled } from "./types.ts";

export function compileGeoShape(body: JsonValue, pointer: string, context: Context): Compiled {
  const { path, options, field } = geoField(body, pointer, "geo_shape", ["ignore_unmapped", "boost"], context);
  const own = childPointer(pointer, path);
  const asked = member(options, path) ?? null;
  if (isObject(asked) && member(asked, "indexed_shape") !== undefined) {
    throw new UnsupportedClause(childPointer(own, "indexed_shape"), "a shape that another document holds has no SQL");
  }
  const clause = parameters(asked, own, "geo_shape", ["shape", "relation"]);
  const shape = member(clause, "shape");
  if (shape === undefined) throw new RejectedRequest("illegal_argument_exception", "either shape or indexedShapeId is required");
  const shapes = readShape(shape, childPointer(own, "shape"));
  if (field === undefined) return NOTHING;
  const within = (point: Expr): Expr => or(shapes.map((each) => inside(point, each)));
  return constant(related(field, within, textOption(clause, "relation", "intersects").toLowerCase(), own), 0);
}

function related(field: Field, within: (point: Expr) => Expr, relation: string, pointer: string): Expr {
  switch (relation) {
    case "intersects":
      return someValue(field, within);
    case "within":
      return and([present(field, pointer), call("arrayAll", lambda(["value"], within(column("value"))), valuesColumn(field))]);
    case "disjoint":
      return and([present(field, pointer), not(someValue(field, within))]);
    case "contains":
      throw new UnsupportedClause(childPointer(pointer, "relation"), "points that contain a shape have no SQL");
    default:
      throw new RejectedRequest("parsing_exception", `Unknown shape operation [${relation}]`);
  }
}
