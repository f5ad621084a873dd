// The statement of one bucket aggregation (or of the root): which documents, joined to which keys, grouped by them, and
// the columns that its metrics add. Names start with `#`, which no field's column does.
import {
  and,
  binary,
  type Column,
  call,
  column,
  type Expr,
  isIn,
  isTrue,
  literal,
  type Order,
  over,
  type Query,
  scalar,
  select,
  tuple,
} from "../../clickhouse/sql/ast.ts";
import type { Context } from "../context.ts";
import { selectRows } from "../object_rows.ts";
import { singleOf } from "../single_values.ts";
import { columnsIn, INDEX_COLUMN, singlesOf } from "../source.ts";
import { META_COLUMNS } from "../types.ts";
import { keyColumn, keyColumns, keyName, keyRows } from "./key_rows.ts";
import { NamedColumns } from "./named_columns.ts";
import type { BucketCells, Cut, RowsMetric } from "./types.ts";

/** More rows than Elasticsearch would return buckets: enough to know that it refuses. */
const ROW_LIMIT = 65_537;

/** One step of the path from the root to a bucket. */
export interface Level {
  readonly keys: Expr;
  /** What a document must fulfil to be counted here: the query and every filter on the way. */
  readonly where: readonly Expr[];
  readonly statement: LevelStatement;
}

export class LevelStatement {
  readonly name: string;
  readonly #context: Context;
  /** Levels from the root down to this one's own; empty for the root. */
  readonly #path: readonly Level[];
  readonly #above: readonly Level[];
  /** Bucket aggregations right inside of this one. */
  readonly #inside: LevelStatement[] = [];
  #countedBy: LevelStatement | null | undefined;
  readonly #where: readonly Expr[];
  readonly #documents = new NamedColumns("#d");
  readonly #cells = new NamedColumns("#m");
  #cut: Cut | undefined;
  #beside: readonly Column[] = [];
  #minDocCount = 0;
  #maxDocCount: number | undefined;
  #required = false;

  constructor(name: string, context: Context, parents: readonly Level[], own: { readonly keys: Expr } | undefined, where: readonly Expr[]) {
    this.name = name;
    this.#context = context;
    this.#where = where;
    this.#above = parents;
    this.#path = own === undefined ? parents : [...parents, { keys: own.keys, where, statement: this }];
    const around = parents.at(-1);
    if (own !== undefined && around !== undefined) around.statement.#inside.push(this);
  }

  get path(): readonly Level[] {
    return this.#path;
  }

