// What a field type is here: one object a type, listed in index.ts. Document value → doc values (what the mapping makes of
// it), query value → literal, doc value → text of the answer. Pure; mirror, translate and matcher share it.
import type { JsonValue } from "../../../shared/json.ts";
import type { Field } from "../mapping.ts";

/** A column of the mirror table. Types: `Array(String)`, `Array(Int64)`, … never Nullable; an empty array is "missing". */
export interface Column {
  readonly name: string;
  readonly type: string;
}

/** One doc value. String for keyword and ip text, bigint for 64-bit integers and dates, number otherwise, pair for geo. */
export type DocValue = string | number | bigint | readonly [lat: number, lon: number];

/** Values of one column for one document, ready for RowBinary by the column's type. */
export type ColumnValue = readonly DocValue[] | number;

/** A source value that the type refuses; Elasticsearch rejects such a document, so it is not in the mirror. */
export class MalformedValue extends Error {
  override readonly name = "MalformedValue";
}

/** A query's value in the form of the doc values. */
export type TermValue =
  | { readonly kind: "value"; readonly value: DocValue }
  /** [from, to] inclusive: an ip in CIDR form, a date with a rounding unit. */
  | { readonly kind: "range"; readonly from: DocValue; readonly to: DocValue }
  /** Valid, but equal to no doc value (5.5 on a long). */
  | { readonly kind: "nothing" }
  /** Elasticsearch refuses the request with this reason (number_format_exception, parse_exception, …). */
  | { readonly kind: "invalid"; readonly errorType: string; readonly reason: string };

/** Broad families that clauses and aggregations ask about. */
export type Family = "keyword" | "text" | "integer" | "floating" | "boolean" | "date" | "ip" | "geo_point" | "range" | "other";

export interface FieldType {
  /** Elasticsearch's name. */
  readonly type: string;
  readonly family: Family;
  /** ClickHouse type of one doc value: `String`, `Int64`, `Float64`, `Float32`, `UInt8`, `IPv6`, `Tuple(Float64, Float64)`. */
  readonly element: string;
  /** Columns in the mirror table. For all but text the first is the doc values, `Array(element)`, named field.column.
   * A range has `column#from` and `column#to`, both `Array(element)`.
   * text has `column#tok Array(String)`, `column#pos Array(UInt32)`, `column#count UInt32` (non-null values: exists). */
  columns(field: Field): readonly Column[];
  /** One entry a column, in the order of columns(). `values` are the field's source values, arrays flattened, nulls kept,
   * in document order. Sorted as Lucene sorts, distinct where Lucene keeps a set. Throws MalformedValue. */
  docValues(field: Field, values: readonly JsonValue[]): readonly ColumnValue[];
  /** The value of a term query, of `missing`, of search_after: normalised as the mapper does it.
   * `now` (epoch ms) is what `now` in a date means; a date with `now` throws without it. */
  term(field: Field, value: JsonValue, now?: number): TermValue;
  /** A doc value as docvalue_fields and aggregation keys print it (widened floats, formatted dates, true/false …). `format`
   * and `zone` where the request gives them. */
  format(field: Field, value: DocValue, format?: string, zone?: string): JsonValue;
  /** One source value as the `fields` option prints it; undefined when it is left out (ignore_above, null). */
  fetch(field: Field, value: JsonValue, format?: string): JsonValue | undefined;
}
