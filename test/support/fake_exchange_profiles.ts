// Backends of a profiled run without servers: an Elasticsearch that gives a made-up profile, a ClickHouse whose logs know every statement,
// and threads that were sampled in a made-up stack.
import type { Server } from "../../src/main/profile/exchange/query_log.ts";
import type { RunBackends } from "../../src/main/profile/exchange/run.ts";
import type { SearchPart } from "../../src/shared/exchange.ts";
import type { JsonValue } from "../../src/shared/json.ts";
import type { CpuProfile, ThreadProfile } from "../../src/shared/profile.ts";

export const FAKE_ELASTICSEARCH_PROFILE: JsonValue = {
  shards: [shard(0, 18_500_000), shard(1, 31_200_000)],
};

function shard(place: number, ns: number): JsonValue {
  return {
    id: `[node][kibana_sample_data_ecommerce][${place}]`,
    index: "kibana_sample_data_ecommerce",
    shard_id: place,
    searches: [
      {
        query: [
          {
            type: "BooleanQuery",
            description: "#order_date:[1 TO 2]",
            time_in_nanos: ns * 0.4,
            breakdown: { next_doc: ns * 0.1, build_scorer: ns * 0.3, next_doc_count: 12 },
            children: [
              {
                type: "IndexOrDocValuesQuery",
                description: "order_date:[1 TO 2]",
                time_in_nanos: ns * 0.25,
                breakdown: { build_scorer: ns * 0.25 },
              },
            ],
          },
        ],
        rewrite_time: ns * 0.05,
        collector: [
          {
            name: "QueryPhaseCollector",
            reason: "search_query_phase",
            time_in_nanos: ns * 0.3,
            children: [{ name: "AggregatorCollector: [2]", reason: "aggregation", time_in_nanos: ns * 0.25 }],
          },
        ],
      },
    ],
    aggregations: [
      {
        type: "DateHistogramAggregator",
        description: "2",
        time_in_nanos: ns * 0.5,
        breakdown: { collect: ns * 0.2, build_aggregation: ns * 0.3, collect_count: 100 },
        children: [
          { type: "GlobalOrdinalsStringTermsAggregator", description: "3", time_in_nanos: ns * 0.3, breakdown: { collect: ns * 0.3 } },
        ],
      },
    ],
  };
}

/** A thread that began at `start` (µs) and worked `us`, one sample every 100 µs. */
export function fakeThread(thread: string, start: number, us: number): ThreadProfile {
  const frame = (functionName: string, url: string, lineNumber: number) => ({ functionName, url, lineNumber, columnNumber: 0 });
  const nodes: CpuProfile["nodes"] = [
    { id: 1, callFrame: frame("(root)", "", -1), children: [2, 8, 9] },
    { id: 2, callFrame: frame("judgeExchange", "src/main/exchange/judge_exchange.ts", 61), children: [3, 4, 6] },
    { id: 3, callFrame: frame("parseJson", "src/shared/json.ts", 40) },
    { id: 4, callFrame: frame("translateSearch", "src/main/translate/search.ts", 30), children: [5] },
    { id: 5, callFrame: frame("translateTerms", "src/main/translate/aggs/terms.ts", 20) },
    { id: 6, callFrame: frame("match", "src/main/matcher/match.ts", 12), children: [7] },
    { id: 7, callFrame: frame("stringSlice", "node:buffer", 600) },
    { id: 8, callFrame: frame("(idle)", "", -1) },
    { id: 9, callFrame: frame("(garbage collector)", "", -1) },
  ];
  const order = [3, 3, 4, 5, 5, 8, 8, 8, 8, 8, 8, 8, 8, 9, 6, 6, 7, 6];
  const count = Math.max(1, Math.round(us / 100));
  const samples = Array.from({ length: count }, (_, i) => order[Math.floor((i / count) * order.length)] ?? 8);
  return {
    thread,
    profile: { nodes, startTime: start, endTime: start + count * 100, samples, timeDeltas: samples.map((_, i) => (i === 0 ? 0 : 100)) },
  };
}

