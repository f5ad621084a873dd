import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import { compileFilter, openSession, type Session } from "../../../../src/main/capture/index.ts";
import type { CompareQuery } from "../../../../src/shared/compare.ts";
import type { Comparison, ExchangeDetail } from "../../../../src/shared/exchange.ts";
import { exchange, folder, NOON, part, session } from "../records.ts";

const KIBANA = "9d2c4f31-aaaa-4bbb-8ccc-0123456789ab;kibana:application:dashboards:";

function search(
  id: number,
  comparison: Partial<Comparison>,
  members: Partial<ExchangeDetail> & { readonly shape?: string } = {},
): ExchangeDetail {
  const shape = members.shape ?? "aaaaaaaaaa";
  const whole = part(0, comparison.verdict ?? "equal", { shape, clickhouseMs: 5, index: members.index ?? "logs-web" });
  const searches = [{ ...whole, comparison: { ...whole.comparison, comparedLeaves: 10, totalLeaves: 10, ...comparison } }];
  return exchange(id, { verdict: comparison.verdict ?? "equal", clickhouseMs: 5, elasticsearchMs: 10, searches, ...members });
}

function filled(context: TestContext): Session {
  const opened = session(context);
  const missing = {
    path: "/aggregations/2/buckets/[key=7]",
    kind: "missing",
    elasticsearch: '{"key":7,"doc_count":3}',
    clickhouse: null,
  } as const;
  const value = { path: "/hits/hits/[_id=a~1b]/sort/0", kind: "value", elasticsearch: "1", clickhouse: "2" } as const;
  const differs = { verdict: "different", differences: [missing, value], differenceCount: 2 } as const;
  opened.put(search(1, {}, { client: `${KIBANA}d1;lens:lnsXY:p1` }));
  opened.put(search(2, differs, { client: `${KIBANA}d1;lens:lnsXY:p2`, shape: "bbbbbbbbbb" }));
  opened.put(search(3, differs, { client: `${KIBANA}d2;lens:lnsXY:p1`, index: "logs-db" }));
  opened.put(search(4, { verdict: "failed" }, { client: "curl/8.5.0", clickhouseMs: null }));
  return opened;
}

function keys(opened: Session, query: CompareQuery): readonly (readonly [string, number])[] {
  return opened.compare(query).groups.map(({ key, searches }) => [key, searches]);
}

test("searches are grouped by application, dashboard, panel, shape and index", (context) => {
  const opened = filled(context);
  assert.deepEqual(keys(opened, { by: "application" }), [
    ["dashboards", 3],
    ["curl", 1],
  ]);
  assert.deepEqual(new Map(keys(opened, { by: "dashboard" })), new Map([["d1", 2], ["d2", 1], ["", 1]])); // biome-ignore format: a line
  assert.deepEqual(keys(opened, { by: "panel", dashboard: "d1" }).toSorted(), [
    ["lens:lnsXY:p1", 1],
    ["lens:lnsXY:p2", 1],
  ]);
  assert.deepEqual(keys(opened, { by: "shape", dashboard: "d1", panel: "lens:lnsXY:p2" }), [["bbbbbbbbbb", 1]]);
  assert.deepEqual(keys(opened, { by: "index" }), [
    ["logs-web", 3],
    ["logs-db", 1],
  ]);
  assert.deepEqual(keys(opened, { by: "application", dashboard: "" }), [["curl", 1]]);
});

test("a group has its verdicts, the share of leaves that are equal, and its paths without keys", (context) => {
  const { all, within } = filled(context).compare({ by: "shape" });
  assert.deepEqual([all.searches, all.counts.equal, all.counts.different, all.counts.failed], [4, 1, 2, 1]);
  // Of 30 leaves two missing ones and one other, twice.
  assert.equal(all.similarity, 24 / 30);
  assert.deepEqual(all.paths, [
    { path: "/aggregations/2/buckets/*", searches: 2 },
    { path: "/hits/hits/*/sort/*", searches: 2 },
  ]);
  assert.equal(all.example, 4);
  assert.deepEqual(within, []);
});

test("by time, buckets are in order, and a bucket's time narrows to its searches", (context) => {
  const opened = filled(context);
  opened.put(search(5, {}, { time: NOON + 60_000 }));
  const { groups, bucketMs } = opened.compare({ by: "time" });
  assert.equal(bucketMs, 500);
  assert.deepEqual(
    groups.map(({ key, searches }) => [Number(key) - NOON, searches]),
    [
      [0, 4],
      [60_000, 1],
    ],
  );
  const since = Number(groups[1]?.key);
  const answer = opened.compare({ by: "shape", since, until: since + 500 });
  assert.equal(answer.all.searches, 1);
  assert.deepEqual(answer.within, [{ by: "time", key: String(since), title: "" }]);
});

