// Two Parallax that meet one table of before at the same time: one removes it, and nothing that is written to the new one is lost.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { ClickHouseClient } from "../../../src/main/clickhouse/client.ts";
import type { IndexDescription } from "../../../src/main/mirror/index_description.ts";
import { readDescriptions } from "../../../src/main/mirror/index_description.ts";
import { Neighbours } from "../../../src/main/mirror/neighbours.ts";
import type { Store } from "../../../src/main/mirror/store.ts";
import { openTable, quotedTable, removeTable } from "../../../src/main/mirror/table.ts";
import { jsonObject, parseJson } from "../../../src/shared/json.ts";
import { testDatabase } from "../../support/clickhouse_server.ts";

const { url, database } = await testDatabase("removal");
const { origin, username, password } = new URL(url);
const clickhouse = new ClickHouseClient({ url: origin, user: username || "default", password, reader: null });
const log = { write: () => {}, flushed: async () => {} };
const neighbours = new Neighbours({ clickhouse, database, id: "one", log });

function described(name: string, uuid: string): IndexDescription {
  const answer = { settings: { index: { uuid } }, mappings: { properties: { k: { type: "keyword" } } } };
  const [description] = readDescriptions(jsonObject([[name, parseJson(JSON.stringify(answer))]]));
  assert.ok(description);
  return description;
}

async function put(table: string, id: string): Promise<void> {
  await clickhouse.command(`INSERT INTO ${quotedTable(database, table)} (_id, _source) VALUES ('${id}', '{}')`);
}

async function ids(table: string): Promise<readonly string[]> {
  const sql = `SELECT _id FROM ${quotedTable(database, table)} ORDER BY _id`;
  return (await clickhouse.query({ sql, params: [] }, { asWriter: true })).rows.map(({ _id }) => String(_id));
}

/** A store that does nothing but look, from its first insert or change on, until `go`; `looked` resolves then. */
function heldBack(): { readonly store: Store; readonly looked: Promise<void>; readonly go: () => void } {
  const looked = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<void>();
  const held = <T>(work: () => Promise<T>): Promise<T> => {
    looked.resolve();
    return gone.promise.then(work);
  };
  const store: Store = {
    query: (statement, options) => clickhouse.query(statement, options),
    define: (change) => held(() => clickhouse.define(change)),
    insertRowBinary: (...insert) => held(() => clickhouse.insertRowBinary(...insert)),
  };
  return { store, looked: looked.promise, go: gone.resolve };
}

describe("one table and two Parallax", () => {
  before(() => neighbours.begin());
  after(async () => {
    await neighbours.stop();
    await clickhouse.close();
  });

  test("is made anew by one of them, and stands with what that one has written when the other comes to it", async () => {
    await openTable(clickhouse, database, described("anew", "before"));
    await put("anew", "old");
    const now = described("anew", "after");
    const { store, looked, go } = heldBack();
    const slow = openTable(store, database, now, "slow");
    await looked;
    const first = await openTable(clickhouse, database, now, "quick");
    assert.equal(first.facts?.documents, 0);
    await put("anew", "new");
    go();
    const second = await slow;
    assert.deepEqual(await ids("anew"), ["new"]);
    assert.equal(second.facts?.documents, 1);
  });

  test("is not removed for an index that is gone when the other has made one of a new index by then", async () => {
    await openTable(clickhouse, database, described("gone", "before"));
    const { store, looked, go } = heldBack();
    const slow = removeTable(store, database, "gone", "before", "slow");
    await looked;
    await openTable(clickhouse, database, described("gone", "after"), "quick");
    await put("gone", "new");
    go();
    await slow;
    assert.deepEqual(await ids("gone"), ["new"]);
  });

  test("goes by either of them", async () => {
    await openTable(clickhouse, database, described("both", "it"));
    await Promise.all([removeTable(clickhouse, database, "both", "it", "one"), removeTable(clickhouse, database, "both", "it", "other")]);
    const sql = `SELECT count() AS tables FROM system.tables WHERE database = '${database}' AND name = 'both'`;
    const [row] = (await clickhouse.query({ sql, params: [] }, { asWriter: true })).rows;
    assert.equal(Number(row?.tables), 0);
  });
});
