// The ClickHouse side of one mirrored index: its table made, widened, counted, dropped.
import type { Change } from "../clickhouse/cluster.ts";
import { ClickHouseAway, ClickHouseRefused } from "../clickhouse/failure.ts";
import { LAYOUT, layoutOf, tableColumns, tableComment, tableName } from "../clickhouse/schema.ts";
import { and, binary, call, column, literal, or, param, select } from "../clickhouse/sql/ast.ts";
import { print } from "../clickhouse/sql/print.ts";
import type { IndexDescription } from "./index_description.ts";
import { EMPTY_LISTS, type ListSizes, readListSizes } from "./list_sizes.ts";
import { claimsRemoval } from "./removal_claim.ts";
import type { Gap } from "./sequence.ts";
import type { Store } from "./store.ts";
import type { LiveNumbers } from "./visible_documents.ts";

const INSERTS_END_MS = 30_000;
const INSERTS_POLL_MS = 50;
/** How often it is looked whether another Parallax has removed a table. */
const REMOVAL_POLL_MS = 100;

export interface TableFacts {
  /** Highest `_seq_no` by shard. */
  readonly highest: ReadonlyMap<number, number>;
  /** Documents, without those deleted. */
  readonly documents: number;
  /** True when documents were overwritten or deleted. */
  readonly overwritten: boolean;
}

export interface OpenedTable {
  readonly columns: ReadonlySet<string>;
  /** null when the table was just made: it is empty. */
  readonly facts: TableFacts | null;
  /** True when the index had a table of another layout, which was dropped: what it held has to be indexed again. */
  readonly remade: boolean;
  readonly lists: ListSizes;
}

/**
 * Makes the table, or takes the one that is there if it is this very index's and of our layout, and gives it the mapping's columns.
 * `claimant`: a name for this attempt where another Parallax may write to it; null where none can.
 */
export async function openTable(
  clickhouse: Store,
  database: string,
  index: IndexDescription,
  claimant: string | null = null,
): Promise<OpenedTable> {
  const found = await findTable(clickhouse, database, index.name);
  const same = found !== null && (index.uuid === "" || found.uuid === index.uuid);
  const ours = same && found.comment === tableComment(found.uuid);
  if (same && layoutOf(found.comment) > LAYOUT) {
    throw new Error(`the table of ${index.name} was made by a newer version of Parallax, and is left to it`);
  }
  if (found !== null && !ours && !(await madeWay(clickhouse, database, index.name, found, claimant))) {
    return openTable(clickhouse, database, index, claimant);
  }
  if (!ours) {
    const { mapping, uuid } = index;
    await withWords(clickhouse, (words) => ({ kind: "create table", database, table: index.name, mapping, uuid, words }));
    const again = claimant !== null ? await findTable(clickhouse, database, index.name) : null;
    // Another one may have made it at the same time, and have written to it.
    if (again !== null && again.comment === tableComment(again.uuid)) return taken(clickhouse, database, index, again.columns);
    return { columns: new Set(tableColumns(index.mapping).map(({ name }) => name)), facts: null, remade: same, lists: EMPTY_LISTS };
  }
  return taken(clickhouse, database, index, found.columns);
}

/** Removes a table that another has to take the place of; false where that other stands there by now. */
async function madeWay(clickhouse: Store, database: string, table: string, found: FoundTable, claimant: string | null): Promise<boolean> {
  for (let now: FoundTable | null = found; now?.identity === found.identity; now = await findTable(clickhouse, database, table)) {
    if (claimant === null || (await claimsRemoval(clickhouse, database, found.identity, claimant))) {
      await clickhouse.define({ kind: "drop table", database, table });
      return true;
    }
    await new Promise((resolve) => setTimeout(resolve, REMOVAL_POLL_MS));
  }
  return false;
}

