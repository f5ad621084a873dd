// An explanation as the engine gives one, without the two sides that it takes.
import type { ExchangeDetail } from "../../src/shared/exchange.ts";
import type { Explanation } from "../../src/shared/explanation.ts";

/** Three documents that ClickHouse lacks. */
export function fakeExplanation(path: string): Explanation {
  const document = (id: string, seqNo: number) => ({
    index: "orders",
    id,
    found: "elasticsearch" as const,
    elasticsearch: `_seq_no ${seqNo}`,
    clickhouse: null,
    ledger: null,
  });
  return {
    position: 0,
    path,
    difference: { path, kind: "value", elasticsearch: "12", clickhouse: "9" },
    pointer: "/aggs/2",
    sql: null,
    cause: "missing document",
    sentence: "3 documents are in Elasticsearch only; never mirrored: no write of them went by in this run.",
    evidence: ["Asked again, the place is as it was.", "The place counts 12 documents in Elasticsearch and 9 in ClickHouse."],
    excluded: ["It is no fault of the translation: the documents differ."],
    action: "Reconcile the index: that copies what ClickHouse lacks.",
    documents: [document("a1", 100), document("a2", 101), document("a3", 102)],
    documentCount: 3,
    chosen: { elasticsearch: 12, clickhouse: 9 },
    queries: {
      elasticsearch: { target: "/orders/_search", body: '{"query":{"match_all":{}},"size":1000}' },
      clickhouse: { sql: "SELECT _id FROM orders", params: [] },
    },
  };
}

/** Another cause for every third exchange. */
export function fakeCause({ id, searches }: ExchangeDetail): Explanation {
  const path = searches[0]?.comparison.differences[0]?.path ?? "/hits/total/value";
  const told = fakeExplanation(path);
  return id % 3 === 0 ? { ...told, cause: "tie", sentence: "Two hits are alike at sort value 42: their order is open." } : told;
}
