// What each command makes of the rows before it.
import { binary, call, type Expr, literal, marked, type Order } from "../../clickhouse/sql/ast.ts";
import { dissected } from "./dissect.ts";
import { rowPerValue } from "./expand.ts";
import { analyze, condition, sameOperator } from "./expression.ts";
import { fieldAttributes, metadataAttribute } from "./fields.ts";
import { grokked } from "./grok/index.ts";
import { toldByLucene } from "./lucene.ts";
import {
  afterLimit,
  constantRow,
  documentRows,
  type Pipeline,
  type Rows,
  scopeOf,
  searchingScope,
  whileSmall,
  withAttributes,
} from "./pipeline.ts";
import { pointerTo } from "./pointer.ts";
import { type Attribute, refused, withoutSql } from "./scope.ts";
import { stats } from "./stats.ts";
import type { Command, Expression, NamedExpression, NamePattern, SortKey } from "./tree.ts";
import { isSpan, type Value } from "./value.ts";

/** The rows after a command. `filter` is the request's own filter over the documents. */
export function applied(rows: Rows | null, command: Command, pipeline: Pipeline, filter: readonly Expr[]): Rows {
  if (rows === null) return source(command, pipeline, filter);
  switch (command.kind) {
    case "where": {
      const ready = afterLimit(rows, pipeline);
      const sorted = ready.order.length > 0 && ready.sorted === "expanded" ? "unbounded" : ready.sorted;
      return { ...ready, sorted, where: [...ready.where, ...filtered(command.condition, ready, pipeline)] };
    }
    case "eval":
      return evaluated(whileSmall(rows, pipeline), command.fields, pipeline);
    case "stats":
      return stats(whileSmall(afterLimit(rows, pipeline), pipeline), command, pipeline);
    case "sort": {
      const ready = whileSmall(afterLimit(rows, pipeline), pipeline);
      return { ...ready, sorted: "bounded", order: command.keys.flatMap((key) => orderBy(key, ready, pipeline)) };
    }
    case "keep":
      return withAttributes(rows, kept(rows.attributes, command.names, pipeline));
    case "drop":
      return withAttributes(rows, dropped(rows.attributes, command.names, pipeline));
    case "rename":
      return withAttributes(rows, renamed(rows.attributes, command, pipeline));
    case "limit":
      return { ...rows, limit: { count: Math.min(command.count, rows.limit?.count ?? command.count), pointer: pointerTo(command) } };
    case "mv_expand":
      return expanded(afterLimit(rows, pipeline), command, pipeline);
    case "dissect": {
      const found = dissected(analyze(command.input, scopeOf(rows, pipeline)), command, pipeline.text);
      return withAttributes(rows, found.reduce(withAttribute, rows.attributes));
    }
    case "grok": {
      const found = grokked(analyze(command.input, scopeOf(rows, pipeline)), command, pipeline.text);
      return withAttributes(rows, found.reduce(withAttribute, rows.attributes));
    }
    case "from":
    case "row":
    case "show_info":
    case "unsupported":
      throw withoutSql(command, `[${command.kind}] has no SQL`);
  }
}

function source(command: Command, pipeline: Pipeline, filter: readonly Expr[]): Rows {
  const { context } = pipeline;
  if (command.kind === "row") return evaluated(constantRow(), command.fields, pipeline);
  if (command.kind !== "from") throw withoutSql(command, "[SHOW] tells of Elasticsearch itself");
  const metadata = command.metadata.map((item) => metadataAttribute(item.name, pipeline, item));
  return documentRows(metadata.reduce(withAttribute, fieldAttributes(context)), filter);
}

// Each side of an AND is a condition of its own: Elasticsearch hands those to Lucene that Lucene can tell.
function filtered(node: Expression, rows: Rows, pipeline: Pipeline): readonly Expr[] {
  const scope = searchingScope(rows, pipeline);
  const documents = scope.search.kind === "documents";
  return conjuncts(node).map((item) =>
    condition(item, { ...scope, byLucene: documents ? toldByLucene(item, scope) : "unknown" }, "Condition expression needs to be boolean,"),
  );
}

function conjuncts(node: Expression): readonly Expression[] {
  return node.kind === "binary" && node.op === "and" ? sameOperator(node, "and").flatMap(conjuncts) : [node];
}

/** A column at the end; an earlier one of its name is gone. */
export function withAttribute(attributes: readonly Attribute[], attribute: Attribute): readonly Attribute[] {
  return [...attributes.filter(({ name }) => name !== attribute.name), attribute];
}

