// `npm run bench:profile`: what profiling costs, in processor time for each request: what is always on (sampling of the heaps, the health
// checker) against nothing of it; one call that asks for its profile in the midst of others; every call's profile. Alternating rounds.
//   node test/bench/profile.ts [--rounds N] [--seconds N] [--connections N]
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { until } from "../support/parallax_process.ts";
import { nextLine, parallaxWay, processorSeconds, startRole, type Way } from "./proxy_ways.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "6" },
    connections: { type: "string", default: "16" },
  },
});

const CAPTURED_WITHIN_MS = 300_000;
/** As good as never. */
const NO_HEALTH_CHECKS = ["--health-interval", "86400"];
const NO_INSPECTOR = new URL("./no_inspector.ts", import.meta.url).href;

interface Figures {
  readonly all: number;
  readonly rate: number;
  readonly p99: number;
}

interface Tried {
  readonly way: Way;
  /** The one whose cost it is compared with; null for none. */
  readonly against: string | null;
  /** What is done once in the midst of a round. Returns how many exchanges that makes. */
  readonly midway: (way: Way) => Promise<number>;
  readonly rounds: (Figures & { readonly work: number })[];
}

const nothing = async (): Promise<number> => 0;

async function profiledCall({ port }: Way): Promise<number> {
  await pause((Number(values.seconds) * 1000) / 2);
  const answer = await fetch(`http://127.0.0.1:${port}/logs/_count`, { headers: { "PARALLAX-API-PROFILER": "pprof" } });
  if (answer.status !== 200) throw new Error(`the call has no profile: ${answer.status} ${await answer.text()}`);
  await answer.arrayBuffer();
  return 1;
}

/** As the way says; once more where the connection that was kept from the round before was closed just then. */
function capturedOf({ captured = async () => ({ exchanges: 0, missed: 0 }) }: Way): ReturnType<NonNullable<Way["captured"]>> {
  return captured().catch(captured);
}

async function round({ way, midway, rounds }: Tried): Promise<void> {
  const captured = () => capturedOf(way);
  const before = processorSeconds(way.pids) ?? Number.NaN;
  const counted = await captured();
  const load = startRole(["load", String(way.port), values.connections, values.seconds, ""]);
  const [figures, more] = await Promise.all([nextLine<Figures>(load), midway(way)]);
  const due = counted.exchanges + counted.missed + figures.all + more;
  await until(captured, (now) => now.exchanges + now.missed >= due, CAPTURED_WITHIN_MS);
  const work = (((processorSeconds(way.pids) ?? Number.NaN) - before) * 1e6) / figures.all;
  rounds.push({ ...figures, work });
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

function print(all: readonly Tried[]): void {
  console.log(`${values.connections} connections, 2 KB answers, median of ${values.rounds} rounds of ${values.seconds} s`);
  console.log("way           requests/s   p99 ms   work µs   more work than");
  for (const { way, against, rounds } of all) {
    const middle = (figure: "rate" | "p99" | "work"): number => median(rounds.map((one) => one[figure]));
    // Round by round: what the machine does beside it changes from one to the next.
    const base = all.find((one) => one.way.name === against)?.rounds ?? [];
    const more = median(rounds.flatMap(({ work }, at) => (base[at] === undefined ? [] : [100 * (work / base[at].work - 1)])));
    const cells = [
      way.name.padEnd(14),
      middle("rate").toFixed(0).padStart(10),
      middle("p99").toFixed(2).padStart(9),
      middle("work").toFixed(1).padStart(10),
      against === null ? "" : `   ${more.toFixed(1)} % ${against}`,
    ];
    console.log(cells.join(""));
  }
}

const upstream = startRole(["upstream"]);
const all: Tried[] = [];
try {
  const { port } = await nextLine<{ port: number }>(upstream);
  const start = async (name: string, args: readonly string[], rest: Pick<Tried, "against" | "midway">, preload?: string): Promise<void> => {
    const way = await parallaxWay(name, `http://127.0.0.1:${port}`, args, preload === undefined ? {} : { preload });
    all.push({ way, rounds: [], ...rest });
  };
  await start("nothing", NO_HEALTH_CHECKS, { against: null, midway: nothing }, NO_INSPECTOR);
  await start("always on", [], { against: "nothing", midway: nothing });
  await start("one call", [], { against: "always on", midway: profiledCall });
  await start("every call", ["--enable-api-profiler"], { against: "always on", midway: nothing });
  for (let turn = 0; turn < Number(values.rounds); turn += 1) for (const tried of all) await round(tried);
  print(all);
} finally {
  await Promise.all(all.map(({ way }) => way.stop()));
  upstream.kill();
}
