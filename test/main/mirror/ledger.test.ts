// The ledger: when each side had the documents that were written last.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Ledger } from "../../../src/main/mirror/ledger.ts";

describe("the ledger", () => {
  const record = (ledger: Ledger, index: string, seqNo: number): void =>
    ledger.record({ index, shard: 1, seqNo, acknowledged: 1_000 * seqNo, mirrored: 1_000 * seqNo + 250 });

  test("tells the last documents of an index, newest first", () => {
    const ledger = new Ledger(100);
    for (let seqNo = 0; seqNo < 10; seqNo += 1) record(ledger, seqNo % 2 === 0 ? "even" : "odd", seqNo);
    const acknowledged = new Date(8_000).toISOString();
    assert.deepEqual(ledger.of("even", 1), [{ shard: 1, seq_no: 8, acknowledged, mirrored: new Date(8_250).toISOString(), seconds: 0.25 }]);
    assert.deepEqual(
      ledger.of("odd", 10).map(({ seq_no: seqNo }) => seqNo),
      [9, 7, 5, 3, 1],
    );
    assert.deepEqual(ledger.of("none", 10), []);
  });

  test("forgets what is older than it has room for", () => {
    const ledger = new Ledger(4);
    for (let seqNo = 0; seqNo < 11; seqNo += 1) record(ledger, "docs", seqNo);
    assert.deepEqual(
      ledger.of("docs", 100).map(({ seq_no: seqNo }) => seqNo),
      [10, 9, 8, 7],
    );
  });
});