  get key(): Expr {
    return keyColumn(this.#path.length);
  }

  get cells(): BucketCells {
    return { key: keyName(this.#path.length), count: "#count", total: "#total", shards: this.#shardCut() ? "#shards" : undefined };
  }

  /** Key columns of the path, from the root down. */
  get keyNames(): readonly string[] {
    return this.#path.map((_, i) => keyName(i + 1));
  }

  get shardsName(): string {
    return `${this.name} shards`;
  }

  /** Keys of the parents, from the root down. */
  get parentKeys(): readonly Expr[] {
    return keyColumns(this.#path.length - 1);
  }

  /**
   * The statement of a bucket aggregation inside whose counts come to those of the buckets here, as `#total`: it stands for this
   * one, which asks for nothing but counts. Told once all aggregations are compiled.
   */
  get countedBy(): LevelStatement | undefined {
    if (this.#countedBy === undefined) this.#countedBy = this.#findCounter() ?? null;
    return this.#countedBy ?? undefined;
  }

  #findCounter(): LevelStatement | undefined {
    const plain = this.#cells.all.length === 0 && this.#beside.length === 0 && !this.#required;
    if (!plain || this.#cut !== undefined || this.#minDocCount > 1 || this.#maxDocCount !== undefined) return undefined;
    return this.#inside.find((inside) => inside.countedBy === undefined && inside.#partsAll(this));
  }

  // True where each document of a bucket around is in exactly one bucket here, and no bucket is missing.
  #partsAll(around: LevelStatement): boolean {
    const same = this.#context === around.#context && this.#context.joined === undefined && this.#where === around.#where;
    if (!same || this.#shardCut() || this.#minDocCount > 1 || this.#maxDocCount !== undefined) return false;
    const keys = this.#path.at(-1)?.keys;
    const single = keys && singleOf(keys, singlesOf(this.#context));
    return single !== undefined && isTrue(single.present);
  }

  /** Columns beside those of the metrics. */
  add(columns: readonly Column[]): void {
    this.#beside = columns;
  }

  limitTo(cut: Cut | undefined, minDocCount: number, maxDocCount?: number): void {
    this.#cut = cut;
    this.#minDocCount = minDocCount;
    this.#maxDocCount = maxDocCount;
  }

  document(expr: Expr): Expr {
    return column(this.#documents.nameOf(expr));
  }

  cell(expr: Expr): string {
    return this.#cells.nameOf(expr);
  }

  /**
   * How many distinct values the documents have, as a value of its own: grouping them is faster than the function that counts
   * them. Undefined inside of a bucket.
   */
  distinctCount(values: Expr): Expr | undefined {
    if (this.#path.length > 0 || this.#context.joined !== undefined) return undefined;
    const rows = selectRows(this.#context, {
      columns: [{ expr: call("arrayJoin", values), alias: "#value" }],
      ...(this.#where.length > 0 ? { where: and(this.#where) } : {}),
    });
    const value = column("#value");
    const groups = select({ columns: [{ expr: value }], from: { kind: "subquery", query: rows }, groupBy: [value] });
    return scalar(select({ columns: [{ expr: call("count") }], from: { kind: "subquery", query: groups } }));
  }

  /** Asks for a root's count even where it has no metrics. */
  require(): void {
    this.#required = true;
  }

  /** The statement itself; undefined for a root without metrics. */
  build(): Query | undefined {
    const depth = this.#path.length;
    if (depth === 0 && this.#cells.all.length === 0 && !this.#required) return undefined;
    const keys = keyColumns(depth);
    const parents = keys.slice(0, -1);
    const cut = this.#cut;
    const countsAround = this.#above.at(-1)?.statement.countedBy === this;
    const total: readonly Column[] = [
      ...(cut === undefined && !countsAround ? [] : [{ expr: over(call("sum", call("count")), parents), alias: "#total" }]),
      ...(cut === undefined ? [] : [{ expr: over(call("count"), parents), alias: "#distinct" }]),
    ];
    const own = this.#shardCut() ? [this.#inShards(depth)] : [];
    const sentBy: readonly Column[] = this.#shardCut()
      ? [{ expr: call("groupUniqArray", call("toString", column("#shard"))), alias: "#shards" }]
      : [];
    // What its shards sent was looked for within what is kept above: those restrictions follow.
    const restrictions = own.length > 0 ? own : this.#restrictions(this.#above);
    return select({
      columns: [
        ...keys.map((expr) => ({ expr })),
        { expr: call("count"), alias: "#count" },
        ...total,
        ...sentBy,
        ...this.#beside,
        ...this.#cells.all,
      ],
      from: { kind: "subquery", query: this.#rows(this.#documents.all) },
      ...(restrictions.length > 0 ? { where: and(restrictions) } : {}),
      ...(depth > 0 ? { groupBy: keys } : {}),
      ...this.#having(this.#minDocCount),
      ...(depth > 0 ? { orderBy: [...(countsAround ? parents.map((expr) => ({ expr })) : []), ...this.#order()] } : {}),
      ...(cut !== undefined && parents.length > 0 ? { limitBy: { limit: cut.size, by: parents } } : {}),
      ...(depth > 0 ? { limit: cut !== undefined && parents.length === 0 ? Math.min(cut.size, ROW_LIMIT) : ROW_LIMIT } : {}),
    });
  }

  /** What each shard held back: one row a parent and shard. Undefined where no shard's cut shows in the answer. */
  buildShards(): Query | undefined {
    const cut = this.#cut;
    if (cut === undefined || cut.unreported === true || !this.#shardCut()) return undefined;
    const keys = keyColumns(this.#path.length);
    const parents = keys.slice(0, -1);
    const shard = column("#shard");
    // A shard passes over small buckets before it counts to shardSize.
    const least = cut.shardMinDocCount;
    const eligible = least > 1 ? [binary(call("count"), ">=", literal(least))] : [];
    const rank = over(call("row_number"), [shard, ...parents, ...eligible], this.#shardOrder());
    const large = least > 1 ? [binary(column("#count"), ">=", literal(least))] : [];
    const within = and([...large, binary(column("#rank"), "<=", literal(cut.shardSize))]);
    const restrictions = this.#restrictions(this.#above);
    const counted = select({
      columns: [...[...keys, shard].map((expr) => ({ expr })), { expr: call("count"), alias: "#count" }, { expr: rank, alias: "#rank" }],
      from: { kind: "subquery", query: this.#rows(this.#sortDocuments()) },
      ...(restrictions.length > 0 ? { where: and(restrictions) } : {}),
      groupBy: [...keys, shard],
    });
    return select({
      columns: [
        ...parents.map((expr) => ({ expr })),
        { expr: call("toString", shard), alias: "#shard" },
        {
          expr: least > 1 && cut.smallUncounted === true ? call("sumIf", column("#count"), and(large)) : call("sum", column("#count")),
          alias: "#total",
        },
        { expr: call("sumIf", column("#count"), within), alias: "#kept" },
        { expr: call("countIf", within), alias: "#buckets" },
        { expr: call("sumIf", column("#count"), and([...large, binary(column("#rank"), "=", literal(cut.shardSize))])), alias: "#last" },
      ],
      from: { kind: "subquery", query: counted },
      groupBy: [...parents, shard],
    });
  }

  /** The first documents of each bucket, whole rows of them: `where` may be narrower than the bucket's own. */
  topRows(where: readonly Expr[], rows: RowsMetric): Query {
    const keys = keyColumns(this.#path.length);
    if (keys.length === 0) return this.#top(where, rows.columns, rows);
    // Two passes: bodies are read for the documents that come first somewhere, not for all.
    const used = columnsIn(rows.order.map((item) => item.expr));
    const place = [...(this.#context.tables.length > 1 ? [INDEX_COLUMN] : []), META_COLUMNS.shard, META_COLUMNS.seqNo];
    const places = place.map((name, i) => ({ expr: column(name), alias: `#p${i}` }));
    const first = this.#top(where, [...rows.columns.filter(({ alias }) => used.has(alias)), ...places], rows);
    const chosen = select({ columns: places.map(({ alias }) => ({ expr: column(alias) })), from: { kind: "subquery", query: first } });
    return this.#top([...where, isIn(tuple(...place.map((name) => column(name))), chosen)], rows.columns, rows);
  }

  #top(where: readonly Expr[], columns: RowsMetric["columns"], rows: RowsMetric): Query {
    const keys = keyColumns(this.#path.length);
    const restrictions = this.#restrictions(this.#path);
    const limit = rows.from + rows.size;
    return select({
      columns: [...keys, ...columns.map(({ alias }) => column(alias))].map((expr) => ({ expr })),
      from: { kind: "subquery", query: this.#rows(columns, where) },
      ...(restrictions.length > 0 ? { where: and(restrictions) } : {}),
      orderBy: rows.order,
      ...(keys.length > 0 ? { limitBy: { limit, by: keys } } : { limit }),
    });
  }

  #shardCut(): boolean {
    const shards = this.#context.tables.reduce((sum, table) => sum + table.shards, 0);
    return this.#cut !== undefined && this.#cut.everyShard !== true && (shards > 1 || this.#cut.shardCutMatters);
  }

  #order(): readonly Order[] {
    const cut = this.#cut;
    const order = cut?.order ?? keyColumns(this.#path.length).map((expr) => ({ expr }));
    if (cut?.shardOrder === undefined || this.#shardCut()) return order;
    // One shard: what it would not send comes after all that it sends.
    const place = over(call("row_number"), keyColumns(this.#path.length).slice(0, -1), cut.shardOrder);
    return [{ expr: binary(place, ">", literal(cut.shardSize)) }, ...order];
  }

  #shardOrder(): readonly Order[] {
    return this.#cut?.shardOrder ?? this.#order();
  }

  #having(minDocCount: number): { readonly having?: Expr } {
    const bounds = [
      ...(minDocCount > 1 ? [binary(call("count"), ">=", literal(minDocCount))] : []),
      ...(this.#maxDocCount === undefined ? [] : [binary(call("count"), "<=", literal(this.#maxDocCount))]),
    ];
    return bounds.length > 0 ? { having: and(bounds) } : {};
  }

  #sortDocuments(): readonly Column[] {
    const used = columnsIn(this.#order().map((item) => item.expr));
    return this.#documents.all.filter(({ alias }) => used.has(alias));
  }

  #rows(documents: readonly Column[], where = this.#where): Query {
    const withShard = this.#path.some((level) => level.statement.#shardCut());
    return keyRows(this.#context, { path: this.#path.map(({ keys }) => keys), documents, where, withShard });
  }

  // The deepest cut above implies those above it: its own query is restricted by them.
  #restrictions(parents: readonly Level[]): readonly Expr[] {
    for (let depth = parents.length; depth > 0; depth -= 1) {
      const statement = parents[depth - 1]?.statement;
      if (statement !== undefined && statement.#cut !== undefined) {
        const kept = isIn(row(keyColumns(depth)), statement.#kept(depth));
        return statement.#shardCut() ? [statement.#inShards(depth), kept] : [kept];
      }
    }
    return [];
  }

  #inShards(depth: number): Expr {
    const keys = [column("#shard"), ...keyColumns(depth)];
    const restrictions = this.#restrictions(this.#above);
    const query = select({
      columns: keys.map((expr) => ({ expr })),
      from: { kind: "subquery", query: this.#rows(this.#sortDocuments()) },
      ...(restrictions.length > 0 ? { where: and(restrictions) } : {}),
      groupBy: keys,
      ...this.#having(this.#cut?.shardMinDocCount ?? 0),
      orderBy: this.#shardOrder(),
      limitBy: { limit: this.#cut?.shardSize ?? 0, by: keys.slice(0, -1) },
    });
    return isIn(row(keys), query);
  }

  #kept(depth: number): Query {
    const keys = keyColumns(depth);
    const parents = keys.slice(0, -1);
    const restrictions = this.#shardCut() ? [this.#inShards(depth)] : this.#restrictions(this.#above);
    const size = this.#cut?.size ?? 0;
    return select({
      columns: keys.map((expr) => ({ expr })),
      from: { kind: "subquery", query: this.#rows(this.#sortDocuments()) },
      ...(restrictions.length > 0 ? { where: and(restrictions) } : {}),
      groupBy: keys,
      ...this.#having(this.#minDocCount),
      orderBy: this.#order(),
      ...(parents.length > 0 ? { limitBy: { limit: size, by: parents } } : { limit: size }),
    });
  }
}

function row(keys: readonly Expr[]): Expr {
  const [only] = keys;
  return keys.length === 1 && only !== undefined ? only : tuple(...keys);
}
