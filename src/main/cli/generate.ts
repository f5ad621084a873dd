// `parallax generate KIND`: has the Parallax that runs make documents, and prints how far it is until all are made or it is interrupted,
// which ends the making.
import { setTimeout as pause } from "node:timers/promises";
import type { PipeInfo } from "../../shared/pipe.ts";
import type { SampleDataState } from "../../shared/sample_data.ts";
import { progressText } from "./index_verb.ts";
import { type RunningParallax, VerbFailure } from "./running_parallax.ts";
import { readVerbOptions, runVerb } from "./verb_options.ts";

const LOOK_EVERY_MS = 500;
const LINE_EVERY_MS = 2_000;
/** The refresh of an index comes within a second, on a machine that is not too busy. */
const SHOWN_AFTER_LOOKS = 10;

/** Runs the verb; returns the exit code. */
export function generateCommand(argv: readonly string[]): Promise<number> {
  return runVerb("generate", async () => {
    const { names, parallax, text, has } = readVerbOptions("generate", argv, {
      rate: "string",
      index: "string",
      stream: "boolean",
      plain: "boolean",
      documents: "string",
      past: "string",
      "span-hours": "string",
      seed: "string",
      sample: "boolean",
      remove: "boolean",
    });
    if (has("remove") && !has("sample"))
      throw new VerbFailure(2, "--remove goes with --sample: what else was generated is removed by hand.");
    if (has("sample")) {
      if (names.length > 0) throw new VerbFailure(2, "--sample makes kinds of its own: name none.");
      return has("remove") ? removeSample(parallax) : addSample(parallax);
    }
    const [kind, ...others] = names;
    if (kind === undefined || others.length > 0)
      throw new VerbFailure(2, `Usage: parallax generate KIND, one of ${await kindsOf(parallax)}.`);
    if (has("stream") && has("plain")) throw new VerbFailure(2, "--stream or --plain, not both.");
    const whole = (flag: string): number | undefined => wholeOf(flag, text(flag));
    const stream = has("stream") ? true : has("plain") ? false : undefined;
    const asked = {
      rate: whole("rate"),
      documents: whole("documents"),
      past: whole("past"),
      spanHours: whole("span-hours"),
      seed: whole("seed"),
      index: text("index") ?? undefined,
      stream,
    };
    const pipe = await parallax.call("generator.begin", { kind, ...given(asked) });
    return follow(parallax, pipe);
  });
}

/** Until all of it is there; what a Kibana user asks of it goes on. */
async function addSample(parallax: RunningParallax): Promise<number> {
  let state = await parallax.call("sample_data.add", {});
  const isMaking = (): boolean => state.sets.some((set) => set.state === "making");
  // What was made last is counted once Elasticsearch shows it.
  const isHidden = (): boolean => state.sets.some((set) => set.state === "there" && (set.there ?? 0) < set.documents);
  for (let looks = 0; isMaking() || (isHidden() && looks < SHOWN_AFTER_LOOKS); looks = isMaking() ? 0 : looks + 1) {
    await pause(LOOK_EVERY_MS);
    state = await parallax.call("sample_data.get", {});
  }
  process.stdout.write(`${sampleText(state)}\n`);
  return state.why === "" ? 0 : 2;
}

async function removeSample(parallax: RunningParallax): Promise<number> {
  const state = await parallax.call("sample_data.remove", {});
  process.stdout.write(`${sampleText(state)}\n`);
  return state.why === "" ? 0 : 2;
}

function sampleText({ why, sets }: SampleDataState): string {
  if (why !== "") return why;
  const others = "not made by Parallax, and left alone";
  return sets
    .map(
      ({ index, state, there }) =>
        `${index}: ${state === "absent" ? "not there" : `${there ?? "?"} documents${state === "others" ? `, ${others}` : ""}`}`,
    )
    .join("\n");
}

/** Without what was left out. */
function given<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const kept: { [K in keyof T]?: Exclude<T[K], undefined> } = {};
  for (const name in values) {
    const value = values[name];
    if (isGiven(value)) kept[name] = value;
  }
  return kept;
}

function isGiven<T>(value: T): value is Exclude<T, undefined> {
  return value !== undefined;
}

function wholeOf(flag: string, value: string | null): number | undefined {
  if (value === null) return undefined;
  if (/^\d{1,10}$/.test(value)) return Number(value);
  throw new VerbFailure(2, `--${flag} is "${value}"; it must be a whole number.`);
}

async function kindsOf(parallax: RunningParallax): Promise<string> {
  const kinds = await parallax.call("generators.list", {});
  return kinds.map(({ kind }) => kind).join(", ");
}

async function follow(parallax: RunningParallax, { id }: PipeInfo): Promise<number> {
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  let printed = Number.NEGATIVE_INFINITY;
  try {
    while (!interrupted.signal.aborted) {
      const pipe = (await parallax.call("pipes.list", {})).find((each) => each.id === id);
      if (pipe?.state !== "running") return endOf(pipe);
      if (performance.now() - printed >= LINE_EVERY_MS) {
        printed = performance.now();
        process.stdout.write(`${progressText(pipe)}\n`);
      }
      await pause(LOOK_EVERY_MS, undefined, { signal: interrupted.signal }).catch(() => undefined);
    }
    const pipe = await parallax.call("pipe.pump", { pipe: id, operation: "stop" });
    process.stdout.write(`Stopped at ${progressText(pipe)}; the same command goes on from there.\n`);
    return 0;
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}

function endOf(pipe: PipeInfo | undefined): number {
  if (pipe?.state === "stopped" && pipe.result !== "") {
    process.stdout.write(`${pipe.result}\n`);
    return 0;
  }
  const why = pipe === undefined ? "its Elasticsearch was left." : pipe.state === "failed" ? pipe.lastError : "it was stopped.";
  process.stderr.write(`parallax generate: not finished: ${why}\n`);
  return 2;
}
