// STATS: aggregates, each maybe under a condition, by groups. A row whose key holds several values is in the group of each. An
// expression over aggregates is computed around them.
import { column, type Expr, marked } from "../../clickhouse/sql/ast.ts";
import { aggregated, isAggregate, isGroupable } from "./aggregates.ts";
import { openedValues, rowPerValue } from "./expand.ts";
import { analyze, condition } from "./expression.ts";
import { toldByLucene } from "./lucene.ts";
import { type Pipeline, type Rows, scopeOf, sealed, searchingScope } from "./pipeline.ts";
import { type Layer, layerOver } from "./plan.ts";
import { pointerTo } from "./pointer.ts";
import { type Attribute, refused, type Scope, withoutSql } from "./scope.ts";
import { type Command, type Expression, type NamedExpression, partsOf, withParts } from "./tree.ts";
import { type Noise, scalarValue, type Value } from "./value.ts";

type Columns = { readonly expr: Expr; readonly alias: string }[];

export function stats(before: Rows, command: Extract<Command, { kind: "stats" }>, pipeline: Pipeline): Rows {
  const { rows, keys: by } = settledKeys(withKeys(before, command.by, pipeline), pipeline);
  const columns: Columns = [];
  const { keys, arrayJoin } = groupKeys(by, columns, pipeline);
  const inner: Attribute[] = [];
  const outer = command.aggregates.map((named) => ({
    named,
    value: lifted(named.value, { rows, named, columns, inner, pipeline, keys: by, shared: sharedCondition(command, pipeline) }),
  }));
  const layer: Layer = {
    ...layerOver(rows.source),
    columns,
    where: rows.where,
    arrayJoin,
    groupBy: [...new Set(keys.flatMap(({ value }) => (value.sql.kind === "column" ? [value.sql.name] : [])))],
    grouped: true,
  };
  const next: Rows = {
    ...rows,
    source: { kind: "layer", layer },
    attributes: [...inner, ...keys],
    where: [],
    order: [],
    limit: null,
    searchable: "none",
    sorted: "bounded",
  };
  const scope = scopeOf(next, pipeline);
  const computed = outer.map(({ named, value }): Attribute => ({ name: named.name, value: analyze(value, scope) }));
  const attributes = new Map<string, Attribute>();
  for (const attribute of [...computed, ...keys]) {
    attributes.delete(attribute.name);
    attributes.set(attribute.name, attribute);
  }
  return { ...next, attributes: [...attributes.values()] };
}

// One key of several values is opened by the SELECT that groups. Before others, each takes one of its own: together they would go
// side by side, not each with each.
function settledKeys({ rows, keys }: Keyed, pipeline: Pipeline): Keyed {
  // A key that is another one by a second name is no second key.
  const firstOf = keys.map(({ value }) => keys.findIndex((other) => other.value.sql === value.sql));
  const several = keys.flatMap(({ value }, i) => (value.many && firstOf[i] === i ? [i] : []));
  if (several.length === 0 || (several.length === 1 && rows.where.length === 0)) return { rows, keys };
  const nameOf = (i: number): string => `#by${i}`;
  const carried = keys.map(({ value }, i): Attribute => ({ name: nameOf(i), value }));
  let opened: Rows = { ...rows, attributes: [...rows.attributes, ...carried] };
  if (several.length === 1) opened = sealed(opened, pipeline);
  else for (const i of several.slice(1)) opened = rowPerValue(opened, nameOf(i), pipeline, true);
  const found = keys.map(
    ({ name, value }, i): Attribute => ({
      name,
      value: opened.attributes.find((attribute) => attribute.name === nameOf(firstOf[i] ?? i))?.value ?? value,
    }),
  );
  return { rows: opened, keys: found };
}

interface Keyed {
  readonly rows: Rows;
  readonly keys: readonly Attribute[];
}

function withKeys(rows: Rows, by: readonly NamedExpression[], pipeline: Pipeline): Keyed {
  const keys = by.map((named): Attribute => {
    const value = analyze(named.value, { ...scopeOf(rows, pipeline), grouping: true });
    if (value.type === "geo_point") throw withoutSql(named, "groups of points have no SQL yet");
    if (!isGroupable(value.type)) throw refused(pipeline, named, `cannot group by on [${value.type}] type for grouping [${named.name}]`);
    // A key that is a column keeps its SQL as it is: a second name for it is no second key.
    const computed = named.value.kind === "name" ? value : { ...value, sql: marked(pointerTo(named), value.sql) };
    return { name: named.name, value: computed };
  });
  // An aggregate may name a key.
  const named = keys.filter((_, i) => by[i]?.named === true);
  const others = rows.attributes.filter(({ name }) => !named.some((key) => key.name === name));
  return { rows: { ...rows, attributes: [...others, ...named] }, keys };
}

