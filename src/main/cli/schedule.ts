// `parallax schedule [PIPE]`: when pipes of the Parallax that runs run by themselves: lists it, gives a pipe a schedule, or takes it away.
import type { Schedule, ScheduleInfo } from "../../shared/schedule.ts";
import { VerbFailure } from "./running_parallax.ts";
import { readVerbOptions, runVerb, type VerbOptions } from "./verb_options.ts";

const WORDS = ["every", "at", "from", "to", "for", "url", "filter"] as const;
const NUMBERS = ["rate", "speed"] as const;
const SWITCHES = ["profiler", "exact"] as const;

/** Runs the verb; returns the exit code. */
export function scheduleCommand(argv: readonly string[]): Promise<number> {
  return runVerb("schedule", async () => {
    const strings = [...WORDS, ...NUMBERS].map((name) => [name, "string"] as const);
    const booleans = [...SWITCHES, "remove"].map((name) => [name, "boolean"] as const);
    const options = readVerbOptions("schedule", argv, Object.fromEntries([...strings, ...booleans]));
    const [pipe, extra] = options.names;
    if (extra !== undefined) throw new VerbFailure(2, `${JSON.stringify(extra)} is one too many: one pipe at a time.`);
    process.stdout.write(`${(await scheduled(options, pipe, scheduleOf(options))).map(lineOf).join("\n") || "No pipe has a schedule."}\n`);
    return 0;
  });
}

/** What is to be listed then. */
async function scheduled({ parallax, has }: VerbOptions, pipe: string | undefined, schedule: Schedule): Promise<readonly ScheduleInfo[]> {
  const changes = has("remove") || Object.keys(schedule).length > 0;
  if (pipe === undefined && changes)
    throw new VerbFailure(2, "Which pipe? backfill-INDEX, reconcile-INDEX, generate-KIND or replay-session.");
  if (pipe === undefined) return parallax.call("schedules.list", {});
  if (has("remove")) return parallax.call("schedule.remove", { pipe });
  if (changes) return [await parallax.call("schedule.put", { pipe, ...schedule })];
  return (await parallax.call("schedules.list", {})).filter((info) => info.pipe === pipe);
}

function scheduleOf({ text, has }: VerbOptions): Schedule {
  const words = WORDS.flatMap((name) => {
    const given = text(name);
    return given === null ? [] : [[name, given] as const];
  });
  const numbers = NUMBERS.flatMap((name) => {
    const given = text(name);
    if (given !== null && !/^\d{1,9}$/.test(given)) throw new VerbFailure(2, `--${name} is "${given}"; it must be a whole number.`);
    return given === null ? [] : [[name, Number(given)] as const];
  });
  const switches = SWITCHES.flatMap((name) => (has(name) ? [[name, true] as const] : []));
  return Object.fromEntries<string | number | boolean>([...words, ...numbers, ...switches]);
}

function lineOf({ pipe, every, at, from, to, for: lasts, profiler, state, next, ends, last, missed }: ScheduleInfo): string {
  const times = [
    every === undefined ? "" : `every ${every}`,
    at === undefined ? "" : `at ${at}`,
    from === undefined || to === undefined ? "" : `from ${from} to ${to}`,
    lasts === undefined ? "" : `for ${lasts}`,
    profiler === true ? "profiled" : "",
  ];
  const now = state === "running" ? `runs${ends === null ? "" : ` until ${ends}`}` : state === "kept-back" ? "kept back" : "";
  const parts = [times.filter((part) => part !== "").join(" "), now, `next ${next}`];
  const lines = [
    `${pipe}: ${parts.filter((part) => part !== "").join("; ")}`,
    last === null ? "" : `  last ${last.started} to ${last.ended}${last.ok ? "" : ", not finished"}: ${last.sentence}`,
    missed === null ? "" : `  missed ${missed.count} since then, the last ${missed.last}: ${missed.why}`,
  ];
  return lines.filter((line) => line !== "").join("\n");
}