/** A ClickHouse that logged every statement it is asked about, each as having run for a millisecond from `started` (epoch µs) on. */
export function fakeQueryLog(started: () => number): Server {
  return {
    command: async () => {},
    query: async ({ sql, params }) => {
      const ids = [...(params.find(({ name }) => name === "ids")?.value ?? "").matchAll(/'([^']*)'/g)].map((found) => found[1] ?? "");
      const rows = sql.includes("system.query_log") ? ids.map((id) => logged(id, started())) : ids.flatMap(processorsOf);
      return {
        rows,
        columns: [],
        summary: { ms: 1, rows: 0, readRows: 0, readBytes: 0, memoryBytes: 0, queryId: null, sentBytes: 0, receivedBytes: 0 },
      };
    },
  };
}

function logged(id: string, started: number): Record<string, JsonValue> {
  return {
    query_id: id,
    started,
    ended: started + 9_000,
    read_rows: 4675,
    read_bytes: 612_000,
    result_rows: 105,
    memory_usage: 11_800_000,
    threads: 4,
    peak: 2,
    events: { SelectedRows: 4675, SelectedBytes: 612_000, OSCPUVirtualTimeMicroseconds: 7_100, FileOpen: 3 },
  };
}

function processorsOf(id: string): readonly Record<string, JsonValue>[] {
  const processor = (own: string, parents: readonly string[], name: string, step: string, worked: number, waited: number) => ({
    query_id: id,
    id: own,
    parent_ids: parents,
    name,
    step,
    elapsed_us: worked,
    input_wait_elapsed_us: waited,
    output_wait_elapsed_us: 12,
    input_rows: 4675,
    output_rows: 105,
  });
  return [
    processor("1", ["3"], "MergeTreeSelect(pool: ReadPool, algorithm: Thread)", "ReadFromMergeTree", 3_400, 0),
    processor("2", ["4"], "MergeTreeSelect(pool: ReadPool, algorithm: Thread)", "ReadFromMergeTree", 200, 0),
    processor("3", ["5"], "FilterTransform", "Filter", 900, 3_400),
    processor("4", ["5"], "FilterTransform", "Filter", 30, 3_400),
    processor("5", ["6"], "AggregatingTransform", "Aggregating", 2_100, 4_300),
    processor("6", [], "ParallelFormattingOutputFormat", "", 300, 6_500),
  ];
}

/** `parts`: what the comparison of the run comes to. */
export function fakeRunBackends(parts: readonly SearchPart[]): RunBackends {
  const now = (): number => performance.timeOrigin + performance.now();
  /** When the comparison began, by V8's clock: the samples begin with it, however busy the machine is. */
  let began = Number(process.hrtime.bigint()) / 1000;
  return {
    elasticsearch: async () => ({
      status: 200,
      headers: {},
      body: Buffer.from(JSON.stringify({ took: 33, hits: { hits: [] }, profile: FAKE_ELASTICSEARCH_PROFILE })),
    }),
    clickhouse: fakeQueryLog(() => Math.round(now() * 1000)),
    judged: async (exchange) => {
      began = Number(process.hrtime.bigint()) / 1000;
      const at = now() - exchange.time;
      const named = parts.map((part) => ({
        ...part,
        statements: part.statements.map((run, i) => ({ ...run, queryId: run.queryId ?? `parallax-${exchange.id}-${i}` })),
      }));
      const timings = {
        queued: at,
        taken: at + 0.2,
        compareStarted: at + 0.6,
        translated: at + 2,
        clickhouseDone: at + 12,
        shaped: at + 13,
        matched: at + 16,
      };
      const [first] = parts;
      if (first === undefined) return "no search in it";
      return { comparison: first.comparison, parts: named, timings };
    },
    startRecording: async () => ({ stop: async () => [fakeThread("main", began, 16_000), fakeThread("proxy", began, 0)] }),
  };
}