function groupKeys(keys: readonly Attribute[], columns: Columns, { names }: Pipeline) {
  const arrayJoin: Columns = [];
  const seen = new Map<Expr, Value>();
  const grouped = keys.map(({ name, value }): Attribute => {
    const same = seen.get(value.sql);
    if (same !== undefined) return { name, value: same };
    const key = groupKey(name, value);
    seen.set(value.sql, key);
    return { name, value: key };
  });
  return { keys: grouped, arrayJoin };

  function groupKey(name: string, value: Value): Value {
    const alias = names.next(name);
    if (!value.many) {
      columns.push({ expr: value.sql, alias });
      return scalarValue(value.type, column(alias), [value]);
    }
    const joined = `${alias}_value`;
    arrayJoin.push({ expr: openedValues(value, true), alias: joined });
    columns.push({ expr: column(joined), alias });
    return scalarValue(value.type, column(alias));
  }
}

interface Lifting {
  readonly rows: Rows;
  readonly named: NamedExpression;
  readonly columns: Columns;
  readonly inner: Attribute[];
  readonly pipeline: Pipeline;
  readonly keys: readonly Attribute[];
  /** All aggregates of the command have the same condition. */
  readonly shared: boolean;
}

function sharedCondition({ aggregates }: Extract<Command, { kind: "stats" }>, { text }: Pipeline): boolean {
  return new Set(aggregates.map(({ where }) => (where === null ? "" : text.slice(where.at, where.end)))).size === 1;
}

/** The expression with each aggregate replaced by the name of its column. */
function lifted(node: Expression, lifting: Lifting): Expression {
  const found = { any: false };
  const result = replaced(node, lifting, found);
  const text = lifting.pipeline.text.slice(node.at, node.end);
  const isKey = lifting.keys.some(({ name }) => name === text);
  if (!found.any && !isKey) throw refused(lifting.pipeline, node, `expected an aggregate function but found [${text}]`);
  return result;
}

function replaced(node: Expression, lifting: Lifting, found: { any: boolean }): Expression {
  if (node.kind === "match") throw withoutSql(node, "full text search over aggregates");
  if (node.kind !== "call" || !isAggregate(node.name)) return withParts(node, (part) => replaced(part, lifting, found));
  found.any = true;
  return columnOf(node, lifting);
}

function columnOf(
  node: Extract<Expression, { kind: "call" }>,
  { rows, named, columns, inner, pipeline, shared, keys }: Lifting,
): Expression {
  const scope = { ...scopeOf(rows, pipeline), grouping: true };
  if (node.args.some(holdsAggregate)) throw refused(pipeline, node, "nested aggregations not allowed inside other aggregations");
  // A condition that all aggregates share goes to Lucene; one alone is computed.
  const plain = searchingScope(rows, pipeline);
  const toLucene = shared && named.where !== null && plain.search.kind === "documents" ? toldByLucene(named.where, plain) : "unknown";
  const searching: Scope = { ...plain, byLucene: shared ? (keys.length === 0 ? toLucene : "unknown") : "no" };
  const where = named.where === null ? null : condition(named.where, searching, "Condition for aggregate function");
  const value = aggregated({ node, scope, analyze: (arg) => analyze(arg, scope) }, where);
  const name = `#${inner.length}`;
  const alias = pipeline.names.next(named.name);
  columns.push({ expr: marked(pointerTo(node), value.sql), alias });
  inner.push({ name, value: { ...withBounds(value, alias, columns), sql: column(alias) } });
  return { kind: "name", name, at: node.at, end: node.end };
}

function withBounds(value: Value, alias: string, columns: Columns): Value {
  const { noise } = value;
  if (noise?.bounds == null) return value;
  columns.push({ expr: noise.bounds.low, alias: `${alias}_low` }, { expr: noise.bounds.high, alias: `${alias}_high` });
  const bounds: Noise["bounds"] = { low: column(`${alias}_low`), high: column(`${alias}_high`) };
  return { ...value, noise: { rule: noise.rule, bounds } };
}

function holdsAggregate(node: Expression): boolean {
  return (node.kind === "call" && isAggregate(node.name)) || partsOf(node).some(holdsAggregate);
}
