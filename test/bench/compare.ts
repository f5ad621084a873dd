// `npm run bench:compare`: what an answer of Compare costs of the processor, with 100,000 searches in the session (`SEARCHES`), from
// the first question on and after each further exchange.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileFilter, openSession, type Session } from "../../src/main/capture/index.ts";
import { COMPARE_BY, type CompareQuery } from "../../src/shared/compare.ts";
import type { Difference, ExchangeDetail, Verdict } from "../../src/shared/exchange.ts";
import { exchange, part } from "../main/capture/records.ts";

const SEARCHES = Number(process.env.SEARCHES ?? 100_000);
const RUNS = 9;
const VERDICTS: readonly Verdict[] = ["equal", "equal", "equal", "equivalent", "unsupported", "not_compared", "equal"];
const KIBANA = "9d2c4f31-aaaa-4bbb-8ccc-0123456789ab;kibana:application:dashboards:";
const DIFFERENCE: Difference = { path: "/hits/total/value", kind: "value", elasticsearch: "12", clickhouse: "9" };

function nth(id: number): ExchangeDetail {
  const differs = id % 20 === 0;
  const verdict = differs ? "different" : (VERDICTS[id % VERDICTS.length] ?? "equal");
  const one = part(0, verdict, { index: `app-${id % 40}`, shape: `shape${id % 60}`, clickhouseMs: 2 + ((id * 7919) % 1000) / 10 });
  const differences = differs ? [DIFFERENCE, { ...DIFFERENCE, path: `/aggregations/${id % 7}/value` }] : [];
  const comparison = { ...one.comparison, differences, differenceCount: differences.length, comparedLeaves: 40, totalLeaves: 40 };
  return exchange(id, {
    index: one.index,
    verdict,
    time: Date.UTC(2026, 0, 1) + id * 100,
    shape: one.shape,
    elasticsearchMs: 5 + ((id * 104_729) % 3000) / 10,
    clickhouseMs: one.clickhouseMs,
    client: `${KIBANA}d${id % 12};lens:lnsXY:p${id % 90}`,
    searches: [{ ...one, comparison }],
  });
}

function ask(session: Session, query: CompareQuery): void {
  const compiled = query.filter === undefined ? null : compileFilter(query.filter);
  if (compiled?.ok === false) throw new Error(compiled.error.message);
  session.compare(query, compiled?.filter);
}

/** Milliseconds of the processor. */
function processor(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function medianAfterWrites(session: Session, query: CompareQuery): string {
  const times = Array.from({ length: RUNS }, (_, run) => {
    session.put(nth(session.nextId()));
    session.flush();
    // A limit of its own each time: nothing that is remembered answers.
    return processor(() => ask(session, { ...query, limit: 200 + run }));
  });
  return (times.toSorted((a, b) => a - b)[Math.floor(RUNS / 2)] ?? 0).toFixed(0).padStart(6);
}

const folder = mkdtempSync(join(tmpdir(), "parallax-bench-compare-"));
try {
  const file = join(folder, "bench.parallax");
  const written = openSession(file);
  const writing = processor(() => {
    for (let id = 1; id <= SEARCHES; id += 1) written.put(nth(id));
    written.flush();
  });
  written.close();
  const session = openSession(file);
  const memory = process.memoryUsage().arrayBuffers;
  const first = processor(() => ask(session, { by: "shape" }));
  globalThis.gc?.();
  const held = process.memoryUsage().arrayBuffers - memory;
  console.log(`${SEARCHES} searches, written in ${writing.toFixed(0)} ms of the processor`);
  console.log(`${first.toFixed(0).padStart(6)} ms  the first answer after the file was opened; ${(held / 1e6).toFixed(1)} MB are held`);
  for (const by of COMPARE_BY) console.log(`${medianAfterWrites(session, { by })} ms  by ${by}, after one more exchange`);
  for (const query of [
    { by: "shape", dashboard: "d3" },
    { by: "shape", filter: "~verdict different" },
    { by: "shape", filter: "~index app-3" },
    { by: "shape", filter: "~verdict equal" },
  ] as const) {
    console.log(`${medianAfterWrites(session, query)} ms  ${JSON.stringify(query)}`);
  }
  session.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
