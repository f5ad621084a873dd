// The one field that a geo clause names beside its options.
import { childPointer, isObject, type JsonObject, type JsonValue } from "../../../shared/json.ts";
import type { Field } from "../../elasticsearch/mapping.ts";
import { type Context, fieldOf } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { booleanOption, parameters } from "../parameters.ts";

export interface GeoField {
  readonly path: string;
  readonly options: JsonObject;
  /** Undefined where it is not mapped and the request says to ignore that. */
  readonly field: Field | undefined;
}

export function geoField(body: JsonValue, pointer: string, clause: string, known: readonly string[], context: Context): GeoField {
  if (!isObject(body)) throw new RejectedRequest("parsing_exception", `[${clause}] query malformed, no start_object after query name`);
  const [path, second] = Object.keys(body).filter((name) => !known.includes(name) && name !== "_name");
  if (path === undefined) throw new RejectedRequest("parsing_exception", `failed to parse [${clause}] query. no field`);
  if (second !== undefined) {
    throw new RejectedRequest("parsing_exception", `[${clause}] query doesn't support multiple fields, found [${path}] and [${second}]`);
  }
  const own = childPointer(pointer, path);
  const options = parameters(body, pointer, clause, [...known, path]);
  const field = fieldOf(context, path, own);
  if (field === undefined && !booleanOption(options, "ignore_unmapped", false)) {
    throw new RejectedRequest("query_shard_exception", `failed to find geo field [${path}]`);
  }
  if (field !== undefined && field.type !== "geo_point")
    throw new UnsupportedClause(own, `[${path}] is a ${field.type}: no SQL for shapes`);
  return { path, options, field };
}
