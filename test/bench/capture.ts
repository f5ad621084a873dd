// `npm run bench capture`: how large a session may grow before anything gets slow. Writes exchanges as the engine does, watches its
// own memory and the file, then asks what the page asks, filter by filter. `EXCHANGES=100000` makes it a short one.
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileFilter, openSession, type Session } from "../../src/main/capture/index.ts";
import { NOON } from "../main/capture/records.ts";
import { fillSession } from "./session_fill.ts";

const EXCHANGES = Number(process.env.EXCHANGES ?? 1_000_000);
const CAP_BYTES = Number(process.env.CAP_BYTES ?? 2 * 1024 ** 3);
const RUNS = 3;

/** Answered from an index; [filter, what it is like]. */
const INDEXED: readonly string[] = [
  "",
  "~verdict different",
  "~verdict equal",
  "~verdict different | ~verdict failed",
  "~kind search",
  "~kind search & ~verdict unsupported",
  "!~kind search",
  "~c 404",
  "~c 4xx",
  "~index app-3",
  "~index app-*",
  "~shape shape7",
  "~marked",
  "~untranslated",
  "~m delete",
  "~d localhost",
];
const OTHERS: readonly string[] = [
  "_bulk",
  "!/_doc & !security & !metrics & !_nodes & !.kibana & !_bulk",
  "~client kib",
  "~slower 2x",
  "~kind search & ~bq needle",
];

async function fill(s: Session): Promise<void> {
  await fillSession(s, EXCHANGES, NOON, 1, (id) => {
    if (id % Math.ceil(EXCHANGES / 10) !== 0) return;
    globalThis.gc?.();
    console.log(`  ${id} exchanges  ${mb(process.memoryUsage().rss)} resident  ${mb(s.stats().bytes)} in the file`);
  });
}

interface Asked {
  /** Milliseconds on the clock, and of the processor: the machine may be busy with something else. */
  readonly clock: number;
  readonly processor: number;
  readonly timeline: number;
  readonly total: number;
}

function ask(s: Session, text: string): Asked {
  const compiled = compileFilter(text);
  if (!compiled.ok) throw new Error(`${text}: ${compiled.error.message}`);
  const { filter } = compiled;
  const times: { readonly clock: number; readonly processor: number }[] = [];
  let total = 0;
  for (let run = 0; run < RUNS; run += 1) {
    // A filter of its own each time: nothing that is remembered answers.
    const fresh = { ...filter, where: `${filter.where}${" ".repeat(run)}` };
    times.push(
      timed(() => {
        total = s.list({ filter: text === "" ? filter : fresh, limit: 200 }).total;
      }),
    );
  }
  const timeline = timed(() => s.timeline(filter)).processor;
  return { clock: median(times.map(({ clock }) => clock)), processor: median(times.map(({ processor }) => processor)), timeline, total };
}

function timed(work: () => void): { readonly clock: number; readonly processor: number } {
  const started = performance.now();
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return { clock: performance.now() - started, processor: (user + system) / 1000 };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function mb(octets: number): string {
  return `${Math.round(octets / 1e6)} MB`;
}

const folder = mkdtempSync(join(tmpdir(), "parallax-bench-capture-"));
try {
  const session = openSession(join(folder, "bench.parallax"), { capBytes: CAP_BYTES });
  const before = process.memoryUsage().rss;
  const started = performance.now();
  await fill(session);
  const seconds = (performance.now() - started) / 1000;
  const grown = process.memoryUsage().rss - before;
  console.log(
    `${EXCHANGES} exchanges in ${seconds.toFixed(0)} s (${Math.round(EXCHANGES / seconds)}/s); memory grew ${mb(grown)}; ${session.stats().exchanges} kept, ${session.stats().missed} missed; file ${mb(statSync(session.file).size)}, cap ${mb(CAP_BYTES)}`,
  );
  for (const [title, filters] of [
    ["indexed", INDEXED],
    ["not indexed", OTHERS],
  ] as const) {
    console.log(`\n${title}: page of 200 with its total, on the clock and of the processor (median of ${RUNS}); strip, of the processor`);
    for (const text of filters) {
      const { clock, processor, timeline, total } = ask(session, text);
      const [a, b, c] = [clock, processor, timeline].map((ms) => ms.toFixed(0).padStart(6));
      console.log(`  ${a} ${b} ${c} ms  ${String(total).padStart(8)}  ${text === "" ? "(all)" : text}`);
    }
  }
  session.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
