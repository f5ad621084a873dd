// A differing exchange made small over made-up sides: its progress, its end, what is refused; and the case that is kept of it.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import type { BothSides } from "../../../src/main/shrink/ask_both.ts";
import { parseCase } from "../../../src/main/shrink/case_file.ts";
import { caseOf, writeCase } from "../../../src/main/shrink/keep_case.ts";
import { sameKind } from "../../../src/main/shrink/same_kind.ts";
import { Shrinker, ShrinkRefusal } from "../../../src/main/shrink/shrinker.ts";
import type { ExchangeDetail } from "../../../src/shared/exchange.ts";
import { fakeExchanges } from "../../support/fake_exchanges.ts";
import { differing, differingSides } from "../../support/fake_sides.ts";
import { until } from "../../support/parallax_process.ts";

const clause = (n: number): string => `{"term":{"f${n}":"v${n}"}}`;
const BODY = `{"size":10,"query":{"bool":{"filter":[${Array.from({ length: 200 }, (_, i) => clause(i)).join(",")}]}}}`;

function exchange(path = "/logs-*/_search?typed_keys=true", body = BODY): ExchangeDetail {
  const [fake] = fakeExchanges(1, 1_700_000_000_000);
  assert.ok(fake);
  const comparison = differing("/hits/total/value");
  const part = { position: 0, index: "logs-*", body, statements: [], clickhouse: null, comparison, shape: "", clickhouseMs: 1 };
  return {
    ...fake.detail,
    id: 7,
    method: "POST",
    path,
    verdict: "different",
    searches: [part],
    request: { ...fake.detail.request, truncated: false, headers: [["content-type", "application/json"]] },
  };
}

const ended = (shrinker: Shrinker, session: object) =>
  until(
    () => shrinker.state(session, 7),
    ({ state }) => state !== "running",
    60_000,
  );

