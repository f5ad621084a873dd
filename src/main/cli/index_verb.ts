// `parallax backfill` and `parallax reconcile`: start the pipes of the indices in a running Parallax and print how far they are, until
// the last has ended.
import { setTimeout as pause } from "node:timers/promises";
import type { IndexInfo, Status } from "../../shared/contract.ts";
import type { PipeInfo } from "../../shared/pipe.ts";
import { expressionNames } from "../mirror/expression.ts";
import { type RunningParallax, VerbFailure } from "./running_parallax.ts";
import { readVerbOptions, runVerb } from "./verb_options.ts";

const LOOK_EVERY_MS = 500;
/** A line an index, at most so often. */
const LINE_EVERY_MS = 2_000;

/** Runs the verb; returns the exit code. */
export function indexVerb(verb: "backfill" | "reconcile", argv: readonly string[]): Promise<number> {
  return runVerb(verb, async () => {
    const options = readVerbOptions(verb, argv, { rate: "string", elasticsearch: "string", exact: "boolean" });
    if (options.names.length === 0) throw new VerbFailure(2, `Which index? parallax ${verb} INDEX…`);
    if (verb === "backfill" && options.has("exact")) throw new VerbFailure(2, "--exact is for `parallax reconcile`.");
    const { parallax } = options;
    const rate = options.number("rate");
    await assertElasticsearch(parallax, options.text("elasticsearch"));
    const names = await namesOf(parallax, options.names);
    const limit = rate === null ? {} : { rate };
    const started: PipeInfo[] = [];
    for (const name of names) {
      const pipe =
        verb === "backfill"
          ? await parallax.call("index.backfill", { name, ...limit })
          : await parallax.call("index.reconcile", { name, ...limit, exact: options.has("exact") });
      started.push(pipe);
    }
    return follow(parallax, started);
  });
}

async function assertElasticsearch(parallax: RunningParallax, url: string | null): Promise<void> {
  const { elasticsearch }: Status = await parallax.call("status.get", {});
  if (url === null || sameServer(url, elasticsearch.url)) return;
  throw new VerbFailure(
    2,
    `The Parallax that runs forwards to ${elasticsearch.url}, not to the --elasticsearch given. Start one with that, or leave it out here.`,
  );
}

function sameServer(one: string, other: string): boolean {
  const [a, b] = [one, other].map((url) => (URL.canParse(url) ? new URL(url).host.replace(/^localhost(?=:|$)/, "127.0.0.1") : url));
  return a === b;
}

/** Names as they are, patterns by the indices that there are. */
async function namesOf(parallax: RunningParallax, given: readonly string[]): Promise<readonly string[]> {
  if (!given.some((name) => name.includes("*"))) return [...new Set(given)];
  const indices: readonly IndexInfo[] = await parallax.call("indices.list", {});
  const names = given.flatMap((name) => {
    if (!name.includes("*")) return [name];
    const found = indices.map((index) => index.name).filter((known) => expressionNames(name, known));
    if (found.length === 0) throw new VerbFailure(2, `No index of Elasticsearch is called like ${name}.`);
    return found;
  });
  return [...new Set(names)];
}

async function follow(parallax: RunningParallax, started: readonly PipeInfo[]): Promise<number> {
  const open = new Map(started.map((pipe) => [pipe.id, { printed: 0, error: "" }]));
  let exitCode = 0;
  while (open.size > 0) {
    await pause(LOOK_EVERY_MS);
    const pipes = await parallax.call("pipes.list", {});
    for (const [id, shown] of open) {
      const pipe = pipes.find((each) => each.id === id);
      if (pipe?.state === "running") {
        if (pipe.lastError !== "" && pipe.lastError !== shown.error && (await isAway(parallax))) {
          process.stderr.write(`${pipe.index}: ${pipe.lastError} Parallax goes on by itself when it is back.\n`);
          return 3;
        }
        shown.error = pipe.lastError;
        const now = performance.now();
        if (shown.printed !== 0 && now - shown.printed < LINE_EVERY_MS) continue;
        shown.printed = now;
        process.stdout.write(`${pipe.index}: ${progressText(pipe)}\n`);
        continue;
      }
      open.delete(id);
      exitCode = Math.max(exitCode, await endOf(parallax, id, pipe));
    }
  }
  return exitCode;
}

async function endOf(parallax: RunningParallax, id: string, pipe: PipeInfo | undefined): Promise<number> {
  if (pipe?.state === "stopped" && pipe.result !== "") {
    process.stdout.write(`${pipe.index}: ${pipe.result}\n`);
    return 0;
  }
  const why = pipe === undefined ? "its Elasticsearch was left." : pipe.state === "failed" ? pipe.lastError : "it was stopped.";
  process.stderr.write(`${pipe?.index ?? id}: not finished: ${why}\n`);
  return (await isAway(parallax)) ? 3 : 2;
}

async function isAway(parallax: RunningParallax): Promise<boolean> {
  const { elasticsearch, clickhouse } = await parallax.call("status.get", {});
  return [elasticsearch.status, clickhouse.status].some((status) => status === "away" || status === "absent");
}

/** `12000 of 200000 documents, 35.1 MB, 28 s left`. */
export function progressText({ progress, lastError }: Pick<PipeInfo, "progress" | "lastError">): string {
  if (lastError !== "") return lastError;
  if (progress === null) return "begins";
  const { done, total, unit, bytes, secondsLeft, pass } = progress;
  const parts = [`${(pass ?? 1) > 1 ? "looked again at " : ""}${total === null ? done : `${done} of ${total}`} ${unit}`];
  if (bytes !== null && bytes > 0) parts.push(`${(bytes / 1e6).toFixed(1)} MB`);
  if (secondsLeft !== null && secondsLeft > 0) parts.push(`${Math.ceil(secondsLeft)} s left`);
  return parts.join(", ");
}
