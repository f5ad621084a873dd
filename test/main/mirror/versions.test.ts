import assert from "node:assert/strict";
import { test } from "node:test";
import { Versions } from "../../../src/main/mirror/versions.ts";

/** A table that is quiet, and in which a look finds what `found` says. */
function versions({ overwritten = false, found = false as boolean | null, quiet = true } = {}) {
  const table = { found, quiet, looks: 0, meanwhile: () => {} };
  const all = new Versions({
    overwritten,
    quiet: () => table.quiet,
    look: async () => {
      table.looks += 1;
      table.meanwhile();
      return table.found;
    },
  });
  return { all, table };
}

test("only the last version counts while documents are copied, and afterwards no more where a look finds none twice", async () => {
  const { all, table } = versions();
  assert.equal(all.final, false);
  const within = await all.mending(async (expect) => {
    expect(new Map([[0, 9]]));
    return all.final;
  });
  assert.equal(within, true);
  assert.deepEqual([all.final, table.looks], [false, 1]);
});

test("a look finds that every document is there once, unless a write came beside it", async () => {
  const { all } = versions({ overwritten: true });
  await all.mending(async () => {});
  assert.equal(all.final, false);
  const beside = versions({ overwritten: true, quiet: false });
  await beside.all.mending(async () => {});
  assert.equal(beside.all.final, true);
  const during = versions();
  during.table.meanwhile = () => during.all.overwrote();
  await during.all.mending(async () => {});
  assert.equal(during.all.final, true);
  assert.equal(during.table.looks, 1);
});

test("a look that fails says nothing: versions may stand side by side", async () => {
  const { all } = versions({ found: null });
  await all.mending(async () => {});
  assert.equal(all.final, true);
});

test("who knows whether the copy overwrote anything needs no look", async () => {
  const { all, table } = versions();
  await all.mending(
    async () => {},
    () => false,
  );
  assert.deepEqual([all.final, table.looks], [false, 0]);
  await all.mending(
    async () => {},
    () => true,
  );
  assert.deepEqual([all.final, table.looks], [true, 0]);
});

test("a copy that failed is looked at, too, and whoever waits for it goes on", async () => {
  const { all, table } = versions();
  const failed = all.mending(() => Promise.reject(new Error("away")));
  const waited = all.mended();
  await assert.rejects(failed, /away/);
  await waited;
  assert.equal(table.looks, 1);
});

test("a write up to the copied numbers of its shard may be there already", async () => {
  const { all } = versions();
  const shard = (): number => 1;
  assert.equal(all.mayBeCopied(3, shard), false);
  await all.mending(async (expect) => expect(new Map([[1, 4]])));
  assert.deepEqual(
    [4, 5].map((seqNo) => all.mayBeCopied(seqNo, shard)),
    [true, false],
  );
  assert.equal(
    all.mayBeCopied(4, () => 0),
    false,
  );
});