describe("making a differing search small", () => {
  const folder = mkdtempSync(join(tmpdir(), "parallax-cases-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("a request of 200 clauses becomes the one that differs, and is not asked more often than it may be", async () => {
    const [shrinker, session, asked] = [new Shrinker(), {}, [] as string[]];
    const first = shrinker.start(session, exchange(), Buffer.from(BODY), differingSides(clause(150), asked));
    assert.equal(first.state, "running");
    const { state, result, trials, before, now } = await ended(shrinker, session);
    assert.equal(state, "done");
    assert.equal(result?.request, `{"query":${clause(150)}}`);
    assert.equal(result.target, "/logs-*/_search?typed_keys=true");
    assert.ok(result.whole);
    assert.equal(trials, asked.length);
    assert.ok(trials < 60, `${trials} trials`);
    assert.deepEqual([before, now], [BODY.length, result.request.length]);
  });

  test("ends with what was found when its trials are used up, or when it is stopped", async () => {
    const [shrinker, session] = [new Shrinker({ trials: 5, ms: 600_000 }), {}];
    shrinker.start(session, exchange(), Buffer.from(BODY), differingSides(clause(150)));
    const { state, result, trials } = await ended(shrinker, session);
    assert.deepEqual([state, trials, result?.whole], ["done", 6, false]);
    const again = new Shrinker();
    again.start(session, exchange(), Buffer.from(BODY), differingSides(clause(150)));
    again.stop(session, 7);
    assert.equal((await ended(again, session)).state, "stopped");
  });

  test("asks once more what a write kept from being compared", async () => {
    const [shrinker, session, seen] = [new Shrinker(), {}, new Set<string>()];
    const { ask, judged } = differingSides(clause(150));
    const busy: BothSides = {
      ask,
      judged: async (exchange) => {
        const text = Buffer.from(exchange.request.body).toString();
        const outcome = await judged(exchange);
        if (seen.has(text) || typeof outcome === "string") return outcome;
        seen.add(text);
        const comparison = { ...differing("/x"), verdict: "not_compared" as const };
        return { ...outcome, comparison, parts: outcome.parts.map((part) => ({ ...part, comparison })) };
      },
    };
    shrinker.start(session, exchange(), Buffer.from(BODY), busy);
    const { state, result } = await ended(shrinker, session);
    assert.deepEqual([state, result?.request], ["done", `{"query":${clause(150)}}`]);
  });

  test("says so where it is the same by now, where nothing differs, and while another is under way", async () => {
    const [shrinker, session] = [new Shrinker(), {}];
    shrinker.start(session, exchange(), Buffer.from(BODY), differingSides("nothing of it"));
    assert.throws(
      () => shrinker.start(session, exchange(), Buffer.from(BODY), differingSides("x")),
      (error) => error instanceof ShrinkRefusal && error.code === "shrinking",
    );
    const { state, problem } = await ended(shrinker, session);
    assert.equal(state, "failed");
    assert.match(problem, /Asked again it is equal, not different/);
    await until(
      () => {
        try {
          shrinker.start(session, { ...exchange(), searches: [] }, Buffer.from(BODY), differingSides("x"));
          return "";
        } catch (error) {
          return error instanceof ShrinkRefusal ? error.code : "";
        }
      },
      (code) => code === "not_differing",
      60_000,
    );
    const scroll = exchange("/_search/scroll", "{}");
    assert.throws(() => shrinker.start(session, scroll, Buffer.from("{}"), differingSides("x")), /shrink the search that opened it/);
  });

  test("one search of an _msearch is asked by itself, with the parameters of its header", async () => {
    const [shrinker, session, asked] = [new Shrinker(), {}, [] as string[]];
    const lines = `{}\n{"size":0}\n{"index":"b","preference":"x"}\n${BODY}\n`;
    const detail = exchange("/_msearch?max_concurrent_searches=3", lines);
    const parts = detail.searches.map((part) => ({ ...part, position: 1 }));
    shrinker.start(session, { ...detail, searches: parts }, Buffer.from(lines), differingSides(clause(3), asked));
    const { state, result, position } = await ended(shrinker, session);
    assert.deepEqual([state, position, result?.target], ["done", 1, "/b/_search?preference=x"]);
    assert.equal(asked[0], BODY);
  });

  test("a difference is of the same kind whatever bucket it is in, and an error only with the same types", () => {
    assert.ok(sameKind(differing("/aggregations/a/buckets/[key=7]/doc_count"), differing("/aggregations/b/buckets/[key=1#2]/doc_count")));
    assert.ok(!sameKind(differing("/hits/total/value"), differing("/hits/hits/[_id=1]/_score")));
    const error = (type: string) => ({
      ...differing("/error"),
      differences: [{ path: "/error", kind: "missing" as const, elasticsearch: `{"type":"${type}"}`, clickhouse: null }],
    });
    assert.ok(sameKind(error("parsing_exception"), error("parsing_exception")));
    assert.ok(!sameKind(error("parsing_exception"), error("illegal_argument_exception")));
  });

  test("a case holds the mapping and the documents of both answers and of the query, and reads back as it was", async () => {
    const routed: Readonly<Record<string, string>> = { b: '"_routing":"east",' };
    const hit = (id: string) => `{"_index":"logs-1","_id":"${id}",${routed[id] ?? ""}"_source":{"n":9007199254740993}}`;
    const answer = (target: string, body: string): string => {
      if (target === "/logs-1")
        return '{"logs-1":{"mappings":{"properties":{"n":{"type":"long"}}},"settings":{"index":{"number_of_shards":"3"}}}}';
      if (target.endsWith("_count")) return '{"count":2}';
      return `{"hits":{"hits":[${body.includes('"ids"') ? hit("a") : `${hit("a")},${hit("b")}`}]}}`;
    };
    const comparison = differing("/hits/total/value");
    const shrunk = {
      index: "logs-*",
      target: "/logs-*/_search?typed_keys=true",
      request: '{"query":{"term":{"n":9007199254740993}}}',
      comparison,
      elasticsearch: `{"hits":{"hits":[${hit("a")}]}}`,
      clickhouse: '{"hits":{"hits":[]}}',
      whole: true,
    };
    const ask = async ({ target, body }: { readonly target: string; readonly body: Uint8Array }) => ({
      status: 200,
      headers: {},
      body: Buffer.from(answer(target, Buffer.from(body).toString())),
    });
    const kept = await caseOf(shrunk, { ask, headers: [], versions: { parallax: "1" } });
    assert.ok(typeof kept !== "string", String(kept));
    assert.deepEqual(
      [kept.shards, kept.documents.map(({ id, routing }) => [id, routing]), kept.documentsLeftOut, kept.verdict],
      [
        3,
        [
          ["a", undefined],
          ["b", "east"],
        ],
        0,
        "different",
      ],
    );
    const file = writeCase(folder, "one", kept);
    assert.deepEqual(parseCase(readFileSync(file, "utf8")), kept);
    assert.match(readFileSync(file, "utf8"), /9007199254740993/);
    assert.throws(() => writeCase(folder, "one", kept), /EEXIST/);
    assert.match(String(parseCase("[]")), /not a JSON object/);
    assert.match(String(parseCase('{"request":{},"mappings":{}}')), /no "documents"/);
  });
});
