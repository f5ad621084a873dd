// Who removes a table where several Parallax write to one ClickHouse. Two that meet the table of an index of before would else drop it
// one after the other: the second would drop what the first has made anew and written to. ClickHouse takes one insert of a token, so
// the row of a table that goes, by the uuid that ClickHouse gave it, names one claimant.

import { RowBinaryWriter } from "../clickhouse/rowbinary.ts";
import { tableName } from "../clickhouse/schema.ts";
import { and, binary, column, param, select } from "../clickhouse/sql/ast.ts";
import { print } from "../clickhouse/sql/print.ts";
import { NEIGHBOURS_TABLE } from "./neighbours.ts";
import type { Store } from "./store.ts";

/** By then whoever claimed it has removed it, or is no more. */
const STALE_SECONDS = 30;
const COLUMNS = ["_id", "_routing", "_primary_term", "_deleted"];

/** True for the first claimant of a table's removal, and for whoever asks half a minute later. `identity`: the table's uuid. */
export async function claimsRemoval(clickhouse: Store, database: string, identity: string, claimant: string): Promise<boolean> {
  const name = `removal of ${identity}`;
  const now = Math.floor(Date.now() / 1000);
  const row = new RowBinaryWriter(256);
  row.text(name);
  row.text(claimant);
  row.int(now, 4);
  row.int(1, 1);
  await clickhouse.insertRowBinary(tableName(database, NEIGHBOURS_TABLE), COLUMNS, row.bytes(), { token: name, rows: 1 });
  const query = select({
    columns: [
      { expr: column("_routing"), alias: "claimant" },
      { expr: column("_primary_term"), alias: "time" },
    ],
    from: { kind: "table", database, name: NEIGHBOURS_TABLE },
    where: and([binary(column("_id"), "=", param("String", name))]),
    orderBy: [{ expr: column("_primary_term") }],
  });
  const [first] = (await clickhouse.query(print(query), { asWriter: true })).rows;
  return first === undefined || first.claimant === claimant || Number(first.time) < now - STALE_SECONDS;
}
