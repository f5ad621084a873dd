// Hostile text, and a table that shows whether any of it did harm.
import { quoteName } from "../../src/main/clickhouse/sql/quote.ts";
import { printJson } from "../../src/shared/json.ts";
import type { Random } from "./random.ts";
import type { Engines } from "./two_engines.ts";

const PIECES = [
  "'",
  "''",
  "\\",
  "\\'",
  "`",
  '"',
  ";",
  "--",
  "/*",
  "*/",
  "{p0:String}",
  "{p0:Array(String)}",
  "{",
  "}",
  ")",
  "(",
  "]",
  "\0",
  "\n",
  "\r\n",
  "\t",
  "\u2028",
  "%",
  "_",
  "*",
  "?",
  "$1",
  "$&",
  "@",
  "#one",
  "#tok",
  ":",
  ",",
  "’",
  "😀",
  "\\x27",
  "\\u0027",
  "x'27'",
  "$tag$",
  " OR 1=1 ",
  "'); DROP TABLE canary; --",
  "` DROP TABLE canary",
  "' UNION ALL SELECT * FROM system.users --",
  " INTO OUTFILE '/tmp/x' ",
  " FORMAT Null SETTINGS readonly=0",
  "TRUNCATE TABLE canary",
  "toUInt8(throwIf(1))",
] as const;

/** Text out of what ends strings, names, comments and statements somewhere. */
export function hostile(random: Random): string {
  return Array.from({ length: 1 + random.below(5) }, () => random.pick(PIECES)).join("");
}

export interface Canary {
  /** Its rows as text: the same before and after. */
  rows(): Promise<string>;
  /** Removes the whole database and closes the client. */
  remove(): Promise<void>;
}

/** Makes the database and a table `canary` of two rows in it. */
export async function makeCanary({ clickhouse, database }: Engines): Promise<Canary> {
  const canary = `${quoteName(database)}.canary`;
  await clickhouse.command(`CREATE DATABASE IF NOT EXISTS ${quoteName(database)}`);
  await clickhouse.command(`CREATE OR REPLACE TABLE ${canary} (n UInt8, text String) ENGINE = MergeTree ORDER BY n`);
  await clickhouse.command(`INSERT INTO ${canary} VALUES (1, 'alive'), (2, 'and well')`);
  return {
    async rows() {
      const { rows } = await clickhouse.query({ sql: `SELECT * FROM ${canary} ORDER BY n`, params: [] });
      return printJson(rows.map((row) => ({ ...row })));
    },
    async remove() {
      await clickhouse.command(`DROP DATABASE IF EXISTS ${quoteName(database)} SYNC`);
      await clickhouse.close();
    },
  };
}
