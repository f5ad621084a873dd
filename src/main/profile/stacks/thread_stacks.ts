// The stacks of all threads of this process, read from the watcher's thread while the others do what they do, or are stuck. Nothing is
// paused and the debugger is not switched on: at the next turn of a loop or call of a function the asked thread writes down its own
// stack (0.3 ms, the first time 10 ms) and goes on. What can't be had: a thread within one long call of native code, as of SQLite, and all workers while the
// main thread is in one.
import { setTimeout as pause } from "node:timers/promises";
import { isRecord } from "../../../shared/record.ts";
import { type InspectedThread, Threads } from "../threads.ts";
import { type Frame, type Place, readStack, runs } from "./js_stack.ts";

export interface StackOfThread {
  readonly frames: readonly Frame[];
  /** Samples that found it. */
  readonly samples: number;
}

export interface ThreadStacks {
  /** 0: the main thread. */
  readonly id: number;
  readonly label: string;
  /** Those that were answered. */
  readonly samples: number;
  /** Stacks that run, the most frequent first; samples beyond theirs found it idle. */
  readonly stacks: readonly StackOfThread[];
  /** Share of time that its event loop was busy: since its start, and while it was sampled. */
  readonly busy: { readonly always: number; readonly now: number };
  /** What its event loop waits for, and how many of each. */
  readonly waitsFor: Readonly<Record<string, number>>;
  /** The longest time that an answer took; ms. */
  readonly answerMs: number;
}

export interface ReadOptions {
  /** What is not answered by then is left out; ms. */
  readonly limitMs: number;
  readonly samples: number;
  readonly everyMs: number;
  readonly locate: (place: Place) => Place;
}

const PROBE = "parallax:stack-probe";
/** Runs in the thread that is asked, in the midst of whatever it does. */
const EXPRESSION = `(() => {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 200;
  try {
    const { idle, active } = performance.eventLoopUtilization();
    return JSON.stringify({ stack: new Error("stack").stack, idle, active, resources: process.getActiveResourcesInfo() });
  } finally {
    Error.stackTraceLimit = limit;
  }
})()
//# sourceURL=${PROBE}`;

interface Answer {
  readonly stack: string;
  /** Of its event loop since its start; ms. */
  readonly idle: number;
  readonly active: number;
  readonly resources: readonly string[];
  readonly ms: number;
}

/** Reads them, the main thread's first. Takes `samples` times `everyMs`, at most `limitMs`; never rejects. */
export async function readThreads(options: ReadOptions): Promise<readonly ThreadStacks[]> {
  const late = AbortSignal.timeout(options.limitMs);
  const asked: Promise<ThreadStacks>[] = [];
  const connecting = Threads.connect((thread) => asked.push(sampled(thread, options, late)));
  await unless(late, connecting);
  const read = await Promise.all(asked);
  // Left open, it would hold up the end of the process.
  void connecting.then(
    (threads) => threads.disconnect(),
    () => {},
  );
  return read.toSorted((a, b) => a.id - b.id);
}

async function sampled(thread: InspectedThread, { samples, everyMs, locate }: ReadOptions, late: AbortSignal): Promise<ThreadStacks> {
  const answers: Answer[] = [];
  while (answers.length < samples && !late.aborted) {
    if (answers.length > 0) await pause(everyMs);
    const answer = await unless(late, ask(thread));
    if (answer === null) break;
    answers.push(answer);
  }
  const first = answers[0] ?? NOTHING;
  const last = answers.at(-1) ?? NOTHING;
  return {
    id: thread.id,
    label: thread.label,
    samples: answers.length,
    stacks: grouped(answers, locate),
    busy: { always: share(last, NOTHING), now: share(last, first) },
    waitsFor: counted(last.resources),
    answerMs: Math.max(0, ...answers.map(({ ms }) => ms)),
  };
}

const NOTHING: Answer = Object.freeze({ stack: "", idle: 0, active: 0, resources: [], ms: 0 });

async function ask(thread: InspectedThread): Promise<Answer | null> {
  const asked = performance.now();
  const answer = await thread.post("Runtime.evaluate", { expression: EXPRESSION, returnByValue: true });
  const text = isRecord(answer) && isRecord(answer.result) ? answer.result.value : null;
  if (typeof text !== "string") return null;
  const told: unknown = JSON.parse(text);
  if (!isRecord(told) || typeof told.stack !== "string" || !Array.isArray(told.resources)) return null;
  const { stack, idle, active, resources } = told;
  return { stack, idle: Number(idle), active: Number(active), resources: resources.map(String), ms: performance.now() - asked };
}

function grouped(answers: readonly Answer[], locate: (place: Place) => Place): readonly StackOfThread[] {
  const samples = new Map<string, number>();
  for (const { stack } of answers) samples.set(stack, (samples.get(stack) ?? 0) + 1);
  return [...samples]
    .map(([stack, count]) => ({ frames: readStack(stack, PROBE, locate), samples: count }))
    .filter(({ frames }) => runs(frames))
    .toSorted((a, b) => b.samples - a.samples);
}

function share(of: Answer, since: Answer): number {
  const active = of.active - since.active;
  const all = active + of.idle - since.idle;
  return all > 0 ? active / all : 0;
}

function counted(names: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** null: not in time, or rejected. */
function unless<T>(late: AbortSignal, work: Promise<T | null>): Promise<T | null> {
  return new Promise((resolve) => {
    const end = (): void => resolve(null);
    if (late.aborted) return end();
    late.addEventListener("abort", end);
    work.then(resolve, end).finally(() => late.removeEventListener("abort", end));
  });
}