function evaluated(rows: Rows, fields: readonly NamedExpression[], pipeline: Pipeline): Rows {
  let now = rows;
  for (const field of fields) {
    const value = analyze(field.value, scopeOf(now, pipeline));
    if (isSpan(value.type))
      throw refused(pipeline, field, `EVAL does not support type [${value.type}] as the return data type of expression`);
    now = withAttributes(now, withAttribute(now.attributes, { name: field.name, value: placed(field, value) }));
  }
  return now;
}

// A column under another name stays what it is; what is computed is marked with its place.
function placed(field: NamedExpression, value: Value): Value {
  return field.value.kind === "name" || value.constant !== undefined ? value : { ...value, sql: marked(pointerTo(field), value.sql) };
}

/** Of several values the least counts ascending, the greatest descending. */
function orderBy(key: SortKey, rows: Rows, pipeline: Pipeline): readonly Order[] {
  const value = analyze(key.value, scopeOf(rows, pipeline));
  if (value.type === "geo_point" || value.type === "_source") throw refused(pipeline, key, `cannot sort on ${value.type}`);
  const nulls = key.nulls ?? (key.descending ? "first" : "last");
  const order: Order = { expr: sortValue(value, key.descending), ...(key.descending ? { desc: true } : {}), nulls };
  // Elasticsearch tells -0.0 from 0.0; ClickHouse's comparison does not.
  return value.type === "double" ? [order, { ...order, expr: binary(call("reinterpretAsInt64", order.expr), ">=", literal(0)) }] : [order];
}

function sortValue(value: Value, descending: boolean): Expr {
  if (!value.many) return value.sql;
  const extreme = call("arrayElement", call(descending ? "arrayReverseSort" : "arraySort", value.sql), literal(1));
  return call("if", call("empty", value.sql), literal(null), extreme);
}

function matching(attributes: readonly Attribute[], pattern: NamePattern, pipeline: Pipeline): readonly Attribute[] {
  const source = new RegExp(pattern.source, "s");
  const found = attributes.filter(({ name }) => source.test(name));
  if (found.length > 0 || pattern.text === "*") return found;
  throw refused(pipeline, pattern, pattern.wild ? `No matches found for pattern [${pattern.text}]` : `Unknown column [${pattern.text}]`);
}

// A full name beats a pattern, a pattern beats `*`; among equals the later place counts.
function kept(attributes: readonly Attribute[], names: readonly NamePattern[], pipeline: Pipeline): readonly Attribute[] {
  const priorities = new Map<Attribute, number>();
  for (const pattern of names) {
    const priority = pattern.text === "*" ? 2 : pattern.wild ? 1 : 0;
    for (const attribute of matching(attributes, pattern, pipeline)) {
      const earlier = priorities.get(attribute);
      if (earlier !== undefined && earlier < priority) continue;
      priorities.delete(attribute);
      priorities.set(attribute, priority);
    }
  }
  return [...priorities.keys()];
}

function dropped(attributes: readonly Attribute[], names: readonly NamePattern[], pipeline: Pipeline): readonly Attribute[] {
  const gone = new Set(
    names.flatMap((pattern) => {
      if (pattern.text === "*") throw refused(pipeline, pattern, "Removing all fields is not allowed [*]");
      return matching(attributes, pattern, pipeline);
    }),
  );
  return attributes.filter((attribute) => !gone.has(attribute));
}

function renamed(
  attributes: readonly Attribute[],
  command: Extract<Command, { kind: "rename" }>,
  pipeline: Pipeline,
): readonly Attribute[] {
  return command.names.reduce((before, { from, to, at, end }) => {
    const found = before.find(({ name }) => name === from);
    if (found === undefined) throw refused(pipeline, { at, end }, `Unknown column [${from}]`);
    if (from === to) return before;
    return before.flatMap((attribute) => (attribute === found ? [{ ...attribute, name: to }] : attribute.name === to ? [] : [attribute]));
  }, attributes);
}

function expanded(rows: Rows, command: Extract<Command, { kind: "mv_expand" }>, pipeline: Pipeline): Rows {
  const found = rows.attributes.find(({ name }) => name === command.name);
  if (found === undefined) throw refused(pipeline, command, `Unknown column [${command.name}]`);
  if (found.value.lacking !== undefined) throw withoutSql(command, found.value.lacking);
  if (found.value.type === "geo_point" || found.value.type === "_source") throw withoutSql(command, "points are not expanded yet");
  return { ...rowPerValue(rows, command.name, pipeline), sorted: rows.sorted === "unbounded" ? "unbounded" : "expanded" };
}
