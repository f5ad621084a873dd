// The inserts of one table, with a ClickHouse that takes its time.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Inserts, type Rows } from "../../../src/main/mirror/inserts.ts";
import type { Store } from "../../../src/main/mirror/store.ts";

const COLUMNS = ["`a`"];
const MEGABYTES = 1024 * 1024;

function rowsOf(megabytes: number): Rows {
  return { columns: COLUMNS, bytes: new Uint8Array(megabytes * MEGABYTES), count: 20_000, places: () => [] };
}

/** Ends its inserts one by one, when it is told to. */
function slowStore(): { readonly store: Store; readonly sizes: number[]; readonly end: () => void } {
  const sizes: number[] = [];
  let ends: (() => void)[] = [];
  const unasked = () => Promise.reject(new Error("nobody asks"));
  const store: Store = {
    query: unasked,
    define: unasked,
    insertRowBinary: (_table, _columns, bytes) => {
      const pieces = bytes instanceof Uint8Array ? [bytes] : bytes;
      sizes.push(pieces.reduce((sum, { byteLength }) => sum + byteLength, 0) / MEGABYTES);
      return new Promise((resolve) => ends.push(resolve));
    },
  };
  const end = (): void => {
    const now = ends;
    ends = [];
    for (const one of now) one();
  };
  return { store, sizes, end };
}

describe("inserts", () => {
  test("put together what comes while one is under way, and let no more come than there is room for", async () => {
    const { store, sizes, end } = slowStore();
    const inserts = new Inserts(store, "`t`", () => Promise.resolve(0));
    const done: string[] = [];
    const insert = (name: string, megabytes: number): Promise<number> => inserts.insert(rowsOf(megabytes)).then(() => done.push(name));
    await inserts.room();
    const first = insert("first", 1);
    await new Promise((resolve) => setImmediate(resolve));
    await inserts.room();
    const others = [insert("second", 20), insert("third", 20)];
    let roomy = false;
    const room = inserts.room().then(() => {
      roomy = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual([sizes, roomy], [[1], false]);
    end();
    await Promise.all([first, room]);
    assert.deepEqual([sizes, done], [[1, 40], ["first"]]);
    end();
    await Promise.all(others);
    assert.deepEqual(done, ["first", "second", "third"]);
  });
});
