// The thread that judges large answers gives the verdict that the main thread would give, and whatever ends it in the middle is a reason.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { describe, type TestContext, test } from "node:test";
import { ClickHouseClient } from "../../../src/main/clickhouse/client.ts";
import { parseMapping } from "../../../src/main/elasticsearch/mapping.ts";
import { route } from "../../../src/main/elasticsearch/route.ts";
import { type Asked, judgeExchange } from "../../../src/main/exchange/judge_exchange.ts";
import { isLarge, LargeJudge } from "../../../src/main/exchange/large_judge.ts";
import type { View } from "../../../src/main/exchange/moment.ts";
import type { Witness } from "../../../src/main/exchange/witness.ts";
import { NO_SETTINGS } from "../../../src/main/matcher/rule_settings.ts";
import { parseObject } from "../../../src/shared/json.ts";
import { until } from "../../support/parallax_process.ts";

// With a number that a structured clone would not keep.
const RUNTIME = '{"runtime":{"day":{"type":"long","script":{"source":"emit(1)","params":{"exact":9007199254740993}}}},"properties":{}}';
const mapping = parseMapping(parseObject(RUNTIME) ?? {});
const table = { index: "logs", database: "d", table: "logs", mapping, shards: 1, final: false };

const BODY = { query: { match_all: {} }, track_total_hits: true, size: 0 };

function askedOf(answer: object, body: object = BODY): Asked {
  const target = "/logs/_search";
  const bytes = (value: object): Uint8Array => Buffer.from(JSON.stringify(value));
  const [sent, given] = [bytes(body), bytes(answer)];
  const common = { version: "1.1", headers: [["content-type", "application/json"]] as const, truncated: false };
  return {
    exchange: {
      id: 7,
      time: Date.now(),
      request: { ...common, method: "POST", target, body: sent, bodyBytes: sent.length },
      response: { ...common, status: 200, reason: "OK", body: given, bodyBytes: given.length },
      phases: { lastByte: 1 },
      error: "",
    },
    routed: route("POST", target),
    timings: {},
  };
}

function answerOf(total: number): object {
  const hits = { total: { value: total, relation: "eq" }, max_score: null, hits: [] };
  return { took: 1, timed_out: false, _shards: { total: 1, successful: 1, skipped: 0, failed: 0 }, hits };
}

const witness: Witness = {
  tables: async () => ({ kind: "tables", tables: [table] }),
  whole: async () => "",
  unsettled: async () => "",
  view: async () => null,
  settings: async () => NO_SETTINGS,
};

type Answering = (request: IncomingMessage, count: string) => string | null;

/** Something that answers as ClickHouse does; null: never. */
async function fakeClickHouse(context: TestContext, answer: Answering) {
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = answer(request, '{"meta":[{"name":"#total","type":"UInt64"}],"data":[[3]],"rows":1}');
      if (text !== null) response.end(text);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { server, access: { url: `http://127.0.0.1:${port}`, user: "default", password: "", reader: null } };
}

function judgeOf(context: TestContext, options: ConstructorParameters<typeof LargeJudge>[0] = {}): LargeJudge {
  const judge = new LargeJudge(options);
  context.after(() => judge.end("over"));
  return judge;
}

