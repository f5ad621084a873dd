// A finished statement whose lists hold no more than one value each, read as values: `arrayJoin(list)` becomes the value of the rows
// that have one, `sumArray(list)` becomes `sumIf(value, present)`. Lists that are used in any other way stay lists.
import { and, type Column, call, column, type Expr, isTrue, type Order, type Query, type Select } from "../../clickhouse/sql/ast.ts";
import { mapParts, type Single, type Singles, singleOf } from "../single_values.ts";

/** The query, answering the same, with fewer lists. */
export function readSingles(query: Query, singles: Singles): Query {
  return singles.size === 0 ? query : lowered(query, singles, () => false).query;
}

/** Aliases that hold plain values by now → the alias that says whether there is one; null: always. */
type Lowered = ReadonlyMap<string, string | null>;

interface LoweredQuery {
  readonly query: Query;
  readonly aliases: Lowered;
}

const NOTHING: Lowered = new Map();

function lowered(query: Query, singles: Singles, allowed: (alias: string) => boolean): LoweredQuery {
  if (query.kind === "union") return { query: { ...query, all: query.all.map((part) => readSingles(part, singles)) }, aliases: NOTHING };
  const inner = query.from?.kind === "subquery" ? loweredFrom(query, query.from.query, singles, allowed) : NOTHING_BELOW;
  const rewrite = (expr: Expr): Expr => rewritten(expr, inner.aliases, singles);
  const aliases = new Map<string, string | null>();
  const present: Expr[] = [];
  const columns = query.columns.flatMap((item): readonly Column[] => {
    const joined = joinedList(item.expr);
    if (joined?.kind === "column" && inner.aliases.has(joined.name)) {
      const flag = inner.aliases.get(joined.name) ?? null;
      if (flag !== null) present.push(column(flag));
      return [{ ...item, expr: joined }];
    }
    const single = joined && singleOf(joined, singles);
    if (single !== undefined) {
      if (!isTrue(single.present)) present.push(single.present);
      return [{ ...item, expr: single.value }];
    }
    return listColumn(item, inner.aliases, singles, allowed, aliases, rewrite);
  });
  const where = [...(query.where === undefined ? [] : [rewrite(query.where)]), ...present].filter((each) => !isTrue(each));
  const order = (item: Order): Order => ({ ...item, expr: rewrite(item.expr) });
  const { where: _, ...rest } = query;
  const select: Select = {
    ...rest,
    ...(query.from?.kind === "subquery" && inner.query !== null ? { from: { ...query.from, query: inner.query } } : {}),
    columns,
    ...(where.length > 0 ? { where: and(where) } : {}),
    ...(query.groupBy === undefined ? {} : { groupBy: query.groupBy.map(rewrite) }),
    ...(query.having === undefined ? {} : { having: rewrite(query.having) }),
    ...(query.orderBy === undefined ? {} : { orderBy: query.orderBy.map(order) }),
  };
  return { query: Object.freeze(select), aliases };
}

const NOTHING_BELOW = { query: null, aliases: NOTHING };

function loweredFrom(outer: Select, query: Query, singles: Singles, allowed: (alias: string) => boolean): LoweredQuery {
  const uses = new Uses();
  for (const { expr, alias } of outer.columns) {
    if (expr.kind === "column" && (alias === undefined || alias === expr.name) && allowed(expr.name)) continue;
    uses.note(expr);
  }
  for (const expr of [outer.where, outer.having, ...(outer.groupBy ?? []), ...(outer.limitBy?.by ?? [])])
    if (expr !== undefined) uses.note(expr);
  for (const { expr } of [...(outer.orderBy ?? []), ...(outer.arrayJoin?.items ?? [])]) uses.note(expr);
  return lowered(query, singles, (alias) => alias.startsWith("#") && !uses.asLists.has(alias));
}

/** Which columns an expression needs as lists: all but those that are joined or aggregated. */
class Uses {
  readonly asLists = new Set<string>();

  note(expr: Expr): void {
    if (expr.kind === "column") this.asLists.add(expr.name);
    else if (joinedList(expr)?.kind === "column") return;
    else {
      const list = aggregatedList(expr);
      mapParts(expr, (part) => {
        if (part !== list) this.note(part);
        return part;
      });
    }
  }
}

function joinedList(expr: Expr): Expr | undefined {
  return expr.kind === "call" && expr.name === "arrayJoin" ? expr.args[0] : undefined;
}

const AGGREGATE = /^(sum|sumKahan|min|max|uniqExact|uniqCombined|groupArray|quantilesExactInclusive)Array(If)?$/;

/** The list whose elements an aggregate function takes. */
function aggregatedList(expr: Expr): Extract<Expr, { kind: "column" }> | undefined {
  if (expr.kind !== "call") return undefined;
  const [list, ...others] = expr.args;
  const match = AGGREGATE.exec(expr.name);
  if (match === null || list?.kind !== "column" || others.length !== (match[2] === undefined ? 0 : 1)) return undefined;
  return list;
}

function listColumn(
  item: Column,
  below: Lowered,
  singles: Singles,
  allowed: (alias: string) => boolean,
  aliases: Map<string, string | null>,
  rewrite: (expr: Expr) => Expr,
): readonly Column[] {
  const { expr, alias } = item;
  if (expr.kind === "column") {
    const flag = below.get(expr.name);
    if (flag === undefined) return [item];
    aliases.set(expr.name, flag);
    return flag === null ? [item] : [item, { expr: column(flag) }];
  }
  const single = alias !== undefined && allowed(alias) ? singleOf(expr, singles) : undefined;
  if (alias === undefined || single === undefined) return [{ ...item, expr: rewrite(expr) }];
  return named(alias, single, aliases);
}

function named(alias: string, { value, present }: Single, aliases: Map<string, string | null>): readonly Column[] {
  const flag = isTrue(present) ? null : `${alias}?`;
  aliases.set(alias, flag);
  return [{ expr: value, alias }, ...(flag === null ? [] : [{ expr: present, alias: flag }])];
}

function rewritten(expr: Expr, below: Lowered, singles: Singles): Expr {
  if (expr.kind === "in" || expr.kind === "scalar") {
    const query = readSingles(expr.query, singles);
    return Object.freeze(expr.kind === "in" ? { ...expr, left: rewritten(expr.left, below, singles), query } : { ...expr, query });
  }
  const list = aggregatedList(expr);
  const flag = list === undefined ? undefined : below.get(list.name);
  if (expr.kind === "call" && list !== undefined && flag !== undefined) {
    const conditions = [...expr.args.slice(1), ...(flag === null ? [] : [column(flag)])];
    const name = `${AGGREGATE.exec(expr.name)?.[1] ?? ""}${conditions.length > 0 ? "If" : ""}`;
    return Object.freeze({
      ...call(name, list, ...(conditions.length > 0 ? [and(conditions)] : [])),
      ...(expr.params ? { params: expr.params } : {}),
    });
  }
  return mapParts(expr, (part) => rewritten(part, below, singles)) ?? expr;
}
