// Conditions on a field's values: what term, match, range and their like are made of. An empty array is "missing": every
// condition is 0 or 1, never NULL.
import { isNumber, type JsonValue } from "../../../shared/json.ts";
import { and, binary, call, column, type Expr, FALSE, lambda, literal, or, type ParamValue, param } from "../../clickhouse/sql/ast.ts";
import type { DocValue, FieldType, TermValue } from "../../elasticsearch/fields/field_type.ts";
import { fieldType } from "../../elasticsearch/fields/index.ts";
import { rangeKind } from "../../elasticsearch/fields/range.ts";
import type { Field } from "../../elasticsearch/mapping.ts";
import type { Context } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { documentColumn, fieldColumn } from "../field_column.ts";

/** The field's type. Throws UnsupportedClause for a type without columns of values. */
export function typeOf(field: Field, pointer: string): FieldType {
  const type = fieldType(field);
  if (type?.family === "range") throw new UnsupportedClause(pointer, `this has no SQL on [${field.path}], which holds ranges`);
  if (type === undefined || type.family === "other") {
    throw new UnsupportedClause(pointer, `[${field.path}] is of type [${field.type}], which is not mirrored`);
  }
  return type;
}

/** The column of exact values: doc values, or the tokens of text. */
export function valuesColumn(field: Field): Expr {
  return fieldColumn(field, fieldType(field)?.family === "text" ? "#tok" : "");
}

/** The same of a whole document, wherever the clause stands. */
export function documentValues(field: Field): Expr {
  return documentColumn(field, fieldType(field)?.family === "text" ? "#tok" : "");
}

/** A constant of the field's own type. */
export function valueParam(type: FieldType, value: DocValue): Expr {
  return param(type.element, paramValue(value));
}

function paramValue(value: DocValue): ParamValue {
  return typeof value === "object" ? [...value] : value;
}

/** A query value as the field's mapping reads it. Throws RejectedRequest, unless `lenient`: then it matches nothing. */
export function termValue(field: Field, value: JsonValue, pointer: string, context: Context, lenient = false): TermValue {
  const type = typeOf(field, pointer);
  if (value === null) throw new RejectedRequest("illegal_argument_exception", "value cannot be null");
  const term = type.term(readAs(field, type, value), value, context.now);
  if (term.kind !== "invalid") return term;
  if (lenient) return { kind: "nothing" };
  const shardLevel = type.family === "date" ? term.errorType : "query_shard_exception";
  const reason = shardLevel === term.errorType ? term.reason : `failed to create query: ${term.reason}`;
  throw new RejectedRequest(shardLevel, reason, 400, term.errorType);
}

// A number is a moment in epoch ms, whatever the format of the date field.
function readAs(field: Field, type: FieldType, value: JsonValue): Field {
  return type.family === "date" && isNumber(value) ? { ...field, params: { ...field.params, format: "epoch_millis" } } : field;
}

/** True for documents with a value that equals the term. */
export function equals(field: Field, term: TermValue, pointer: string): Expr {
  const type = typeOf(field, pointer);
  switch (term.kind) {
    case "nothing":
    case "invalid":
      return FALSE;
    case "range":
      return between(field, type, term.from, term.to);
    case "value":
      return term.value === 0 && type.family === "floating"
        ? someValue(field, (value) => binary(bits(type, value), "=", bits(type, valueParam(type, term.value))))
        : call("has", valuesColumn(field), valueParam(type, term.value));
    default:
      return term satisfies never;
  }
}

/** True for documents with a value that equals one of the terms. */
export function equalsAny(field: Field, terms: readonly TermValue[], pointer: string): Expr {
  const type = typeOf(field, pointer);
  const plain: ParamValue[] = [];
  const others: Expr[] = [];
  for (const term of terms) {
    if (term.kind === "value" && !(term.value === 0 && type.family === "floating")) plain.push(paramValue(term.value));
    else if (term.kind !== "nothing") others.push(equals(field, term, pointer));
  }
  const any = plain.length === 0 ? [] : [call("hasAny", valuesColumn(field), param(`Array(${type.element})`, plain))];
  return or([...any, ...others]);
}

// -0.0 equals 0.0 for ClickHouse, not for Elasticsearch.
function bits(type: FieldType, value: Expr): Expr {
  return call(type.element === "Float32" ? "reinterpretAsUInt32" : "reinterpretAsUInt64", value);
}

/** True when one value of the document fulfils the condition. */
export function someValue(field: Field, condition: (value: Expr) => Expr): Expr {
  return call("arrayExists", lambda(["value"], condition(column("value"))), valuesColumn(field));
}

/** True when one value lies in [from, to]. */
export function between(field: Field, type: FieldType, from: DocValue, to: DocValue): Expr {
  if (from === to) return call("has", valuesColumn(field), valueParam(type, from));
  return someValue(field, (value) => and([binary(value, ">=", valueParam(type, from)), binary(value, "<=", valueParam(type, to))]));
}

/** True for documents that have the field: for text a value that is not null, though it may hold no word. */
export function present(field: Field, pointer: string): Expr {
  if (rangeKind(field) !== undefined) return call("notEmpty", fieldColumn(field, "#from"));
  const type = typeOf(field, pointer);
  if (type.family === "text") return binary(fieldColumn(field, "#count"), ">", literal(0));
  return call("notEmpty", fieldColumn(field));
}

/** One word or value of a text or keyword field compared without regard to ASCII case. */
export function lowerAscii(value: Expr): Expr {
  return call("lower", value);
}

/** A-Z → a-z and nothing else, as Lucene folds case in queries. */
export function foldAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
