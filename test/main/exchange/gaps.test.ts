import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ElasticsearchRefused } from "../../../src/main/elasticsearch/client.ts";
import { Gaps } from "../../../src/main/exchange/gaps.ts";
import type { Gap } from "../../../src/main/journal/messages.ts";
import { NOTHING_COMPARED } from "../../../src/main/mirror/reconcile/report.ts";

const CLUSTER = "one";
const SILENT = { write: () => {}, flushed: async () => {} };

/** Gaps over a journal that is an array. */
function gapsOver(kept: Gap[]): { readonly gaps: Gaps; changes(): number } {
  let changes = 0;
  const journal = {
    addGaps: (_cluster: string, added: readonly Gap[]) => void kept.push(...added),
    gaps: async () => kept,
    filled: (_cluster: string, index: string) => {
      for (let i = kept.length - 1; i >= 0; i -= 1) if (kept[i]?.index === index) kept.splice(i, 1);
    },
  };
  const changed = (): void => {
    changes += 1;
  };
  return { gaps: new Gaps({ journal, log: SILENT, changed }), changes: () => changes };
}

function mirrorWith(elasticsearch: number, kind: "equal" | "cancelled") {
  const reconciled: string[] = [];
  return {
    reconciled,
    documents: async () => ({ elasticsearch, clickhouse: 0 }),
    reconcile: async (index: string) => {
      reconciled.push(index);
      return { kind, report: NOTHING_COMPARED };
    },
  };
}

describe("gaps", () => {
  test("are counted by index, told, and gone when they are copied", async () => {
    const { gaps, changes } = gapsOver([]);
    gaps.add(CLUSTER, new Map([["a", 3]]), "the journal was full");
    gaps.add(CLUSTER, new Map(Object.entries({ a: 2, b: 1 })), "the journal was full");
    assert.deepEqual([gaps.lacking("a"), gaps.lacking("b"), gaps.lacking("c"), changes()], [5, 1, 0, 2]);
    assert.match(gaps.problem, /not mirrored, since the journal was full: 5 of a, 1 of b\./);
    const mirror = mirrorWith(10, "equal");
    assert.equal(await gaps.fill(CLUSTER, mirror, AbortSignal.timeout(60_000)), true);
    assert.deepEqual([mirror.reconciled, gaps.problem, gaps.lacking("a")], [["a", "b"], "", 0]);
  });

  test("are gone with their index", async () => {
    const { gaps } = gapsOver([{ index: "a", documents: 7, reason: "the journal was full", since: 1 }]);
    const documents = (): Promise<never> => Promise.reject(new ElasticsearchRefused(404, "no such index [a]"));
    assert.equal(await gaps.fill(CLUSTER, { ...mirrorWith(0, "equal"), documents }, AbortSignal.timeout(60_000)), true);
    assert.equal(gaps.problem, "");
    const away = gapsOver([{ index: "a", documents: 7, reason: "the journal was full", since: 1 }]).gaps;
    const failing = (): Promise<never> => Promise.reject(new ElasticsearchRefused(503, "not now"));
    assert.equal(await away.fill(CLUSTER, { ...mirrorWith(0, "equal"), documents: failing }, AbortSignal.timeout(60_000)), false);
    assert.equal(away.lacking("a"), 7);
  });

  test("stay where copying was cut short, and of an index that was never mirrored whole", async () => {
    const gap = { index: "a", documents: 7, reason: "the journal was full", since: 1 };
    const { gaps } = gapsOver([gap]);
    assert.equal(await gaps.fill(CLUSTER, mirrorWith(10, "cancelled"), AbortSignal.timeout(60_000)), false);
    const large = mirrorWith(1_000_000, "equal");
    assert.equal(await gaps.fill(CLUSTER, large, AbortSignal.timeout(60_000)), false);
    assert.deepEqual([large.reconciled, gaps.lacking("a")], [[], 7]);
  });
});
