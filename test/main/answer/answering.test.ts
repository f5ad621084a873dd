// What is answered, what passes, and what a forced request is told, without servers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Answering, type AnsweringOptions, type AnswerNote } from "../../../src/main/answer/answering.ts";
import type { Backend } from "../../../src/main/answer/types.ts";
import type { SearchOutcome } from "../../../src/main/exchange/run_search.ts";
import type { Reply } from "../../../src/main/proxy/answerer.ts";
import { RawNumber } from "../../../src/shared/json.ts";

const NOTHING = { stages: {}, statements: [], ms: 1 };
const ANSWERED: SearchOutcome = {
  ...NOTHING,
  kind: "answered",
  body: { took: 1, hits: { total: new RawNumber("9007199254740993") } },
  tolerances: [],
  tables: [],
};
const UNSUPPORTED: SearchOutcome = {
  ...NOTHING,
  kind: "unsupported",
  unsupported: [{ pointer: "/query/x", reason: "x has no SQL" }],
  partial: null,
};
const REJECTED: SearchOutcome = {
  ...NOTHING,
  kind: "rejected",
  error: { status: 400, errorType: "query_shard_exception", reason: "no" },
  indices: ["a"],
};
const TOO_LARGE: SearchOutcome = { ...NOTHING, kind: "failed", reason: "ClickHouse refused: memory limit", tooLarge: true };

const PLAIN = [["Content-Type", "application/json"]] as const;
const VENDOR = "application/vnd.elasticsearch+json; compatible-with=9";

function answering(search: () => Promise<SearchOutcome>, options: Partial<AnsweringOptions> = {}) {
  const notes: AnswerNote[] = [];
  const unused = async (): Promise<never> => {
    throw new Error("not asked here");
  };
  const backend: Backend = { search, tables: unused, indices: unused, run: unused, shapeOf: () => "" };
  const log = { write: () => {}, flushed: async () => {} };
  const answerer = new Answering({
    log: log as unknown as AnsweringOptions["log"],
    backend: async () => ({ backend, done: () => {} }),
    modes: async () => ({ kind: "one", mode: "clickhouse" }),
    preferred: () => true,
    elsewhere: unused,
    answered: (_id, note) => notes.push(note),
    passed: () => {},
    opens: () => {},
    ...options,
  });
  const ask = (forced = false, target = "/a/_search", headers: readonly (readonly [string, string])[] = PLAIN): Promise<Reply> =>
    answerer.answer({
      ...{ id: 1, time: 0, method: "POST", target, headers, body: Buffer.from("{}") },
      ...{ forced, watched: false, asked: true, profiled: false },
    });
  return { ask, notes };
}

const textOf = (reply: Reply): string => (reply.kind === "answer" ? Buffer.from(reply.body).toString("utf8") : "");
const headersOf = (reply: Reply) => new Map(reply.kind === "reset" ? [] : reply.headers);

test("an answer has Elasticsearch's headers, every digit, and a note for its exchange", async () => {
  const { ask, notes } = answering(async () => ANSWERED);
  const reply = await ask(false, "/a/_search", [
    ["Accept", VENDOR],
    ["Content-Type", VENDOR],
    ["X-Opaque-Id", "kibana:1"],
  ]);
  assert.equal(textOf(reply), '{"took":1,"hits":{"total":9007199254740993}}');
  assert.deepEqual(
    [...headersOf(reply)],
    [
      ["X-Opaque-Id", "kibana:1"],
      ["X-elastic-product", "Elasticsearch"],
      ["content-type", "application/vnd.elasticsearch+json;compatible-with=9"],
      ["x-parallax-source", "clickhouse"],
    ],
  );
  assert.deepEqual(
    notes.map(({ comparison }) => [comparison.verdict, comparison.reason]),
    [["not_compared", "answered by ClickHouse alone"]],
  );
});

test("what has no SQL passes, and is refused with its clauses when it was forced", async () => {
  const { ask, notes } = answering(async () => UNSUPPORTED);
  const passed = await ask();
  assert.deepEqual([passed.kind, headersOf(passed).get("x-parallax-verdict")], ["pass", "unsupported"]);
  assert.equal(notes.length, 0);
  const refused = await ask(true);
  assert.equal(refused.kind === "answer" && refused.status, 501);
  assert.match(textOf(refused), /"root_cause":\[\{"type":"unsupported_operation_exception","reason":"\/query\/x: x has no SQL"/);
  assert.equal(notes[0]?.comparison.verdict, "unsupported");
});

test("what Elasticsearch refuses is refused in its shape", async () => {
  const { ask } = answering(async () => REJECTED);
  const reply = await ask();
  assert.equal(reply.kind === "answer" && reply.status, 400);
  assert.match(textOf(reply), /"type":"search_phase_execution_exception".*"failed_shards":\[\{"shard":0,"index":"a"/);
});

test("over ClickHouse's limits, without it, out of time or broken: never a wrong answer, never a hang", async () => {
  const over = answering(async () => TOO_LARGE);
  assert.equal(headersOf(await over.ask()).get("x-parallax-verdict"), "failed");
  assert.match(textOf(await over.ask(true)), /memory limit.*"status":503/);
  const away = answering(async () => ANSWERED, { backend: async () => "clickhouse unavailable" });
  assert.equal(headersOf(await away.ask()).get("x-parallax-verdict"), "not_compared");
  const slow = answering(() => new Promise(() => {}), { limitMs: 20 });
  assert.match(textOf(await slow.ask(true)), /too large: no answer within 0.02 s/);
  const broken = answering(async () => {
    throw new Error("a fault");
  });
  assert.equal((await broken.ask()).kind, "pass");
});

test("other formats and parameters are Elasticsearch's to answer", async () => {
  const { ask } = answering(async () => ANSWERED);
  assert.equal((await ask(false, "/a/_search?format=yaml")).kind, "pass");
  assert.equal((await ask(false, "/a/_search", [["accept", "application/cbor"]])).kind, "pass");
  assert.equal(textOf(await ask(false, "/a/_search?pretty&filter_path=took")), '{\n  "took" : 1\n}\n');
});

test("bodies and answers of other forms, and pairs that Elasticsearch refuses, pass", async () => {
  const { ask } = answering(async () => ANSWERED);
  const forms: readonly (readonly (readonly [string, string])[])[] = [
    [],
    [["Content-Type", "text/plain"]],
    [["Content-Type", "application/yaml"]],
    [["Content-Type", "application/x-ndjson"]],
    [...PLAIN, ["Accept", VENDOR]],
    [["Content-Type", VENDOR]],
    [
      ["Content-Type", VENDOR],
      ["Accept", VENDOR.replace("9", "8")],
    ],
  ];
  for (const headers of forms) assert.equal((await ask(false, "/a/_search", headers)).kind, "pass", JSON.stringify(headers));
  assert.equal((await ask(false, "/a/_search", [["content-type", "application/json; charset=UTF-8"]])).kind, "answer");
});