describe("judging in a thread of its own", () => {
  test("gives what judging here gives", async (context) => {
    const { access } = await fakeClickHouse(context, (_request, count) => count);
    const judge = judgeOf(context);
    for (const total of [3, 4]) {
      const client = new ClickHouseClient(access);
      const here = await judgeExchange(askedOf(answerOf(total)), { witness, clickhouse: client });
      await client.close();
      const there = await judge.judge(askedOf(answerOf(total)), witness, access);
      assert.deepEqual(there.comparison, here.comparison);
      assert.equal(there.parts.length, 1);
      assert.equal(there.parts[0]?.shape, here.parts[0]?.shape);
      assert.deepEqual(there.parts[0]?.statements[0]?.sql, here.parts[0]?.statements[0]?.sql);
      assert.equal(here.comparison.verdict, total === 3 ? "equal" : "different", here.comparison.reason);
    }
  });

  test("keeps nothing of a search that does not go on", async (context) => {
    const { access } = await fakeClickHouse(context, (_request, count) => count);
    const { again } = await judgeOf(context).judge(askedOf(answerOf(3)), witness, access);
    assert.equal(again, undefined);
  });

  test("asks the main thread what only it knows", async (context) => {
    const { access } = await fakeClickHouse(context, (_request, count) => count);
    const judge = judgeOf(context);
    const over: unknown[] = [];
    const view: View = {
      search: { position: 0, endpoint: "search", index: "logs", params: new Map(), text: "", body: BODY },
      asked: BODY,
      options: {},
      unsettled: async () => "a write went by",
      over: (maxScore) => over.push(maxScore),
    };
    const questions: string[] = [];
    const asking: Witness = {
      tables: async (search) => {
        questions.push(`tables ${search.index}`);
        return { kind: "tables", tables: [table] };
      },
      whole: async () => "",
      unsettled: async (indices) => {
        questions.push(`unsettled ${indices.join(",")}`);
        return "refresh pending";
      },
      view: async (_search, seen) => {
        questions.push(`view of ${seen.hits} hits`);
        return questions.length > 1 ? view : null;
      },
      settings: async () => NO_SETTINGS,
    };
    const plain = await judge.judge(askedOf(answerOf(4)), asking, access);
    assert.deepEqual(questions, ["view of 0 hits", "tables logs", "unsettled logs"]);
    assert.equal(plain.comparison.verdict, "not_compared");
    assert.equal(plain.comparison.reason, "refresh pending");
    const viewed = await judge.judge(askedOf(answerOf(4)), asking, access);
    assert.equal(viewed.comparison.reason, "a write went by");
    assert.deepEqual(over, [null]);
  });

  test("judges again by the last answer of a search that went on", async (context) => {
    const { access } = await fakeClickHouse(context, (_request, count) => count);
    const judge = judgeOf(context);
    const running = {
      ...askedOf({ id: "x", is_running: true, is_partial: true, response: answerOf(1) }),
      routed: route("POST", "/logs/_async_search"),
      goesOn: true,
    };
    const first = await judge.judge(running, witness, access);
    assert.equal(first.comparison.verdict, "not_compared");
    const later = (answer: object) => ({
      response: { status: 200, headers: [], body: Buffer.from(JSON.stringify(answer)) },
      filter: "",
      end: Date.now(),
    });
    assert.equal(await first.again?.(later({ id: "x", is_running: true, is_partial: true, response: answerOf(2) })), null);
    const last = await first.again?.(later({ id: "x", is_running: false, is_partial: false, response: answerOf(3) }));
    assert.equal(last?.part.comparison.verdict, "equal", last?.part.comparison.reason);
  });

  test("says what ClickHouse's end in the middle means", async (context) => {
    const { server, access } = await fakeClickHouse(context, (request) => {
      request.socket.destroy();
      server.closeAllConnections();
      return null;
    });
    const { comparison } = await judgeOf(context).judge(askedOf(answerOf(3)), witness, access);
    assert.equal(comparison.verdict, "not_compared");
    assert.equal(comparison.reason, "clickhouse unavailable");
  });

  test("says that its thread was killed in the middle, and starts another for the next", async (context) => {
    let silent = true;
    const asked = Promise.withResolvers<void>();
    const { access } = await fakeClickHouse(context, (_request, count) => {
      asked.resolve();
      return silent ? null : count;
    });
    const judge = judgeOf(context);
    const first = judge.judge(askedOf(answerOf(3)), witness, access);
    const second = judge.judge(askedOf(answerOf(3)), witness, access);
    await asked.promise;
    const thread = judge.thread;
    silent = false;
    await judge.kill();
    assert.match((await first).comparison.reason, /^the judging thread ended in the middle of it/);
    assert.equal((await first).comparison.verdict, "not_compared");
    assert.equal((await second).comparison.verdict, "equal");
    await until(
      async () => judge.thread,
      (now) => now !== null && now !== thread,
    );
  });

  test("leaves nothing hung at the end", async (context) => {
    const asked = Promise.withResolvers<void>();
    const { access } = await fakeClickHouse(context, () => {
      asked.resolve();
      return null;
    });
    const judge = judgeOf(context);
    const under = [1, 2, 3].map(() => judge.judge(askedOf(answerOf(3)), witness, access));
    await asked.promise;
    await judge.end("Parallax was ending");
    for (const { comparison } of await Promise.all(under)) assert.equal(comparison.reason, "Parallax was ending");
    assert.equal((await judge.judge(askedOf(answerOf(3)), witness, access)).comparison.reason, "Parallax was ending");
    assert.equal(judge.thread, null);
  });

  test("says that its memory did not do", async (context) => {
    const { access } = await fakeClickHouse(context, (_request, count) => count);
    const buckets = Array.from({ length: 400_000 }, (_, key) => ({ key, doc_count: 1, inner: { value: `v${key}` } }));
    const answer = { ...answerOf(3), aggregations: { by: { buckets } } };
    const { comparison } = await judgeOf(context, { heapMb: 48 }).judge(askedOf(answer), witness, access);
    assert.equal(comparison.verdict, "not_compared");
    assert.match(comparison.reason, /^too large to compare: it takes more memory than the 48 MB of the judging thread/);
  });

  test("says why a question could not be answered", async (context) => {
    const { access } = await fakeClickHouse(context, (_request, count) => count);
    const failing: Witness = { ...witness, tables: () => Promise.reject(new Error("the mirror is gone")) };
    const { comparison } = await judgeOf(context).judge(askedOf(answerOf(3)), failing, access);
    assert.equal(comparison.verdict, "failed");
    assert.match(comparison.reason, /the mirror is gone/);
  });
});

test("a search is judged there by what went over the wire, coded bodies by what they may hold", () => {
  const small = askedOf(answerOf(1));
  assert.equal(isLarge(small), false);
  const { exchange } = small;
  const { response } = exchange;
  assert.ok(response !== null);
  assert.equal(isLarge({ exchange: { ...exchange, response: { ...response, bodyBytes: 1024 * 1024 } } }), true);
  const gzip = { ...response, headers: [["Content-Encoding", "gzip"]] as const };
  assert.equal(isLarge({ exchange: { ...exchange, response: { ...gzip, bodyBytes: 40_000 } } }), true);
  assert.equal(isLarge({ exchange: { ...exchange, response: { ...gzip, bodyBytes: 10_000 } } }), false);
});
