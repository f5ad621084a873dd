// The field types, by Elasticsearch's name.
import type { Field } from "../mapping.ts";
import { binary } from "./binary.ts";
import { boolean } from "./boolean.ts";
import { date, dateNanos } from "./date.ts";
import type { FieldType } from "./field_type.ts";
import { flattened } from "./flattened.ts";
import { double, float, halfFloat, scaledFloat } from "./floating.ts";
import { geoPoint } from "./geo_point.ts";
import { byte, integer, long, short, unsignedLong } from "./integer.ts";
import { ip } from "./ip.ts";
import { constantKeyword, keyword, wildcard } from "./keyword.ts";
import { RANGE_TYPES } from "./range.ts";
import { matchOnlyText, text } from "./text.ts";
import { tokenCount } from "./token_count.ts";

export const FIELD_TYPES: ReadonlyMap<string, FieldType> = new Map(
  [
    keyword,
    wildcard,
    flattened,
    constantKeyword,
    text,
    matchOnlyText,
    long,
    integer,
    short,
    byte,
    unsignedLong,
    double,
    float,
    halfFloat,
    scaledFloat,
    boolean,
    date,
    dateNanos,
    ip,
    geoPoint,
    binary,
    tokenCount,
    ...RANGE_TYPES,
  ].map((type) => [type.type, type]),
);

/** The type of a field; undefined for one that the mirror has no columns for: vectors, shapes, … */
export function fieldType(field: Field): FieldType | undefined {
  return FIELD_TYPES.get(field.type);
}
