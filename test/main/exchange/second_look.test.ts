// Which differing searches are looked at again, and what is said until then.
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseMapping } from "../../../src/main/elasticsearch/mapping.ts";
import { type Judging, judge } from "../../../src/main/exchange/judge.ts";
import { lateReason, unsettledReason } from "../../../src/main/exchange/tables.ts";
import { parseObject } from "../../../src/shared/json.ts";

const table = { index: "logs", database: "d", table: "logs", mapping: parseMapping({ properties: {} }), shards: 1, final: false };
const body = { size: 0, track_total_hits: true };
const search = { position: 0, endpoint: "search", index: "logs", params: new Map<string, string>(), text: "", body } as const;
const SUMMARY = { ms: 1, rows: 1, readRows: 1, readBytes: 1, memoryBytes: null, queryId: null, sentBytes: 0, receivedBytes: 0 };
const answer = (total: number) =>
  parseObject(
    `{"took":1,"timed_out":false,"_shards":{"total":1,"failed":0},"hits":{"total":{"value":${total},"relation":"eq"},"max_score":null,"hits":[]}}`,
  );

const judging = (own: Partial<Judging>): Judging => ({
  tables: async () => ({ kind: "tables", tables: [table] }),
  run: async () => ({ columns: [{ name: "#total", type: "UInt64" }], rows: [{ "#total": 3 }], summary: SUMMARY }),
  clock: () => 0,
  unsettled: () => "",
  shapeOf: () => "0123456789",
  ...own,
});

async function told(own: Partial<Judging>, total = 4): Promise<readonly [string, string | undefined]> {
  const { part, unsettled } = await judge(judging(own), search, { status: 200, body: answer(total) }, 0);
  return [part.comparison.verdict, unsettled];
}

test("a search that differs is open while writes may make that, and while Elasticsearch may be late", async () => {
  const late = async (): Promise<string> => "it may be late";
  assert.deepEqual(await told({}), ["different", undefined]);
  assert.deepEqual(await told({ late }), ["different", "it may be late"]);
  assert.deepEqual(await told({ late, unsettled: () => "refresh pending" }), ["not_compared", "refresh pending"]);
  assert.deepEqual(await told({ late }, 3), ["equal", undefined]);
});

test("what was written is due after the refresh interval, and may be late for half a minute more", () => {
  const said = (age: number, shownWithinMs: number, refreshed = false): readonly string[] => {
    const mirror = { lastWrite: () => ({ time: 100_000 - age, refreshed, shownWithinMs }) };
    const pending = unsettledReason({ mirror, openWrites: { changing: () => "" } }, ["logs"], 100_000, 0);
    return [pending, lateReason(mirror, ["logs"], 100_000, 0)].map((reason) => reason.split(":", 1)[0] ?? "");
  };
  assert.deepEqual(said(1_400, 1_000), ["refresh pending", "refresh pending"]);
  assert.deepEqual(said(1_600, 1_000), ["", "refresh pending"]);
  assert.deepEqual(said(32_000, 1_000), ["", ""]);
  assert.deepEqual(said(32_000, Number.POSITIVE_INFINITY), ["refresh pending", "refresh pending"]);
  assert.deepEqual(said(500, 1_000, true), ["", ""]);
});

test("an index that went or came after Elasticsearch's answer makes no difference", async () => {
  const error = { type: "index_not_found_exception", reason: "no such index [logs]" };
  const gone = judging({ tables: async () => ({ kind: "rejected", error: { status: 404, errorType: error.type, reason: error.reason } }) });
  const refused = { status: 404, body: parseObject(JSON.stringify({ error, status: 404 })) };
  const verdictOf = async (own: Judging, theirs: typeof refused) => (await judge(own, search, theirs, 0)).part.comparison;
  const [went, came, never] = [
    await verdictOf(gone, { status: 200, body: answer(3) }),
    await verdictOf(judging({}), refused),
    await verdictOf(gone, refused),
  ];
  assert.deepEqual([went.verdict, came.verdict, never.verdict], ["not_compared", "not_compared", "equal"]);
  assert.match(went.reason, /was there when Elasticsearch answered, and is not any more/);
});
