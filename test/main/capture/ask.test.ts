// Questions that a thread beside the writing one answers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { compileFilter, openSession, type Session } from "../../../src/main/capture/index.ts";
import type { Filter } from "../../../src/main/capture/types.ts";
import type { Timeline } from "../../../src/shared/contract.ts";
import { newSeed, seededRandom } from "../../support/random.ts";
import { bytes, exchange, part, session } from "./records.ts";

/** More than are answered without a thread. */
const MANY = 6000;

function filter(text: string): Filter {
  const compiled = compileFilter(text);
  assert.ok(compiled.ok, text);
  return compiled.filter;
}

function fill(opened: Session, from: number, to: number): void {
  for (let id = from; id <= to; id += 1) {
    const verdict = id % 100 === 0 ? "different" : "equal";
    opened.put(exchange(id, { verdict, searches: [part(0, verdict)] }), { request: bytes(`{"needle":${id}}`) });
  }
}

test("a thread answers what the session itself does, for each kind of question", async (context) => {
  const opened = session(context);
  fill(opened, 1, MANY);
  for (const text of ["~verdict different", "~u _search", "~index logs-*", "!~verdict equal", "~bq 599[0-9]"]) {
    const query = { filter: filter(text), limit: 20 };
    const answer = await opened.ask({ kind: "list", query });
    assert.ok(answer.exchanges.length > 0, text);
    if (!query.filter.scans) assert.deepEqual(answer, opened.list(query), text);
    assert.deepEqual(await opened.ask({ kind: "timeline", filter: query.filter }), opened.timeline(query.filter), text);
  }
  assert.deepEqual(await opened.ask({ kind: "verdicts" }), opened.verdicts());
});

test("a thread sums up searches as the session itself does, and again after some were written, changed and cleared", async (context) => {
  const opened = session(context);
  fill(opened, 1, MANY);
  const differing = filter("~verdict different");
  for (let round = 0; round < 3; round += 1) {
    // Another limit each time: an answer that took long is given again for a while.
    const query = { by: "shape", limit: 100 + round } as const;
    assert.deepEqual(await opened.ask({ kind: "groups", query }), opened.compare(query));
    const narrowed = { ...query, filter: differing.text };
    const answer = await opened.ask({ kind: "groups", query: narrowed, filter: differing });
    assert.deepEqual(answer, opened.compare(narrowed, differing));
    const kinds = await opened.ask({ kind: "differing", within: {} });
    assert.equal(kinds[0]?.searches, answer.all.searches);
    const points = await opened.ask({ kind: "points", within: {} });
    assert.equal(points.searches.at(-1)?.exchange, opened.lastId);
    opened.update(7 + round, { verdict: "different", searches: [part(0, "different")] });
    fill(opened, MANY + 100 * round + 1, MANY + 100 * (round + 1));
    if (round === 1) opened.clear();
    if (round === 1) fill(opened, 3 * MANY + 1, 4 * MANY);
  }
});

test("what a filter lets through is counted as in a session that is opened anew, whatever was changed or cleared away", async (context) => {
  const random = seededRandom(newSeed());
  context.diagnostic(`seed ${random.seed}`);
  const opened = session(context);
  fill(opened, 1, MANY);
  const texts = ["", "~u _search & !~verdict equal", "!/_doc & !(~marked | ~index other*)", "~verdict different", "~slower 0.1x"];
  for (let round = 0; round < 4; round += 1) {
    opened.flush();
    const anew = openSession(opened.file, { readOnly: true });
    for (const text of texts) {
      const query = { filter: filter(text), limit: 1 };
      assert.deepEqual(await opened.ask({ kind: "list", query }), anew.list(query), text);
      const timeline = await opened.ask({ kind: "timeline", filter: query.filter });
      assert.deepEqual(timeline, anew.timeline(query.filter), text);
    }
    anew.close();
    for (let n = 0; n < 50; n += 1) opened.update(1 + random.below(MANY), { verdict: "different", pinned: true });
    fill(opened, MANY + 1 + round * 3000, MANY + (round + 1) * 3000);
  }
});

test("what was put a moment ago is in the answer", async (context) => {
  const opened = session(context);
  fill(opened, 1, MANY);
  for (let id = MANY + 100; id <= MANY + 500; id += 100) {
    fill(opened, id, id);
    const { exchanges } = await opened.ask({ kind: "list", query: { filter: filter("~verdict different"), limit: 3 } });
    assert.equal(exchanges[0]?.id, id);
  }
});

test("the thread does not keep what was cleared, nor a session from being closed", async (context) => {
  const opened = session(context);
  fill(opened, 1, MANY);
  const query = { filter: filter("~verdict equal"), limit: 5 };
  assert.equal((await opened.ask({ kind: "list", query })).total, MANY - MANY / 100);
  opened.clear();
  fill(opened, MANY + 1, 2 * MANY);
  assert.equal((await opened.ask({ kind: "list", query })).exchanges.at(-1)?.id, 2 * MANY - 5);
  assert.equal((await opened.ask({ kind: "list", query })).total, MANY - MANY / 100);
  const late = opened.ask({ kind: "list", query });
  opened.close();
  await assert.rejects(late);
});

test("what nobody waits for any more is not looked for, and what others wait for is", async (context) => {
  const opened = session(context);
  fill(opened, 1, MANY);
  const asking = new AbortController();
  const first = opened.ask({ kind: "timeline" });
  const second = opened.ask({ kind: "timeline", filter: filter("~u _search") }, asking.signal);
  const third = opened.ask({ kind: "timeline", filter: filter("~verdict different") });
  asking.abort();
  await assert.rejects(second, /nobody waits/);
  const counted = ({ buckets }: Timeline) => buckets.reduce((sum, { count }) => sum + count, 0);
  assert.deepEqual([counted(await first), counted(await third)], [MANY, MANY / 100]);
});

test("a body that nobody has is looked for piece by piece, each beginning where the last ended", async (context) => {
  const opened = session(context);
  fill(opened, 1, MANY);
  const nowhere = filter("~bq haystack");
  let before: number | undefined;
  for (let pieces = 0; before !== -1; pieces += 1) {
    assert.ok(pieces <= MANY);
    const query = { filter: nowhere, limit: 200, ...(before === undefined ? {} : { before }) };
    const { exchanges, next } = await opened.ask({ kind: "list", query });
    assert.deepEqual(exchanges, []);
    assert.ok(next === null || next < (before ?? Number.POSITIVE_INFINITY));
    before = next ?? -1;
  }
});
