// The columns that FROM offers: every field of the indices by name, as ES|QL types it.
import type { JsonValue } from "../../../shared/json.ts";
import { call, column, type Expr, literal, param } from "../../clickhouse/sql/ast.ts";
import { unsupportedReason } from "../../elasticsearch/fields/unsupported.ts";
import { type Field, findField, type Mapping } from "../../elasticsearch/mapping.ts";
import type { Context } from "../context.ts";
import { indexName } from "../source.ts";
import { sourceTexts } from "../source_path.ts";
import type { Pipeline } from "./pipeline.ts";
import type { Attribute } from "./scope.ts";
import { misbuilt, withoutSql } from "./scope.ts";
import type { Place } from "./tree.ts";
import { type EsqlType, manyValues, nothing, scalarValue, type Value } from "./value.ts";

const TYPES: Readonly<Record<string, EsqlType>> = {
  keyword: "keyword",
  constant_keyword: "keyword",
  wildcard: "keyword",
  text: "text",
  match_only_text: "text",
  byte: "integer",
  short: "integer",
  integer: "integer",
  long: "long",
  unsigned_long: "unsigned_long",
  double: "double",
  float: "double",
  half_float: "double",
  scaled_float: "double",
  boolean: "boolean",
  date: "date",
  date_nanos: "date_nanos",
  ip: "ip",
  geo_point: "geo_point",
};

/** Types that ES|QL reads and the mirror does not hold. */
const NOT_MIRRORED =
  /^(version|geo_shape|point|shape|aggregate_metric_double|dense_vector|semantic_text|date_range|histogram|exponential_histogram|tdigest|flattened)$/;

/** All fields in the order of their names; those that ES|QL can't read have the type `unsupported`. */
export function fieldAttributes(context: Context): readonly Attribute[] {
  const names = new Set<string>();
  for (const { mapping } of context.tables) {
    for (const [path, field] of mapping.fields) if (field.nested === null) names.add(path);
    for (const [path, target] of mapping.aliases) if (findField(mapping, target)?.nested === null) names.add(path);
    for (const path of mapping.runtime.keys()) names.add(path);
  }
  return [...names].sort().map((name) => ({ name, value: fieldValue(context, name) }));
}

function fieldValue(context: Context, name: string): Value {
  if (context.mapping.runtime.has(name)) return lacking("keyword", `[${name}] is a runtime field; its script has no SQL yet`);
  const mapped = context.tables.flatMap(({ mapping }) => {
    const field = findField(mapping, name);
    return field === undefined || field.nested !== null ? [] : [{ mapping, field }];
  });
  const [first] = mapped;
  if (first === undefined) return unreadable([]);
  const families = new Set(mapped.map(({ field }) => familyOf(field)));
  if (families.size === 2 && families.has("date") && families.has("date_nanos"))
    return lacking("date_nanos", `[${name}] is a date in milliseconds and in nanoseconds`);
  if (families.size > 1) return unreadable([...families]);
  if (context.mapping.aliases.has(name) && mapped.length < context.tables.length)
    return lacking("keyword", `[${name}] is an alias in some of the indices only`);
  const type = typeOf(first.field);
  if (NOT_MIRRORED.test(first.field.type)) return lacking(type, `no values are mirrored for fields of type [${first.field.type}]`);
  if (type === "unsupported") return unreadable(mapped.map(({ field }) => field.type));
  const reason = mapped.map(({ field, mapping }) => notReadable(field, mapping)).find((each) => each !== null);
  if (reason !== undefined) return lacking(type, reason);
  if (first.field.params.time_series_metric !== undefined) return lacking(type, `[${name}] is a metric of a time series`);
  if (type === "text") return { ...manyValues(type, textValues(first.field, first.mapping)), field: first.field };
  return readValue(first.field, type);
}

function unreadable(types: readonly string[]): Value {
  return { type: "unsupported", sql: nothing("unsupported"), many: false, originalTypes: [...new Set(types)].sort() };
}

// What Elasticsearch compares where several indices have a field: integer and short are two.
function familyOf({ type }: Field): string {
  if (type === "constant_keyword" || type === "wildcard") return "keyword";
  return type === "match_only_text" ? "text" : type;
}

function typeOf(field: Field): EsqlType {
  return (Object.hasOwn(TYPES, field.type) ? TYPES[field.type] : undefined) ?? "unsupported";
}

function notReadable(field: Field, mapping: Mapping): string | null {
  if (!mapping.sourceEnabled) return "the index keeps no _source";
  if (field.type !== "text" && field.type !== "match_only_text") {
    if (isOff(field.params.doc_values)) return `[${field.path}] has no doc values: their order is the document's`;
    return unsupportedReason(field);
  }
  return field.sources === undefined ? null : `[${field.path}] gets values by copy_to`;
}

function lacking(type: EsqlType, reason: string): Value {
  return { type, sql: nothing("null"), many: false, lacking: reason };
}

function readValue(field: Field, type: EsqlType): Value {
  if (type === "geo_point") return { type, sql: column("_source"), many: false, field };
  return { ...manyValues(type, widened(field, type)), field };
}

// Elasticsearch reads a text from the first keyword below it that has all of it: sorted, each text once. Else from _source.
function textValues(field: Field, mapping: Mapping): Expr {
  const below = [...mapping.fields.values()].filter(({ multiField, sourcePath }) => multiField && sourcePath === field.path);
  const keyword = below.find(({ type, params }) => type === "keyword" && params.normalizer === undefined && !isOff(params.doc_values));
  const whole = keyword !== undefined && keyword.params.ignore_above === undefined && keyword.params.null_value === undefined;
  return whole && !isOn(field.params.store) ? column(keyword.column) : sourceTexts(field.sourcePath);
}

const isOn = (value: JsonValue | undefined): boolean => value === true || value === "true";
const isOff = (value: JsonValue | undefined): boolean => value === false || value === "false";

// Narrower numbers are read as the type that ES|QL has for them.
function widened(field: Field, type: EsqlType): Expr {
  const values = column(field.column);
  if (type === "double" && field.type !== "double" && field.type !== "scaled_float")
    return call("CAST", values, { kind: "literal", value: "Array(Float64)" });
  if (type === "integer" && field.type !== "integer") return call("CAST", values, { kind: "literal", value: "Array(Int32)" });
  return values;
}

/** A column of METADATA. */
export function metadataAttribute(name: string, { context, text, searches }: Pipeline, place: Place): Attribute {
  switch (name) {
    case "_index":
      return { name, value: scalarValue("keyword", context.tables.length === 0 ? param("String", "") : indexName(context)) };
    case "_id":
      return { name, value: scalarValue("keyword", column("_id")) };
    case "_version":
      return { name, value: scalarValue("long", column("_version")) };
    case "_source":
      return { name, value: { type: "_source", sql: column("_source"), many: false } };
    case "_score":
      if (searches) throw withoutSql(place, "the scores of full text search have no SQL yet");
      return { name, value: scalarValue("double", literal(0)) };
    default:
      if (/^(_ignored|_index_mode|_tsid|_size|_tier|_fork|_slice)$/.test(name))
        throw withoutSql(place, `the metadata field [${name}] has no SQL yet`);
      throw misbuilt({ text }, place, `unsupported metadata field [${name}]`);
  }
}
