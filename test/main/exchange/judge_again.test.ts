// Kept answers are compared again by the rules of now: only what the two answers alone decide gets another verdict.
import assert from "node:assert/strict";
import { test } from "node:test";
import { judgedAgain } from "../../../src/main/exchange/judge_again.ts";
import { settingsFor } from "../../../src/main/matcher/rule_settings.ts";
import type { ExchangeDetail, SearchPart, Verdict } from "../../../src/shared/exchange.ts";
import type { Leeway } from "../../../src/shared/leeway.ts";
import type { VerdictEntry } from "../../../src/shared/verdict_rules.ts";
import { exchange, part } from "../capture/records.ts";

const IGNORED: readonly VerdictEntry[] = [{ rule: "ignored", path: "/aggregations/a", reason: "of no interest" }];
const OFF: readonly VerdictEntry[] = [{ rule: "hyperloglog", on: false, reason: "to the digit" }];
const request = '{"size":0,"track_total_hits":true,"aggs":{"a":{"cardinality":{"field":"k"}}}}';
const answer = (value: number) =>
  `{"took":1,"timed_out":false,"_shards":{"total":1,"failed":0},"hits":{"total":{"value":9,"relation":"eq"},"max_score":null,"hits":[]},"aggregations":{"a":{"value":${value}}}}`;
const BOUNDS: Leeway = { tolerances: [{ pointer: "/aggregations/a/value", rule: "hyperloglog", low: 90, high: 110 }] };

function judged(entries: readonly VerdictEntry[], members: Partial<SearchPart>, verdict: Verdict = "different", ours = 100) {
  const one = part(0, verdict, { clickhouse: answer(ours), body: request, ...members });
  const detail: ExchangeDetail = exchange(1, { verdict, searches: [one], note: one.comparison.reason });
  const bodies: Readonly<Record<string, string>> = { request, elasticsearch: answer(104) };
  const decodedBody = (_: number, side: string): Uint8Array | null => (bodies[side] === undefined ? null : Buffer.from(bodies[side]));
  return judgedAgain({ decodedBody }, detail, (search) => settingsFor(entries, search));
}

test("what an entry ignores by now is equivalent, and different again without it", () => {
  const ignored = judged(IGNORED, { leeway: { tolerances: [] } });
  assert.ok(typeof ignored !== "string", String(ignored));
  assert.equal(ignored.verdict, "equivalent");
  assert.match(ignored.searches[0]?.comparison.reason ?? "", /it was different\.$/);
  const still = judged([], { leeway: { tolerances: [] } });
  assert.equal(typeof still === "string" ? still : still.verdict, "different");
});

test("bounds that were kept with the answer hold, unless their rule is off by now", () => {
  const within = judged([], { leeway: BOUNDS }, "equivalent");
  assert.equal(typeof within === "string" ? within : within.verdict, "equivalent");
  const off = judged(OFF, { leeway: BOUNDS }, "equivalent");
  assert.equal(typeof off === "string" ? off : off.verdict, "different");
});

test("a difference that writes may have made is not told, nor one of which that was not kept", () => {
  const open = judged(OFF, { leeway: { ...BOUNDS, open: "writes to logs went on while it was searched" } }, "equivalent");
  assert.equal(open, "writes to logs went on while it was searched");
  assert.match(String(judged([], {}, "equivalent")), /not kept/);
});

test("what was not compared, or has no answer of ClickHouse's, stays as it is", () => {
  assert.match(String(judged([], {}, "not_compared")), /nothing to compare/);
  assert.match(String(judged([], {}, "unsupported")), /nothing to compare/);
  assert.match(String(judged([], { clickhouse: null })), /no two answers/);
});
