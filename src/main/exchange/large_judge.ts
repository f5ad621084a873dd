// Judges large answers in a thread of their own, one after the other, so that the engine's main thread does nothing for long. The thread
// is started when one comes, and is gone after a while without; one that dies takes only the judgement with it that it was at.
import { Worker } from "node:worker_threads";
import { messageOf } from "../../shared/thrown.ts";
import type { Access } from "../clickhouse/client.ts";
import { arrived, crossing } from "./crossing.ts";
import type { Asked, JudgedExchange, Later } from "./judge_exchange.ts";
import type { FromJudgeThread, Question, ToJudgeThread, Told } from "./judge_messages.ts";
import type { View } from "./moment.ts";
import { notMatched } from "./outcome.ts";
import type { Witness } from "./witness.ts";

/** Octets of request and answer from which a search is judged there: less takes the main thread some 10 ms, and starting a job there 1. */
const LARGE_BYTES = 256 * 1024;
/** What compressed JSON grows by, roughly. */
const CODED = 8;
/** Room for the trees of both answers of 100 MB: such take up to 2 GB. */
const HEAP_MB = 4096;
/** Trees that live for a second need not be moved about. */
const YOUNG_MB = 96;
const IDLE_MS = 30_000;
const MOST_WAITING = 50;
/** That may be judged again. */
const MOST_KNOWN = 100;

export interface LargeJudgeOptions {
  /** Of the thread's heap. @default HEAP_MB */
  readonly heapMb?: number;
  /** @default the thread of this program */
  readonly module?: URL;
}

/** Who is asked about a judgement. */
interface Known {
  readonly witness: Witness;
  readonly views: View[];
}

interface Job {
  readonly job: number;
  readonly settle: (message: Outcome) => void;
}

type Outcome =
  | (FromJudgeThread & { readonly kind: "judged" | "judged again" | "fault" })
  | { readonly kind: "gone"; readonly job: number; readonly why: string };

export class LargeJudge {
  readonly #heapMb: number;
  readonly #module: URL;
  #worker: Worker | null = null;
  #job: Job | null = null;
  #jobs = 0;
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();
  #idle: NodeJS.Timeout | undefined;
  /** By job: the one that is judged, and those that may be judged again; the thread that runs now has them. */
  readonly #known = new Map<number, Known>();
  #ended = "";

  constructor({ heapMb = HEAP_MB, module = new URL("./judge_thread.ts", import.meta.url) }: LargeJudgeOptions = {}) {
    this.#heapMb = heapMb;
    this.#module = module;
  }

  /** Its thread's id; null while there is none. */
  get thread(): number | null {
    return this.#worker?.threadId ?? null;
  }

