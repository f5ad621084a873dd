// Two sides that answer otherwise each time as a test says, without engines.
import type { ProbedSides } from "../../src/main/noise/probe.ts";
import type { JsonObject } from "../../src/shared/json.ts";

/** What each side answers when it is asked for the nth time, from 0. */
export interface NoisyAnswers {
  readonly elasticsearch: (n: number) => JsonObject;
  readonly clickhouse: (n: number) => JsonObject;
  readonly unsettled?: string;
}

/** `asked` gets the target of each request to Elasticsearch. */
export function noisySides({ elasticsearch, clickhouse, unsettled = "" }: NoisyAnswers, asked: string[] = []): ProbedSides {
  let turn = 0;
  return {
    elasticsearch: async (target) => ({ status: 200, body: elasticsearch(asked.push(target) - 1) }),
    clickhouse: async () => {
      turn += 1;
      const body = clickhouse(turn - 1);
      return { kind: "answered", body, tolerances: [], tables: [], stages: {}, statements: [], ms: turn };
    },
    unsettled: () => unsettled,
  };
}

/** Elasticsearch's sum ends otherwise each time, and buckets change places. */
export function wobblingSides(): ProbedSides {
  const answer = (sum: number, keys: readonly string[]): JsonObject => ({
    took: 1,
    hits: { total: { value: 12, relation: "eq" }, max_score: null, hits: [] },
    aggregations: {
      "2": { buckets: keys.map((key) => ({ key, doc_count: 6, "1": { value: sum } })) },
      "3": { value: sum * 7 },
    },
  });
  return noisySides({
    elasticsearch: (n) => answer(1000.5 + (n % 3) / 8, n % 2 === 0 ? ["a", "b"] : ["b", "a"]),
    clickhouse: () => answer(1000.5, ["a", "b"]),
  });
}