/** A table that is there. */
async function taken(clickhouse: Store, database: string, index: IndexDescription, present: ReadonlySet<string>): Promise<OpenedTable> {
  const columns = await widenTable(clickhouse, database, index, present);
  const facts = await tableFacts(clickhouse, database, index.name);
  return { columns, facts, remade: false, lists: await readListSizes(clickhouse, database, index) };
}

/** Adds the mapping's columns that are not in `columns`; returns all of them. */
export async function widenTable(
  clickhouse: Store,
  database: string,
  index: IndexDescription,
  columns: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const added = tableColumns(index.mapping).filter(({ name }) => !columns.has(name));
  if (added.length > 0)
    await withWords(clickhouse, (words) => ({ kind: "add columns", database, table: index.name, columns: added, words }));
  return new Set([...columns, ...added.map(({ name }) => name)]);
}

/** Makes a change; where the server refuses it, without the index of words, which older ones don't know. */
async function withWords(clickhouse: Store, change: (words: boolean) => Change): Promise<void> {
  try {
    await clickhouse.define(change(true));
  } catch (error) {
    if (!(error instanceof ClickHouseRefused)) throw error;
    await clickhouse.define(change(false));
  }
}

interface FoundTable {
  /** The table's own, as ClickHouse gave it. */
  readonly identity: string;
  readonly uuid: string;
  readonly comment: string;
  readonly columns: ReadonlySet<string>;
}

async function findTable(clickhouse: Store, database: string, table: string): Promise<FoundTable | null> {
  const where = (tableColumn: string) => ({
    kind: "and" as const,
    items: [
      { kind: "binary" as const, op: "=" as const, left: column("database"), right: param("String", database) },
      { kind: "binary" as const, op: "=" as const, left: column(tableColumn), right: param("String", table) },
    ],
  });
  const from = (name: string) => ({ kind: "table" as const, database: "system", name });
  const asWriter = { asWriter: true };
  const tables = select({ columns: [{ expr: column("uuid") }, { expr: column("comment") }], from: from("tables"), where: where("name") });
  const [own] = (await clickhouse.query(print(tables), asWriter)).rows;
  if (own === undefined) return null;
  const columns = select({ columns: [{ expr: column("name") }], from: from("columns"), where: where("table") });
  const { rows } = await clickhouse.query(print(columns), asWriter);
  const comment = String(own.comment ?? "");
  return {
    identity: String(own.uuid),
    uuid: comment.split(" ")[0] ?? "",
    comment,
    columns: new Set(rows.map((row) => String(row.name ?? ""))),
  };
}

/** Reads the whole table once: called when an index is met again. */
export async function tableFacts(clickhouse: Store, database: string, table: string): Promise<TableFacts> {
  const byShard = select({
    columns: [
      { expr: column("_shard"), alias: "shard" },
      { expr: call("max", column("_seq_no")), alias: "highest" },
      { expr: call("count"), alias: "rows" },
      { expr: call("uniqExact", column("_id")), alias: "ids" },
      { expr: call("sum", column("_deleted")), alias: "deleted" },
    ],
    from: { kind: "table", database, name: table },
    groupBy: [column("_shard")],
  });
  const { rows } = await clickhouse.query(print(byShard), { asWriter: true });
  const overwritten = rows.some((row) => Number(row.rows) !== Number(row.ids) || Number(row.deleted) > 0);
  const documents = overwritten ? await countDocuments(clickhouse, database, table) : rows.reduce((sum, row) => sum + Number(row.rows), 0);
  return { highest: new Map(rows.map((row) => [Number(row.shard), Number(row.highest)])), documents, overwritten };
}

/** The mirror tables of a database. */
export async function tableNames(clickhouse: Store, database: string): Promise<ReadonlySet<string>> {
  const query = select({
    columns: [{ expr: column("name") }],
    from: { kind: "table", database: "system", name: "tables" },
    where: { kind: "binary", op: "=", left: column("database"), right: param("String", database) },
  });
  const { rows } = await clickhouse.query(print(query), { asWriter: true });
  // Those beside the mirror's tables have a space in their names, as no index has.
  return new Set(rows.map(({ name }) => String(name)).filter((name) => !name.includes(" ")));
}