  /** Judges it in its turn. Never rejects: whatever happens is a verdict. */
  async judge(asked: Asked, witness: Witness, access: Access): Promise<JudgedExchange> {
    const without = (reason: string): JudgedExchange => ({
      comparison: notMatched("not_compared", reason),
      parts: [],
      timings: asked.timings,
    });
    const outcome = await this.#inTurn((job) => {
      this.#know(job, { witness, views: [] });
      return { kind: "judge", job, asked: withOwnBodies(asked), access };
    });
    if (typeof outcome === "string") return without(outcome);
    if (outcome.kind !== "judged" || !outcome.judged.again) this.#known.delete(outcome.job);
    switch (outcome.kind) {
      case "gone":
        return without(outcome.why);
      case "fault":
        return { comparison: outcome.comparison, parts: [], timings: asked.timings };
      case "judged again":
        return without("the judging thread answered something else");
      case "judged":
        return this.#judged(outcome.job, outcome.judged);
    }
  }

  /** Ends it; what it is at and what waits is not compared, for this reason. */
  async end(reason: string): Promise<void> {
    this.#ended = reason;
    await this.kill();
  }

  #judged(
    first: number,
    { comparison, parts, timings, answer, open, again }: (FromJudgeThread & { readonly kind: "judged" })["judged"],
  ): JudgedExchange {
    const judged = { comparison, parts, timings, ...(answer === null ? {} : { answer }), ...(open.length === 0 ? {} : { open }) };
    return again ? { ...judged, again: (later) => this.#again(first, later) } : judged;
  }

  async #again(first: number, later: Later): ReturnType<NonNullable<JudgedExchange["again"]>> {
    const own = { ...later, response: { ...later.response, body: ownMemory(later.response.body) } };
    const outcome = await this.#inTurn((job) => ({ kind: "again", job, first, later: own }));
    if (typeof outcome === "string" || outcome.kind !== "judged again" || outcome.told === null) return null;
    this.#known.delete(first);
    return outcome.told;
  }

  #know(job: number, known: Known): void {
    this.#known.set(job, known);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_KNOWN && oldest !== undefined) this.#known.delete(oldest);
  }

  /** What came of it; in words, why it was not begun. */
  async #inTurn(message: (job: number) => ToJudgeThread): Promise<Outcome | string> {
    if (this.#ended !== "") return this.#ended;
    if (this.#waiting >= MOST_WAITING) return "over capacity: more large answers than can be compared at once";
    this.#waiting += 1;
    const turn = this.#last.then<Outcome | string>(() => (this.#ended === "" ? this.#run(message) : this.#ended));
    this.#last = turn;
    return turn.finally(() => {
      this.#waiting -= 1;
    });
  }

  async #run(message: (job: number) => ToJudgeThread): Promise<Outcome> {
    clearTimeout(this.#idle);
    this.#jobs += 1;
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    this.#job = { job: this.#jobs, settle: resolve };
    try {
      this.#worker ??= this.#start();
      this.#worker.ref();
      this.#tell(message(this.#jobs));
      return await promise;
    } catch (error) {
      return { kind: "gone", job: this.#jobs, why: `it could not be handed to the judging thread: ${messageOf(error)}` };
    } finally {
      this.#job = null;
      // Waiting for more keeps no process alive.
      this.#worker?.unref();
      this.#idle = setTimeout(() => this.#known.size === 0 && void this.kill(), IDLE_MS).unref();
    }
  }

  #start(): Worker {
    const resourceLimits = { maxOldGenerationSizeMb: this.#heapMb, maxYoungGenerationSizeMb: Math.min(YOUNG_MB, this.#heapMb) };
    const worker = new Worker(this.#module, { name: "judge", resourceLimits });
    let why = "the judging thread ended in the middle of it";
    worker.on("message", (message: FromJudgeThread) => this.#hear(arrived(message)));
    worker.on("error", (error: Error & { readonly code?: string }) => {
      const outOfMemory = error.code === "ERR_WORKER_OUT_OF_MEMORY";
      why = outOfMemory
        ? `too large to compare: it takes more memory than the ${this.#heapMb} MB of the judging thread`
        : `${why}: ${error.message}`;
    });
    worker.on("exit", () => {
      if (this.#worker !== worker) return;
      this.#worker = null;
      this.#known.clear();
      this.#job?.settle({ kind: "gone", job: this.#job.job, why: this.#ended === "" ? why : this.#ended });
    });
    return worker;
  }

  /** Ends the thread that runs now, in the middle of whatever it does. */
  async kill(): Promise<void> {
    clearTimeout(this.#idle);
    await this.#worker?.terminate();
  }

  #tell(message: ToJudgeThread): void {
    this.#worker?.postMessage(crossing(message));
  }

  #hear(message: FromJudgeThread): void {
    const known = this.#known.get(message.job);
    if (message.kind === "asks") {
      const { job, question } = message;
      this.#answer(known, message.what).then(
        (answer) => this.#tell({ kind: "told", job, question, answer }),
        (error: unknown) => this.#tell({ kind: "not told", job, question, why: messageOf(error) }),
      );
    } else if (message.kind === "over") known?.views[message.view]?.over(message.maxScore);
    else if (this.#job?.job === message.job) this.#job.settle(message);
  }

  async #answer(known: Known | undefined, question: Question): Promise<Told[Question["name"]] | undefined> {
    if (known === undefined) throw new Error("nobody knows of this judgement any more");
    const { witness, views } = known;
    switch (question.name) {
      case "tables":
        return witness.tables(question.search);
      case "whole":
        return witness.whole(question.indices);
      case "unsettled":
        return witness.unsettled(question.indices, question.end);
      case "late":
        return (await witness.late?.(question.indices, question.end)) ?? "";
      case "settings":
        return witness.settings(question.search);
      case "view": {
        const found = await witness.view(question.search, question.seen);
        if (found === null || "kind" in found) return found;
        views.push(found);
        const { search, asked, options, maxScore } = found;
        return { search, asked, options, view: views.length - 1, hasMaxScore: maxScore !== undefined };
      }
      case "view unsettled":
        return views[question.view]?.unsettled();
      case "view max score":
        return views[question.view]?.maxScore?.();
    }
  }
}

/** Whether a search is judged there, by what went over the wire. */
export function isLarge({ exchange: { request, response } }: Pick<Asked, "exchange">): boolean {
  const sizeOf = ({ headers, bodyBytes }: typeof request | NonNullable<typeof response>): number =>
    headers.some(([name]) => name.toLowerCase() === "content-encoding") ? bodyBytes * CODED : bodyBytes;
  return sizeOf(request) + (response === null ? 0 : sizeOf(response)) >= LARGE_BYTES;
}

function withOwnBodies(asked: Asked): Asked {
  const { request, response } = asked.exchange;
  const exchange = {
    ...asked.exchange,
    request: { ...request, body: ownMemory(request.body) },
    response: response === null ? null : { ...response, body: ownMemory(response.body) },
  };
  return { ...asked, exchange };
}

/** Bytes that are a part of others' memory are cloned with all of it: such are copied out of it first. Shared memory is not cloned. */
function ownMemory(bytes: Uint8Array): Uint8Array {
  const whole = bytes.byteLength === bytes.buffer.byteLength || bytes.buffer instanceof SharedArrayBuffer;
  return whole ? bytes : new Uint8Array(bytes);
}
