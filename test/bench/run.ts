// `npm run bench`: every benchmark in one run, each printing its table of ratios. Names pick some: `npm run bench proxy`.
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const BENCHMARKS: readonly string[] = ["proxy", "ingest", "backfill", "translate", "capture", "compare"];

const named = process.argv.slice(2);
const unknown = named.find((name) => !BENCHMARKS.includes(name));
if (unknown !== undefined) {
  console.error(`No benchmark is called "${unknown}"; there are ${BENCHMARKS.join(", ")}.`);
  process.exit(2);
}
for (const name of named.length > 0 ? named : BENCHMARKS) {
  console.log(`== ${name}`);
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, `${name}.ts`)], { stdio: "inherit" });
  if (status !== 0) process.exitCode = status ?? 1;
}
