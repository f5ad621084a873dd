import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { compareHandlers } from "../../../src/main/contract/compare_handlers.ts";
import type { PassedRequest } from "../../../src/main/elasticsearch/pass_on.ts";
import type { CompareAnswer } from "../../../src/shared/compare.ts";
import { exchange, part, session } from "../capture/records.ts";

const SAVED = { _id: "dashboard:d1", _source: { type: "dashboard", dashboard: { title: "Revenue" } } };
const CLIENT = "9d2c4f31-aaaa-4bbb-8ccc-0123456789ab;kibana:application:dashboards:";

function compared(context: TestContext, ask: (request: PassedRequest) => Promise<unknown>) {
  const shown = session(context);
  for (const [i, dashboard] of ["d1", "d2"].entries()) {
    shown.put(exchange(i + 1, { verdict: "equal", client: `${CLIENT}${dashboard};lens:lnsXY:p1`, searches: [part(0, "equal")] }));
  }
  const asked: PassedRequest[] = [];
  const handlers = compareHandlers({
    shown: () => shown,
    ask: async (request) => {
      asked.push(request);
      return { status: 200, headers: {}, body: Buffer.from(JSON.stringify(await ask(request))) };
    },
  });
  return { shown, asked, compare: handlers["compare.groups"] };
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
