// A session that is written to while it is summed gives what one gives that is opened anew, and what its exchanges add up to.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { compileFilter, openSession, type Session } from "../../../../src/main/capture/index.ts";
import { COMPARE_BY, type CompareAnswer } from "../../../../src/shared/compare.ts";
import { type ExchangeDetail, VERDICTS, type Verdict } from "../../../../src/shared/exchange.ts";
import { newSeed, type Random, seededRandom } from "../../../support/random.ts";
import { exchange, folder, NOON, part } from "../records.ts";

const SPREAD = 5000; // ids over three segments

function made(id: number, random: Random): ExchangeDetail {
  const searches = Array.from({ length: 1 + random.below(2) }, (_, position) => {
    const verdict = random.pick<Verdict>(["equal", "equivalent", "different", "unsupported", "failed", "not_compared"]);
    const one = part(position, verdict, {
      shape: `shape${random.below(4)}`,
      index: `app-${random.below(3)}`,
      clickhouseMs: random.below(5) === 0 ? null : random.below(1000) / 7,
    });
    const path = `/aggregations/${random.pick(["a", "b"])}/value`;
    const differences = verdict === "different" ? [{ path, kind: "value" as const, elasticsearch: "1", clickhouse: "2" }] : [];
    const comparison = { ...one.comparison, differences, differenceCount: differences.length, comparedLeaves: 9, totalLeaves: 10 };
    return { ...one, comparison };
  });
  return exchange(id, {
    time: NOON + random.below(100_000),
    elasticsearchMs: random.below(1000) / 3,
    verdict: searches[0]?.comparison.verdict ?? null,
    client: `kibana:application:dashboards:d${random.below(3)};lens:x:p${random.below(3)}`,
    searches,
  });
}

/** `limit` is another each time: an answer that took long is given again for a while. */
function answers(session: Session, limit: number): readonly CompareAnswer[] {
  const compiled = compileFilter("~verdict different");
  assert.ok(compiled.ok);
  const narrowed = session.compare({ by: "shape", limit, filter: "~verdict different" }, compiled.filter);
  return [narrowed, session.compare({ by: "panel", limit, dashboard: "d1" }), ...COMPARE_BY.map((by) => session.compare({ by, limit }))];
}

test("sums follow what is written, replaced, cleared away and removed by the cap", (context) => {
  const random = seededRandom(newSeed());
  context.diagnostic(`seed ${random.seed}`);
  const file = join(folder(context), "live.parallax");
  const live = openSession(file);
  context.after(() => live.close());
  const put = (id: number) => live.put(made(id, random), { request: Buffer.alloc(200, "x") });
  for (let round = 0; round < 6; round += 1) {
    for (let n = 0; n < 40; n += 1) put(1 + random.below(SPREAD));
    if (round === 4) live.clear();
    live.flush();
    const opened = openSession(file, { readOnly: true });
    const now = answers(live, 100 + round);
    assert.deepEqual(now, answers(opened, 100 + round));
    const parts = live.list({ limit: 5000 }).exchanges.flatMap(({ id }) => opened.get(id)?.searches ?? []);
    opened.close();
    for (const verdict of VERDICTS) {
      const counted = parts.filter(({ comparison }) => comparison.verdict === verdict).length;
      assert.equal(now.at(-1)?.all.counts[verdict], counted, verdict);
    }
  }
});

test("exchanges that the cap takes away are not counted any more", (context) => {
  const random = seededRandom(newSeed());
  const file = join(folder(context), "capped.parallax");
  const live = openSession(file, { capBytes: 2_000_000 });
  context.after(() => live.close());
  const noise = () => Buffer.from(Array.from({ length: 4000 }, () => random.below(256)));
  let removed = false;
  for (let id = 1; id <= 1000 && !removed; id += 1) {
    live.put(made(id, random), { request: noise() });
    if (id % 50 !== 0) continue;
    live.flush();
    const parts = live.list({ limit: 5000 }).exchanges.flatMap(({ id: kept }) => live.get(kept)?.searches ?? []);
    assert.equal(live.compare({ by: "shape", limit: id % 500 }).all.searches, parts.length);
    removed = live.list({ limit: 5000 }).exchanges.length < id;
  }
  assert.ok(removed, `seed ${random.seed}: the cap was reached`);
});
