// What stands in and around charts.
export const chart = {
  chart: {
    showTable: "as a table",
    hideTable: "hide the table",
    es: "Elasticsearch",
    ch: "ClickHouse",
    esAcross: "Elasticsearch →",
    chUp: "ClickHouse ↑",
    range: (p50: string, p95: string) => `${p50} – ${p95} ms`,
    p95: "p95",
    time: "Time",
    requests: "requests",
    latencyLabel: (buckets: string, requests: string) =>
      `Latency over time, p50 and p95 of both sides: ${requests} requests in ${buckets} stretches`,
    latencyHeads: ["Time", "Elasticsearch p50", "Elasticsearch p95", "ClickHouse p50", "ClickHouse p95", "Requests"],
    verdictLabel: (counts: string) => `Verdicts over time: ${counts}`,
    ratioLabel: (faster: string, searches: string, left: string) =>
      `Time on both sides: ClickHouse was faster in ${faster} of the newest ${searches} searches${left === "0" ? "" : `; ${left} older ones are not drawn`}`,
    ratioHeads: ["Exchange", "Elasticsearch", "ClickHouse", "Verdict"],
    bytesLabel: (indices: string) => `Bytes of ${indices} indices on both sides`,
    bytesHeads: ["Index", "Elasticsearch", "ClickHouse"],
    exchange: (id: number) => `Exchange ${id}`,
    chFaster: (times: string) => `ClickHouse ${times} faster`,
    esFaster: (times: string) => `Elasticsearch ${times} faster`,
    ofEs: (times: string) => `${times} smaller`,
  },
} as const;
