// Where the exchanges of a filter lie, and pages between two ids: what the list needs to reach any place of a million.
import assert from "node:assert/strict";
import { test } from "node:test";
import { compileFilter, type Session } from "../../../src/main/capture/index.ts";
import type { Filter } from "../../../src/main/capture/types.ts";
import type { IdRange } from "../../../src/shared/contract.ts";
import { bytes, exchange, session } from "./records.ts";

const MOST_IN_RANGE = 256;

function filter(text: string): Filter {
  const compiled = compileFilter(text);
  assert.ok(compiled.ok, text);
  return compiled.filter;
}

/** Ids that pass, newest first. */
function listed(opened: Session, text: string): readonly number[] {
  const { exchanges } = opened.list({ filter: filter(text), limit: 5000 });
  return exchanges.map(({ id }) => id);
}

async function rangesOf(opened: Session, text: string): Promise<readonly IdRange[]> {
  const ranges: IdRange[] = [];
  let before: number | undefined;
  do {
    const query = { filter: filter(text), ...(before === undefined ? {} : { before }) };
    const { ranges: more, next, counted } = await opened.ask({ kind: "ranges", query });
    assert.equal(counted, true);
    ranges.push(...more);
    before = next ?? undefined;
  } while (before !== undefined);
  return ranges;
}

test("ranges count what passes between their ids, newest first, whether ids are missing or not", async (context) => {
  const opened = session(context);
  for (let id = 1; id <= 3000; id += 1) opened.put(exchange(id, { verdict: id % 700 === 0 ? "different" : "equal" }));
  for (const gaps of [false, true]) {
    if (gaps) for (let id = 40_000; id <= 41_000; id += 3) opened.put(exchange(id, { verdict: "equal" }));
    for (const text of ["", "~verdict different", "!~verdict equal", "~u _search", "~u nowhere"]) {
      const ids = listed(opened, text);
      let before = Number.POSITIVE_INFINITY;
      for (const { after, count } of await rangesOf(opened, text)) {
        assert.ok(after < before && count <= MOST_IN_RANGE, `${text}: ${after}`);
        assert.equal(ids.filter((id) => id > after && id < before).length, count, `${text}: above ${after}`);
        before = after + 1;
      }
      assert.ok(
        ids.every((id) => id >= before),
        `${text}: all is counted`,
      );
    }
  }
  assert.ok((await rangesOf(opened, "~verdict different")).length < 5, "few that pass share a range");
});

test("ranges go on where an answer ended, and there are none of a filter that reads bodies", async (context) => {
  const opened = session(context);
  for (let id = 1; id <= 1000; id += 1) opened.put(exchange(id));
  const { ranges, next } = await opened.ask({ kind: "ranges", query: { before: 600 } });
  assert.deepEqual([ranges.map(({ count }) => count), ranges.at(-1)?.after, next], [[88, 256, 255], -1, null]);
  const answer = await opened.ask({ kind: "ranges", query: { filter: filter("~b needle") } });
  assert.deepEqual([answer.ranges, answer.counted], [[], false]);
  opened.clear();
  assert.deepEqual(
    (await rangesOf(opened, "")).reduce((sum, { count }) => sum + count, 0),
    0,
  );
});

test("a page holds what lies between two ids, from either end, also where bodies are read", async (context) => {
  const opened = session(context);
  for (let id = 1; id <= 900; id += 1) opened.put(exchange(id), { request: bytes(`{"n":${id % 10}}`) });
  for (const text of ["", "~bq '\"n\":3'"]) {
    const ids = listed(opened, text).filter((id) => id > 100 && id < 800);
    const query = { filter: filter(text), after: 100, before: 800 };
    const newest = opened.list({ ...query, limit: 5 });
    assert.deepEqual([newest.exchanges.map(({ id }) => id), newest.total], [ids.slice(0, 5), 5]);
    const oldest = opened.list({ ...query, limit: 5, oldestFirst: true });
    assert.deepEqual(
      oldest.exchanges.map(({ id }) => id),
      ids.toReversed().slice(0, 5),
    );
    const on = opened.list({ ...query, limit: 5, oldestFirst: true, ...(oldest.next === null ? {} : { after: oldest.next }) });
    assert.deepEqual(
      on.exchanges.map(({ id }) => id),
      ids.toReversed().slice(5, 10),
    );
  }
});
