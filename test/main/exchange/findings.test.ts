import assert from "node:assert/strict";
import { test } from "node:test";
import { route } from "../../../src/main/elasticsearch/route.ts";
import { Findings, fellBack } from "../../../src/main/exchange/findings.ts";
import { notMatched } from "../../../src/main/exchange/outcome.ts";
import { exchangeRecord } from "../../../src/main/exchange/record.ts";
import type { ExchangeDetail } from "../../../src/shared/exchange.ts";

const message = { version: "1.1", headers: [], body: new Uint8Array(), bodyBytes: 0, truncated: false };

function record(error = ""): ExchangeDetail {
  const request = { ...message, method: "POST", target: "/logs/_search" };
  const response = error === "" ? { ...message, status: 200, reason: "OK" } : null;
  return exchangeRecord({ id: 7, time: 0, request, response, phases: { lastByte: 3 }, error }, route(request.method, request.target));
}

function found(tell: (findings: Findings) => void, said = "") {
  const patches: Partial<ExchangeDetail>[] = [];
  const [changed, searched]: [number[], boolean[]] = [[], []];
  const findings = new Findings({
    session: { update: (_id, patch) => void patches.push(patch) },
    altered: { noted: (_id, note) => [said, note].filter((part) => part !== "").join("; ") },
    statistics: { searched: (_ms, failed) => void searched.push(failed) },
    changed: (id) => void changed.push(id),
  });
  tell(findings);
  assert.deepEqual(changed, [7], "the list is told once");
  const [patch, ...more] = patches;
  assert.equal(more.length, 0);
  assert.ok(patch !== undefined);
  return { patch, searched };
}

test("a search that was not compared keeps why, as its one part", () => {
  const { patch, searched } = found((findings) => findings.notCompared(record(), "over capacity"));
  assert.equal(patch.verdict, "not_compared");
  assert.equal(patch.note, "over capacity");
  assert.deepEqual(
    patch.searches?.map(({ index, comparison }) => [index, comparison.reason]),
    [["logs", "over capacity"]],
  );
  assert.equal(patch.clickhouseMs, null);
  assert.deepEqual(searched, [], "ClickHouse was not asked");
});

test("what ClickHouse took for several searches is added, and counted once", () => {
  const comparison = notMatched("failed", "it broke");
  const part = { position: 0, index: "logs", body: "", statements: [], clickhouse: null, comparison, shape: "match_all", clickhouseMs: 4 };
  const { patch, searched } = found((findings) =>
    findings.judged(record(), comparison, { parts: [part, { ...part, position: 1, clickhouseMs: null }, { ...part, position: 2 }] }),
  );
  assert.equal(patch.clickhouseMs, 8);
  assert.equal(patch.shape, "match_all");
  assert.deepEqual(searched, [true]);
});

test("the note says first what was done to the exchange, then why ClickHouse did not answer it, then the reason, each once", () => {
  const kept = fellBack(record(), "no such field");
  assert.equal(kept.note, "answered by Elasticsearch: no such field");
  const note = (reason: string) => found((findings) => findings.notCompared(kept, reason), "script: changed the path").patch.note;
  assert.equal(note("too large"), "script: changed the path; answered by Elasticsearch: no such field. too large");
  assert.equal(note("unsupported: no such field"), "script: changed the path; unsupported: no such field");
  assert.equal(fellBack(record("cut"), "no such field").note, "cut", "what broke is said before");
});

test("a write's note says what was mirrored, or the fault for which it was not", () => {
  const note = { indexed: 2, deleted: 1, failed: 0, notMirrored: 0, reason: "" };
  assert.equal(found((findings) => findings.mirrored(7, note)).patch.note, "mirrored 3");
  assert.equal(found((findings) => findings.notMirrored(7, "it broke")).patch.note, "not mirrored: it broke");
});
