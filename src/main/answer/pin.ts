// Tables as they were at a moment: the highest number of each shard's changes then, and how many documents there were. What
// came later is left out by its number. A document of then that was overwritten or deleted since is in no table any more:
// then the count of what is left is smaller, and the moment can't be shown again.
import { and, binary, call, column, literal, not, or, select } from "../clickhouse/sql/ast.ts";
import { print } from "../clickhouse/sql/print.ts";
import type { Pin, PinnedTable } from "../exchange/run_search.ts";
import { upTo } from "../translate/source.ts";
import type { IndexTable } from "../translate/types.ts";
import type { Backend } from "./types.ts";

/** The tables as they are now. */
export async function pinTables(tables: readonly IndexTable[], backend: Backend): Promise<Pin> {
  return Promise.all(
    tables.map(async (table) => {
      const query = select({
        columns: [
          { expr: column("_shard") },
          { expr: call("max", column("_seq_no")), alias: "highest" },
          { expr: call("count"), alias: "documents" },
        ],
        // Deletes count among the changes, and FINAL leaves them out: the highest number is that of what is there.
        from: { kind: "table", database: table.database, name: table.table, final: table.final },
        groupBy: [column("_shard")],
      });
      const { rows } = await backend.run(print(query));
      const highest = new Map(rows.map((row) => [Number(row._shard), Number(row.highest)]));
      return { index: table.index, highest, documents: rows.reduce((sum, row) => sum + Number(row.documents), 0) };
    }),
  );
}

/** A table as it was when its shards' changes had come to these numbers; null when documents of then were overwritten or deleted since. */
export async function pinAt(table: IndexTable, highest: ReadonlyMap<number, number>, backend: Backend): Promise<PinnedTable | null> {
  const from = { kind: "table", database: table.database, name: table.table } as const;
  const documents = [{ expr: call("count"), alias: "documents" }];
  const then = select({ columns: documents, from: { ...from, final: table.final }, where: upTo(highest) });
  const [held] = (await backend.run(print(then))).rows;
  // Asked after: what is found there now was there at most when it was counted.
  const another = or([binary(column("_version"), ">", literal(1)), binary(column("_deleted"), "=", literal(1))]);
  const since = select({ columns: documents, from, where: and([not(upTo(highest)), another]) });
  const [overwritten] = (await backend.run(print(since))).rows;
  if (Number(overwritten?.documents ?? 0) > 0) return null;
  return { index: table.index, highest, documents: Number(held?.documents ?? 0) };
}

/** True when the tables no longer hold what was pinned. */
export async function changedSince(pin: Pin, backend: Backend): Promise<boolean> {
  for (const own of pin) {
    const found = await backend.tables(own.index, new Map());
    const [table] = found.kind === "found" ? found.value : [];
    if (table === undefined) return true;
    const query = select({
      columns: [{ expr: call("count"), alias: "documents" }],
      from: { kind: "table", database: table.database, name: table.table, final: table.final },
      where: upTo(own.highest),
    });
    const [row] = (await backend.run(print(query))).rows;
    if (Number(row?.documents ?? 0) !== own.documents) return true;
  }
  return false;
}