test("a filter narrows too, and the limit says what it left out", (context) => {
  const opened = filled(context);
  const compiled = compileFilter("~verdict different");
  assert.ok(compiled.ok);
  assert.equal(opened.compare({ by: "shape", filter: "~verdict different" }, compiled.filter).all.searches, 2);
  const answer = opened.compare({ by: "dashboard", limit: 1 });
  assert.deepEqual([answer.groups.length, answer.left, answer.all.searches], [1, 2, 4]);
});

test("an exchange that comes again, or goes, is counted as it is now", (context) => {
  const opened = filled(context);
  opened.flush();
  opened.put(search(2, {}, { client: `${KIBANA}d1;lens:lnsXY:p2`, shape: "bbbbbbbbbb" }));
  const { all } = opened.compare({ by: "shape" });
  assert.deepEqual([all.searches, all.counts.equal, all.counts.different], [4, 2, 1]);
  assert.deepEqual(all.paths.map(({ searches }) => searches), [1, 1]); // biome-ignore format: a line
  opened.clear();
  assert.equal(opened.compare({ by: "shape" }).all.searches, 0);
});

test("the operators of askers find the exchanges of a group", (context) => {
  const opened = filled(context);
  for (const [text, ids] of [
    ["~dashboard d1", [2, 1]],
    ['~dashboard d1 & ~panel "lens:lnsXY:p2"', [2]],
    ["~application curl", [4]],
    ['~dashboard ""', [4]],
  ] as const) {
    const compiled = compileFilter(text);
    assert.ok(compiled.ok, text);
    assert.deepEqual(opened.list({ filter: compiled.filter }).exchanges.map(({ id }) => id), ids, text); // biome-ignore format: a line
  }
});

test("an empty session has no groups and no figures", (context) => {
  const { all, groups } = session(context).compare({ by: "dashboard" });
  assert.deepEqual([all.searches, all.similarity, all.ratio.ratio, all.elasticsearch.p50, groups.length], [0, null, null, null, 0]);
});

test("latencies and their ratio are told from twenty searches on", (context) => {
  const opened = session(context);
  const put = (from: number, to: number) => {
    for (let id = from; id <= to; id++) {
      const detail = search(id, {}, { elasticsearchMs: 100 + id });
      opened.put({ ...detail, searches: detail.searches.map((one) => ({ ...one, clickhouseMs: 10 + id / 10 })) });
    }
  };
  put(1, 19);
  const few = opened.compare({ by: "shape" }).all;
  assert.deepEqual(few.ratio, { searches: 19, ratio: null, low: null, high: null });
  assert.deepEqual(few.elasticsearch, { searches: 19, p50: 110, p95: 118.1 });
  put(20, 21);
  // Another limit: an answer that took long is given again for a while.
  const { ratio } = opened.compare({ by: "shape", limit: 9 }).all;
  assert.equal(ratio.searches, 21);
  assert.equal(ratio.ratio, 111 / 11.1);
  // Of 21 values the median lies between the 5th and the 17th.
  assert.ok(Math.abs((ratio.low ?? 0) - 105 / 11.7) < 1e-9 && Math.abs((ratio.high ?? 0) - 117 / 10.5) < 1e-9, JSON.stringify(ratio));
});

test("a file of format 3 gets its short rows when it is opened, in it or beside it", (context) => {
  const file = join(folder(context), "old.parallax");
  const written = openSession(file);
  written.put(search(1, {}, { client: `${KIBANA}d1;lens:lnsXY:p1` }));
  written.put(search(2, { verdict: "failed" }, { client: "curl/8.5.0" }));
  written.close();
  const db = new DatabaseSync(file);
  db.exec("DROP TRIGGER searches_removed; DROP TABLE searches; DROP TABLE askers; DROP TABLE differing; PRAGMA user_version = 3");
  db.close();
  for (const readOnly of [true, false, false]) {
    const opened = openSession(file, { readOnly });
    assert.deepEqual(keys(opened, { by: "dashboard", limit: 5 }).toSorted(), [
      ["", 1],
      ["d1", 1],
    ]);
    assert.equal(opened.compare({ by: "shape" }).all.similarity, null);
    opened.close();
  }
});
