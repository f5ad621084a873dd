// Questions that a thread beside the writing one answers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { compileFilter, type Session } from "../../../src/main/capture/index.ts";
import type { Filter } from "../../../src/main/capture/types.ts";
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
