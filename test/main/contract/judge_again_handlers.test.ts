// Judging again over a made-up session: one exchange, all of a filter by pieces, and the counts that come of it.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { ContractFailure } from "../../../src/main/contract/handlers.ts";
import { judgeAgainHandlersOf } from "../../../src/main/contract/judge_again_handlers.ts";
import { settingsFor } from "../../../src/main/matcher/rule_settings.ts";
import { exchange, part, session } from "../capture/records.ts";

const answer = (total: number) =>
  `{"took":1,"timed_out":false,"_shards":{"total":1,"failed":0},"hits":{"total":{"value":${total},"relation":"eq"},"max_score":null,"hits":[]}}`;

function judging(context: TestContext) {
  const shown = session(context);
  const bodies = { request: Buffer.from('{"size":0,"track_total_hits":true}'), elasticsearch: Buffer.from(answer(4)) };
  for (const id of [1, 2, 3]) {
    const one = part(0, "different", { clickhouse: answer(3), body: '{"size":0,"track_total_hits":true}' });
    shown.put(exchange(id, { verdict: "different", searches: [one], note: one.comparison.reason }), bodies);
  }
  const unjudged = part(0, "not_compared", { clickhouse: null });
  shown.put(exchange(4, { verdict: "not_compared", searches: [unjudged] }), bodies);
  const entries = [{ rule: "ignored", path: "/hits/total", reason: "of no interest" }];
  const handlers = judgeAgainHandlersOf({ session: () => shown, settings: (search) => settingsFor(entries, search), atOnceMs: 0 });
  return { shown, handlers };
}

test("one exchange gets the verdict of the rules of now, which counts from then on", async (context) => {
  const { shown, handlers } = judging(context);
  assert.deepEqual(await handlers["exchange.judge_again"]({ id: 2 }), { before: "different", now: "equivalent" });
  assert.equal(shown.get(2)?.verdict, "equivalent");
  assert.match(shown.get(2)?.note ?? "", /it was different\.$/);
  const [group] = shown.compare({ by: "index", limit: 10 }).groups;
  assert.deepEqual([group?.counts.different, group?.counts.equivalent], [2, 1]);
  assert.throws(
    () => handlers["exchange.judge_again"]({ id: 4 }),
    (error) => error instanceof ContractFailure && error.code === "not_judged_again",
  );
});

test("all of a filter are judged piece by piece, with what became of them", async (context) => {
  const { handlers } = judging(context);
  let [judged, changed, left, pieces] = [0, 0, 0, 0];
  for (let next: number | null = 0; next !== null; pieces += 1) {
    const counts: Awaited<ReturnType<(typeof handlers)["session.judge_again"]>> = await handlers["session.judge_again"]({
      filter: "~kind search",
      ...(next === 0 ? {} : { after: next }),
    });
    judged += counts.judged;
    changed += counts.changed.reduce((sum, { exchanges }) => sum + exchanges, 0);
    left += counts.left.reduce((sum, { exchanges }) => sum + exchanges, 0);
    next = counts.next;
  }
  assert.deepEqual([judged, changed, left], [3, 3, 1]);
  assert.ok(pieces >= 4, `${pieces}`);
});
