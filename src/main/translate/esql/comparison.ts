// Values compared, by ES|QL's types or as Lucene does: texts are read as what stands beside them.
import { binary, call, literal, marked, not } from "../../clickhouse/sql/ast.ts";
import { parseDate } from "../../elasticsearch/date/format.ts";
import { parseAddress } from "../../elasticsearch/fields/ip_address.ts";
import { millisecondsOf, nanosecondsOf, spanOfText } from "./dates.ts";
import { isRounded } from "./lucene.ts";
import { pointerTo } from "./pointer.ts";
import { refused, type Scope, textAt, withoutSql } from "./scope.ts";
import type { BinaryName, Expression } from "./tree.ts";
import { constantOf, type EsqlType, isNumeric, isSpan, isText, nullOf, one, scalarValue, type Value } from "./value.ts";

export const COMPARISONS: Readonly<Partial<Record<BinaryName, "=" | "!=" | "<" | "<=" | ">" | ">=">>> = {
  "==": "=",
  "!=": "!=",
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
};

/** Two values compared. */
export function compare(op: BinaryName, left: Value, right: Value, node: Expression, scope: Scope): Value {
  const [a, b] = comparable(left, right, node, scope);
  if (a.type !== b.type && (a.type === "null" || b.type === "null")) {
    throw refused(
      scope,
      node,
      `first argument of [${textAt(scope, node)}] is [${a.type}] so second argument must also be [${a.type}] but was [${b.type}]`,
    );
  }
  if (a.type === "null") return nullOf("boolean");
  const sql = COMPARISONS[op];
  if (sql === undefined) throw new Error(`no comparison: ${op}`);
  checkFormat(a, node, scope);
  if (isZero(a, b) && scope.byLucene === "yes") return comparedByLucene(sql, a, b, node, scope);
  if (isRounded(a, b) && scope.byLucene !== "no") return comparedByLucene(sql, a, b, node, scope);
  if (a.type === "boolean" && op !== "==" && op !== "!=") {
    throw refused(scope, node, `first argument of [${textAt(scope, node)}] must not be a boolean`);
  }
  return scalarValue("boolean", marked(pointerTo(node), binary(one(a), sql, one(b))), [a, b]);
}

/** Of several values none is compared, and a number is rounded as the field's numbers are. */
export function comparedByLucene(op: string, field: Value, constant: Value, node: Expression, scope: Scope): Value {
  const path = field.field?.path;
  const { search } = scope;
  if (path === undefined || scope.byLucene === "unknown" || search.kind !== "documents")
    throw withoutSql(node, "whether the number is compared as a double or rounded as the field's is open");
  const value = Number(constant.constant);
  const bound = RANGES[op];
  const found = search.compile(bound === undefined ? { term: { [path]: value } } : { range: { [path]: { [bound]: value } } }, node);
  const told = op === "!=" ? not(found) : found;
  return scalarValue("boolean", call("if", binary(call("length", field.sql), "=", literal(1)), told, literal(null)));
}

/** A zero beside a field of doubles: Lucene tells -0.0 from it. */
export const isZero = (a: Value, b: Value): boolean =>
  a.field !== undefined && a.type === "double" && b.constant !== undefined && b.constant !== null && Number(b.constant) === 0;

const RANGES: Readonly<Partial<Record<string, string>>> = { "<": "lt", "<=": "lte", ">": "gt", ">=": "gte" };

/** Both sides as one type, text read as the type of the other side. */
export function comparable(left: Value, right: Value, node: Expression, scope: Scope): readonly [Value, Value] {
  const a = readAs(left, right.type, node, scope);
  const b = readAs(right, left.type, node, scope);
  if (a.type === "null" || b.type === "null") return [a, b];
  if (a.type === "geo_point" || b.type === "geo_point") throw withoutSql(node, "comparing points has no SQL yet");
  if (isText(a.type) && isText(b.type)) return [a, b];
  if (isNumeric(a.type) && isNumeric(b.type)) {
    const unsigned = a.type === "unsigned_long" || b.type === "unsigned_long";
    if (unsigned && a.type !== b.type)
      throw refused(scope, node, `[unsigned_long] can only be operated on together with another [unsigned_long]`);
    return [a, b];
  }
  if (a.type === b.type && !isSpan(a.type)) return [a, b];
  if ((a.type === "date" && b.type === "date_nanos") || (a.type === "date_nanos" && b.type === "date")) {
    throw withoutSql(node, "comparing milliseconds with nanoseconds has no SQL yet");
  }
  throw refused(
    scope,
    node,
    `first argument of [${textAt(scope, node)}] is [${a.type}] so second argument must also be [${a.type}] but was [${b.type}]`,
  );
}

/** A text of the query as the type that stands beside it; anything else is itself. */
export function readAs(value: Value, type: EsqlType, node: Expression, scope: Scope): Value {
  if (value.type !== "keyword" || typeof value.constant !== "string") return value;
  const text = value.constant;
  const read = textAs(text, type);
  if (read === undefined) return value;
  if (read === null) throw refused(scope, node, `Cannot convert string [${text}] to [${type.toUpperCase()}]`);
  return read;
}

function textAs(text: string, type: EsqlType): Value | null | undefined {
  switch (type) {
    case "date": {
      const ms = millisecondsOf(text);
      return ms === null ? null : constantOf("date", ms);
    }
    case "date_nanos": {
      const ns = nanosecondsOf(text);
      return ns === null ? null : constantOf("date_nanos", ns);
    }
    case "ip":
      return parseAddress(text) === null ? null : constantOf("ip", text);
    case "boolean":
      return /^(true|false)$/i.test(text) ? constantOf("boolean", text.toLowerCase() === "true") : null;
    case "date_period":
    case "time_duration": {
      const span = spanOfText(text);
      return span === undefined ? null : { type: span.type, sql: literal(null), many: false, span };
    }
    default:
      return undefined;
  }
}

// Elasticsearch asks Lucene for a moment as an ISO text, which the field's own format may not read: the search ends then.
function checkFormat({ type, field }: Value, node: Expression, scope: Scope): void {
  const format = type === "date" ? field?.params.format : undefined;
  if (typeof format !== "string" || scope.byLucene === "no" || parseDate("2024-01-01T00:00:00.000Z", format) !== null) return;
  throw withoutSql(node, `Elasticsearch asks for moments in a form that the field's format [${format}] does not read`);
}

/** Throws where Lucene would round what IN lists, or end the search for a number that the field's type can't have. */
export function checkListed(a: Value, b: Value, node: Expression, scope: Scope): void {
  checkFormat(a, node, scope);
  if (scope.byLucene === "no") return;
  const beyond = a.field !== undefined && a.type === "integer" && b.type === "long" && b.constant !== undefined;
  if (beyond || isRounded(a, b)) throw withoutSql(node, "a number that the field's type can't hold has no SQL in this list");
}
