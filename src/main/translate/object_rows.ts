// Statements of which each row is one object of a nested path (or what is around it): the documents joined to their objects, one
// scope after the other.
import { and, column, type Expr, isTrue, type Query, type Select, select } from "../clickhouse/sql/ast.ts";
import type { Context } from "./context.ts";
import { isEnclosed, type NestedScope, type ObjectColumn, objectColumns, objectNumber } from "./nested_scope.ts";
import { columnsIn, documents, INDEX_COLUMN, selectDocuments, singlesOf, tableColumns, withFirsts } from "./source.ts";
import { META_COLUMNS } from "./types.ts";

/** A select over what the context's rows stand for: documents, or objects. */
export function selectRows(context: Context, parts: Omit<Select, "kind" | "from">): Select {
  const scopes = context.joined ?? [];
  if (scopes.length === 0) return selectDocuments(context, parts);
  const uses = [
    ...parts.columns.map((item) => item.expr),
    ...(parts.where === undefined ? [] : [parts.where]),
    ...(parts.orderBy ?? []).map((item) => item.expr),
  ];
  return select({ ...parts, from: { kind: "subquery", query: objects(context, scopes, columnsIn(uses), conditionsOf(parts.where)) } });
}

/** What tells the rows' documents or objects apart, where a row repeats them: seen from outside of an object that is joined. */
export function repeated(context: Context): readonly Expr[] {
  const seen = new Set<number>();
  for (let scope = context.scope; scope !== undefined; scope = scope.around) seen.add(scope.level);
  if ((context.joined ?? []).every(({ level }) => seen.has(level))) return [];
  const document = [...(context.tables.length > 1 ? [INDEX_COLUMN] : []), META_COLUMNS.shard, META_COLUMNS.seqNo].map((name) =>
    column(name),
  );
  return context.scope === undefined ? document : [...document, objectNumber(context.scope)];
}

interface Join {
  readonly own: readonly ObjectColumn[];
  /** True for the objects of the object that the row stands for. */
  readonly enclosed: Expr;
  /** Names that the statement, or the joins after this one, ask for. */
  readonly asked: ReadonlySet<string>;
}

function objects(context: Context, scopes: readonly NestedScope[], names: ReadonlySet<string>, conditions: readonly Expr[]): Query {
  const joins: Join[] = [];
  // Whoever reads a list of one value at most may come to read that value.
  let asked: ReadonlySet<string> = new Set(withFirsts([...names], singlesOf(context)));
  for (const scope of scopes.toReversed()) {
    const enclosed = isEnclosed(context.mapping, scope);
    const all = new Set([...asked, ...columnsIn([enclosed])]);
    const own = objectColumns(context.mapping, scope, all);
    joins.unshift({ own, enclosed, asked });
    asked = new Set([...all, ...columnsIn(own.map(({ values }) => values))]);
  }
  const ofObjects = new Set(joins.flatMap(({ own }) => own.map(({ name }) => name)));
  // Documents are left out before they are joined, where no object is needed to tell.
  const where = conditions.filter((each) => ![...columnsIn([each])].some((name) => ofObjects.has(name)));
  const columns = tableColumns(context, asked).map((name) => column(name));
  const start: Query = select({
    columns: columns.map((expr) => ({ expr })),
    from: documents(context, [...columns, ...where]),
    ...(where.length > 0 ? { where: and(where) } : {}),
  });
  return joins.reduce(joinedTo, { query: start, names: tableColumns(context, asked) }).query;
}

interface Rows {
  readonly query: Query;
  readonly names: readonly string[];
}

function joinedTo({ query, names }: Rows, { own, enclosed, asked }: Join): Rows {
  const kept = [...names.filter((name) => asked.has(name)), ...own.map(({ name }) => name)];
  const joined = select({
    columns: kept.map((name) => ({ expr: column(name) })),
    from: { kind: "subquery", query },
    arrayJoin: { items: own.map(({ name, values }) => ({ expr: values, alias: name })) },
    ...(isTrue(enclosed) ? {} : { where: enclosed }),
  });
  return { query: joined, names: kept };
}

function conditionsOf(where: Expr | undefined): readonly Expr[] {
  if (where === undefined) return [];
  if (where.kind === "marked") return conditionsOf(where.item);
  return where.kind === "and" ? where.items.flatMap(conditionsOf) : [where];
}
