// `npm run bench:proxy`: requests a second, p50, p99 and processor time per request, direct, through nginx and mitmdump (where they
// are installed) and through Parallax in its modes with every exchange captured; one run, alternating rounds, 2 KB answers.
//   node test/bench/proxy.ts [--rounds N] [--seconds N] [--connections N] [--only NAME,NAME] [--profile FOLDER]
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { until } from "../support/parallax_process.ts";
import {
  interceptWay,
  mitmdumpWay,
  nextLine,
  nginxWay,
  parallaxWay,
  processorSeconds,
  type Skipped,
  startRole,
  type Way,
  wireWay,
} from "./proxy_ways.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "4" },
    connections: { type: "string", default: "32" },
    only: { type: "string" },
    profile: { type: "string" },
  },
});

/** For what is still to be written when the clients have gone. */
const CAPTURED_WITHIN_MS = 30_000;

interface Figures {
  readonly all: number;
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
}

interface Round extends Figures {
  /** Microseconds of processor time for each request until it was captured; null where the system does not tell. */
  readonly work: number | null;
  /** From the last answer until the last exchange was captured, ms. */
  readonly behind: number;
}

interface Tried {
  readonly way: Way;
  readonly rounds: Round[];
  missed: number;
}

async function round(tried: Tried): Promise<void> {
  const { way } = tried;
  const before = processorSeconds(way.pids);
  const counted = (await way.captured?.()) ?? { exchanges: 0, missed: 0 };
  const load = startRole(["load", String(way.port), values.connections, values.seconds, way.origin ?? ""]);
  const figures = await nextLine<Figures>(load);
  const ended = performance.now();
  if (way.captured !== undefined) {
    const { captured } = way;
    const due = counted.exchanges + counted.missed + figures.all;
    const { exchanges } = await until(captured, (now) => now.exchanges + now.missed >= due, CAPTURED_WITHIN_MS);
    tried.missed += Math.max(0, counted.exchanges + figures.all - exchanges);
  }
  const after = processorSeconds(way.pids);
  const work = before === null || after === null || way.pids.length === 0 ? null : ((after - before) * 1e6) / figures.all;
  tried.rounds.push({ ...figures, work, behind: performance.now() - ended });
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

function print(all: readonly Tried[], skipped: readonly Skipped[]): void {
  const of = (name: string, figure: "rate" | "p99"): number =>
    median(all.find(({ way }) => way.name === name)?.rounds.map((one) => one[figure]) ?? []);
  const ratio = (value: number, to: number): string => (Number.isNaN(to) ? "-" : (value / to).toFixed(2));
  console.log(`${values.connections} connections, 2 KB answers, median of ${values.rounds} rounds of ${values.seconds} s`);
  console.log("way         requests/s   p50 ms   p99 ms   work µs   of nginx   p99 of nginx   missed   behind ms");
  for (const { way, rounds, missed } of all) {
    const middle = (figure: "rate" | "p50" | "p99" | "behind"): number => median(rounds.map((one) => one[figure]));
    const work = rounds.flatMap((one) => one.work ?? []);
    const cells = [
      way.name.padEnd(12),
      middle("rate").toFixed(0).padStart(10),
      middle("p50").toFixed(2).padStart(9),
      middle("p99").toFixed(2).padStart(9),
      (work.length === 0 ? "-" : median(work).toFixed(0)).padStart(10),
      ratio(middle("rate"), of("nginx", "rate")).padStart(11),
      ratio(middle("p99"), of("nginx", "p99")).padStart(15),
      (way.captured === undefined ? "-" : String(missed)).padStart(9),
      (way.captured === undefined ? "-" : middle("behind").toFixed(0)).padStart(12),
    ];
    console.log(cells.join(""));
  }
  for (const { name, skipped: why } of skipped) console.log(`${name.padEnd(12)}skipped: ${why}`);
}

const folder = mkdtempSync(join(tmpdir(), "proxy-bench-"));
const upstream = startRole(["upstream"]);
const started: Way[] = [];
try {
  const { port } = await nextLine<{ port: number }>(upstream);
  const url = `http://127.0.0.1:${port}`;
  const ways: Readonly<Record<string, () => Promise<Way | Skipped>>> = {
    direct: async () => ({ name: "direct", port, pids: [], stop: async () => undefined }),
    nginx: () => nginxWay(port, folder),
    wire: () => wireWay(url, values.profile),
    tap: () => parallaxWay("tap", url, ["--mode", "tap"]),
    compare: () => parallaxWay("compare", url, ["--mode", "compare"]),
    clickhouse: () => parallaxWay("clickhouse", url, ["--mode", "clickhouse"]),
    intercept: () => interceptWay(url),
    mitmdump: () => mitmdumpWay(url, folder),
  };
  const wanted = values.only?.split(",") ?? Object.keys(ways);
  const skipped: Skipped[] = [];
  for (const name of wanted) {
    const way = (await ways[name]?.()) ?? { name, skipped: `there are only ${Object.keys(ways).join(", ")}` };
    if ("skipped" in way) skipped.push(way);
    else started.push(way);
  }
  const all = started.map((way): Tried => ({ way, rounds: [], missed: 0 }));
  for (let turn = 0; turn < Number(values.rounds); turn += 1) for (const tried of all) await round(tried);
  print(all, skipped);
} finally {
  await Promise.all(started.map((way) => way.stop()));
  upstream.kill();
  rmSync(folder, { recursive: true, force: true });
}
