// What a suite asks of both real engines over one shard and over three: its index in both shardings, and the cases of a file.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { dropDatabase } from "../../src/main/clickhouse/schema.ts";
import { type Engines, type Index, type Loaded, load, send } from "./two_engines.ts";

const SHARDINGS = [1, 3] as const;
const SHOWN = 12;

/** What a suite skips with: false where both engines are there. */
export function skipWithout(engines: Engines | null): string | false {
  return engines === null ? "needs a real Elasticsearch (PARALLAX_TEST_ELASTICSEARCH) and ClickHouse" : false;
}

/**
 * The suite's index by its number of shards, named `<name>-<shards>`: made before the suite's tests (`make` is called for each) and
 * deleted after them, with the engines' database. To be called in `describe`; the map is filled when the tests run.
 */
export function inBothShardings(
  engines: Engines | null,
  name: string,
  make: () => Omit<Index, "name" | "shards"> | Promise<Omit<Index, "name" | "shards">>,
): ReadonlyMap<number, Loaded> {
  const loaded = new Map<number, Loaded>();
  before(async () => {
    if (engines === null) return;
    for (const shards of SHARDINGS) loaded.set(shards, await load(engines, { ...(await make()), name: `${name}-${shards}`, shards }));
  });
  after(async () => {
    if (engines === null) return;
    for (const { table } of loaded.values()) await send(engines, "DELETE", `/${table.index}`);
    await engines.clickhouse.command(dropDatabase(engines.database));
  });
  return loaded;
}

/** A test for each sharding, `<name> on <shards> shard(s)`. */
export function testInBothShardings(name: string, loaded: ReadonlyMap<number, Loaded>, run: (index: Loaded) => Promise<void>): void {
  for (const shards of SHARDINGS) {
    test(`${name} on ${shards} shard(s)`, async () => {
      const index = loaded.get(shards);
      assert.ok(index !== undefined);
      await run(index);
    });
  }
}

/** In each sharding every line of `test/parity/cases/<file>.ndjson` passes; those that do not are told together. */
export function testCases(file: string, loaded: ReadonlyMap<number, Loaded>, judge: (line: string, index: Loaded) => Promise<void>): void {
  const lines = readFileSync(new URL(`../parity/cases/${file}.ndjson`, import.meta.url), "utf8")
    .trimEnd()
    .split("\n");
  testInBothShardings(`${file}: ${lines.length} cases`, loaded, async (index) => {
    const failures: string[] = [];
    for (const line of lines) {
      await judge(line, index).catch((error: unknown) => failures.push(`${line}\n  ${String(error).slice(0, 1200)}`));
    }
    assert.equal(failures.length, 0, `${failures.length} of ${lines.length} differ:\n${failures.slice(0, SHOWN).join("\n")}`);
  });
}