/** Which sequence numbers within these ranges the table has, as `shard number`. */
export async function presentNumbers(
  clickhouse: Store,
  database: string,
  table: string,
  ranges: readonly Gap[],
): Promise<ReadonlySet<string>> {
  if (ranges.length === 0) return new Set();
  const number = column("_seq_no");
  const within = ranges.map(({ from, to }) => and([binary(number, ">=", param("Int64", from)), binary(number, "<=", param("Int64", to))]));
  const query = select({
    columns: [{ expr: column("_shard") }, { expr: number }],
    from: { kind: "table", database, name: table },
    where: or(within),
  });
  const { rows } = await clickhouse.query(print(query), { asWriter: true });
  return new Set(rows.map((row) => `${row._shard} ${row._seq_no}`));
}

/**
 * Resolves when the inserts into the table that run now have ended: those of a process that was killed, or that nobody waited for any
 * longer, may still be under way. Throws ClickHouseAway after half a minute.
 */
export async function insertsEnded(clickhouse: Store, database: string, table: string): Promise<void> {
  const insert = call("startsWith", column("query"), param("String", `INSERT INTO ${tableName(database, table)} (`));
  const running = select({
    columns: [{ expr: column("query_id") }],
    from: { kind: "table", database: "system", name: "processes" },
    where: { kind: "and", items: [{ kind: "binary", op: "=", left: column("query_kind"), right: literal("Insert") }, insert] },
  });
  const ids = async (): Promise<readonly string[]> => {
    const { rows } = await clickhouse.query(print(running), { asWriter: true });
    return rows.map((row) => String(row.query_id));
  };
  const deadline = Date.now() + INSERTS_END_MS;
  let waitedFor = await ids();
  while (waitedFor.length > 0) {
    if (Date.now() > deadline) throw new ClickHouseAway(`an insert into ${table} has not ended for ${INSERTS_END_MS / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, INSERTS_POLL_MS));
    const now = new Set(await ids());
    waitedFor = waitedFor.filter((id) => now.has(id));
  }
}

/** Documents, without those overwritten or deleted. */
export async function countDocuments(clickhouse: Store, database: string, table: string): Promise<number> {
  return (await liveNumbers(clickhouse, database, table)).documents;
}

/** The same, with the sum of their sequence numbers. */
export async function liveNumbers(clickhouse: Store, database: string, table: string): Promise<LiveNumbers> {
  const query = select({
    columns: [
      { expr: call("count"), alias: "documents" },
      { expr: call("sum", column("_seq_no")), alias: "numbers" },
    ],
    from: { kind: "table", database, name: table, final: true },
    where: { kind: "binary", op: "=", left: column("_deleted"), right: literal(0) },
  });
  const [row] = (await clickhouse.query(print(query), { asWriter: true })).rows;
  return { documents: Number(row?.documents ?? 0), sum: Number(row?.numbers ?? 0) };
}

/**
 * Drops a table; with `uuid`, only while it is that index's: another Parallax may have made one for an index of the same name since.
 * `claimant` as in `openTable`: who else removes it has the same end in view.
 */
export async function removeTable(
  clickhouse: Store,
  database: string,
  table: string,
  uuid: string,
  claimant: string | null,
): Promise<void> {
  const found = await findTable(clickhouse, database, table);
  if (found !== null && uuid !== "" && found.uuid !== uuid) return;
  if (found !== null && claimant !== null && !(await claimsRemoval(clickhouse, database, found.identity, claimant))) return;
  await clickhouse.define({ kind: "drop table", database, table });
}

/** Quoted. */
export function quotedTable(database: string, table: string): string {
  return tableName(database, table);
}
