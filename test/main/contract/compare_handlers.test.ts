import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { compareHandlers } from "../../../src/main/contract/compare_handlers.ts";
import { ContractFailure } from "../../../src/main/contract/handlers.ts";
import type { PassedRequest } from "../../../src/main/elasticsearch/pass_on.ts";
import type { CompareAnswer } from "../../../src/shared/compare.ts";
import { fakeCause } from "../../support/fake_explanation.ts";
import { exchange, part, session } from "../capture/records.ts";

const SAVED = { _id: "dashboard:d1", _source: { type: "dashboard", dashboard: { title: "Revenue" } } };
const CLIENT = "9d2c4f31-aaaa-4bbb-8ccc-0123456789ab;kibana:application:dashboards:";

function compared(context: TestContext, ask: (request: PassedRequest) => Promise<unknown>) {
  const shown = session(context);
  for (const [i, dashboard] of ["d1", "d2"].entries()) {
    shown.put(exchange(i + 1, { verdict: "equal", client: `${CLIENT}${dashboard};lens:lnsXY:p1`, searches: [part(0, "equal")] }));
  }
  const asked: PassedRequest[] = [];
  const explained: number[] = [];
  const handlers = compareHandlers({
    shown: () => shown,
    explain: async (_, detail) => {
      explained.push(detail.id);
      if (detail.status === 503) throw new ContractFailure("away", "It is away.", 503);
      return fakeCause(detail);
    },
    ask: async (request) => {
      asked.push(request);
      return { status: 200, headers: {}, body: Buffer.from(JSON.stringify(await ask(request))) };
    },
  });
  return { shown, asked, explained, compare: handlers["compare.groups"], why: handlers["compare.why"], points: handlers["compare.points"] };
}

const titles = (answer: CompareAnswer) => answer.groups.map(({ key, title }) => `${key}=${title}`).toSorted();

test("titles are asked of Elasticsearch, once, by a search that changes nothing", async (context) => {
  const { asked, compare } = compared(context, async () => ({ hits: { hits: [SAVED] } }));
  assert.deepEqual(titles(await compare({ by: "dashboard" })), ["d1=Revenue", "d2="]);
  assert.deepEqual(titles(await compare({ by: "dashboard" })), ["d1=Revenue", "d2="]);
  assert.equal(asked.length, 1);
  assert.match(asked[0]?.target ?? "", /^\/\.kibana\*\/_search\?/);
  assert.match(Buffer.from(asked[0]?.body ?? []).toString(), /"dashboard:d1"/);
  const panels = await compare({ by: "panel", dashboard: "d1" });
  assert.deepEqual(panels.within, [{ by: "dashboard", key: "d1", title: "Revenue" }]);
});

test("titles that went by are not asked for", async (context) => {
  const { shown, asked, compare } = compared(context, async () => ({}));
  const both = [SAVED, { _id: "dashboard:d2", _source: { dashboard: { title: "Traffic" } } }];
  const answer = Buffer.from(JSON.stringify({ docs: both }));
  shown.put(exchange(9, { index: ".kibana_9.4.3", kind: "get", responseBytes: answer.length }), { elasticsearch: answer });
  assert.deepEqual(titles(await compare({ by: "dashboard" })), ["d1=Revenue", "d2=Traffic"]);
  assert.equal(asked.length, 0);
});

test("where Elasticsearch is away, ids stand for titles", async (context) => {
  const { compare } = compared(context, () => Promise.reject(new Error("refused")));
  assert.deepEqual(titles(await compare({ by: "dashboard" })), ["d1=", "d2="]);
});

test("a filter that reads bodies is refused, with the reason", async (context) => {
  const { compare } = compared(context, async () => ({}));
  await assert.rejects(async () => compare({ by: "shape", filter: "~b x" }), /reads bodies or headers/);
});

const differing = (path: string, shape: string) => {
  const one = part(0, "different", { shape });
  const difference = { path, kind: "value", elasticsearch: "1", clickhouse: "2" } as const;
  return { ...one, comparison: { ...one.comparison, differences: [difference], differenceCount: 1 } };
};

test("one search of each kind that differs is explained, stands for the others, and is not asked for again", async (context) => {
  const { shown, explained, why } = compared(context, async () => ({}));
  for (const id of [10, 11, 12]) shown.put(exchange(id, { verdict: "different", searches: [differing("/hits/total/value", "aaaa")] }));
  shown.put(exchange(14, { verdict: "different", searches: [differing("/hits/hits/[_id=7]/_score", "aaaa")] }));
  assert.deepEqual(await why({}), { differing: 4, kinds: 2, waiting: 2, causes: [] });
  const one = await why({ ask: 1 });
  assert.deepEqual([one.waiting, one.causes.map(({ cause, searches }) => [cause, searches])], [1, [["tie", 3]]]);
  const both = await why({ ask: 5 });
  assert.deepEqual(
    both.causes.map(({ cause, searches, kinds }) => [cause, searches, kinds.map(({ exchange: id }) => id)]),
    [
      ["tie", 3, [12]],
      ["missing document", 1, [14]],
    ],
  );
  assert.deepEqual(explained, [12, 14]);
  // A new search of a kind that is known counts at once.
  shown.put(exchange(15, { verdict: "different", searches: [differing("/hits/total/value", "aaaa")] }));
  assert.equal((await why({ ask: 5 })).causes[0]?.searches, 4);
  assert.deepEqual(explained, [12, 14]);
  await why({ ask: 1, again: true });
  assert.deepEqual(explained, [12, 14, 15]);
  assert.equal((await why({ shape: "none" })).differing, 0);
});

test("two who ask at once wait for the same explanation, and one whose exchange is gone is asked for anew", async (context) => {
  const { shown, explained, why } = compared(context, async () => ({}));
  for (const id of [10, 11]) shown.put(exchange(id, { verdict: "different", searches: [differing("/hits/total/value", "aaaa")] }));
  const answers = await Promise.all([why({ ask: 1 }), why({ ask: 1 })]);
  assert.deepEqual(answers.map(({ waiting }) => waiting), [0, 0]); // biome-ignore format: a line
  assert.deepEqual(explained, [11]);
  shown.clear();
  assert.equal((await why({})).differing, 0);
  shown.put(exchange(12, { verdict: "different", searches: [differing("/hits/total/value", "aaaa")] }));
  assert.equal((await why({})).waiting, 1);
});

test("where nothing can be explained now, that is said and nothing is kept", async (context) => {
  const { shown, why } = compared(context, async () => ({}));
  shown.put(exchange(10, { status: 503, verdict: "different", searches: [differing("/hits/total/value", "aaaa")] }));
  await assert.rejects(async () => why({ ask: 1 }), /It is away/);
  assert.equal((await why({})).waiting, 1);
});

test("both times are given of searches that both sides answered, oldest first", async (context) => {
  const { shown, points } = compared(context, async () => ({}));
  shown.put(exchange(10, { elasticsearchMs: null, verdict: "equal", searches: [part(0, "equal")] }));
  const { searches, left } = await points({});
  assert.equal(left, 0);
  assert.deepEqual(
    searches.map(({ exchange: id, elasticsearchMs, clickhouseMs }) => [id, elasticsearchMs, clickhouseMs]),
    [
      [1, 12.5, 4],
      [2, 12.5, 4],
    ],
  );
});
