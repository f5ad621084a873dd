// Has questions to a session answered by a thread beside the one that writes. The thread is there while somebody asks.
import { Worker } from "node:worker_threads";
import type { Answers, Known, Question } from "./questions.ts";
import type { Asked, Told } from "./reading_worker.ts";
import type { SegmentChanges } from "./segments.ts";

const ENDED_AFTER_MS = 60_000;
const FEW_OBJECTS = Object.freeze({ maxYoungGenerationSizeMb: 8 });

interface Waiting {
  readonly question: Question;
  readonly known: Known;
  readonly changes: SegmentChanges;
  readonly gone: AbortSignal | undefined;
  resolve(answer: Answers[Question["kind"]]): void;
  reject(error: Error): void;
}

export class ReadingThread {
  readonly #file: string;
  readonly #name: string;
  #worker: Worker | null = null;
  #waiting: Waiting[] = [];
  #underWay: Waiting | null = null;
  /** The last change that the thread was told. */
  #told = 0;
  #ending: NodeJS.Timeout | undefined;

  constructor(file: string, name: string) {
    this.#file = file;
    this.#name = name;
  }

  /** True while there is a thread. */
  get runs(): boolean {
    return this.#worker !== null;
  }

  /**
   * The answer as of what is committed now; `changes` are the session's. Rejects where the thread can't read, or was ended, or
   * nobody waits any more when the question's turn comes.
   */
  ask<Q extends Question>(question: Q, known: Known, changes: SegmentChanges, gone?: AbortSignal): Promise<Answers[Q["kind"]]> {
    return new Promise((resolve, reject) => {
      // An answer has the kind of its question.
      this.#waiting.push({ question, known, changes, gone, resolve: resolve as Waiting["resolve"], reject });
      if (this.#underWay === null) this.#next();
    });
  }

  /** Ends the thread; whoever waits is refused. */
  end(): void {
    clearTimeout(this.#ending);
    const worker = this.#worker;
    if (worker === null) return;
    this.#gone(worker, new Error("the session was closed"));
    void worker.terminate();
  }

  // A thread that begins has read nothing yet that could have changed.
  #begin(changes: SegmentChanges): Worker {
    this.#told = changes.latest;
    const worker = new Worker(new URL("./reading_worker.ts", import.meta.url), {
      name: this.#name,
      workerData: { file: this.#file },
      resourceLimits: FEW_OBJECTS,
    });
    worker.on("message", (told: Told) => this.#take(worker, told));
    worker.on("error", (error) => this.#gone(worker, error));
    worker.on("exit", () => this.#gone(worker, new Error("the reading thread ended")));
    this.#worker = worker;
    return worker;
  }

  #next(): void {
    clearTimeout(this.#ending);
    let next = this.#waiting.shift();
    while (next?.gone?.aborted === true) {
      next.reject(new Error("nobody waits for this answer any more"));
      next = this.#waiting.shift();
    }
    if (next === undefined) this.#rest();
    else this.#post(next);
  }

  #post(asked: Waiting): void {
    const { question, known, changes } = asked;
    const worker = this.#worker ?? this.#begin(changes);
    const changed = changes.since(this.#told);
    this.#told = changes.latest;
    this.#underWay = asked;
    worker.ref();
    worker.postMessage({ question, known, changed } satisfies Asked);
  }

  // Nobody is kept from ending by a thread that does nothing.
  #rest(): void {
    this.#worker?.unref();
    this.#ending = setTimeout(() => this.end(), ENDED_AFTER_MS).unref();
  }

  #take(worker: Worker, told: Told): void {
    const answered = this.#underWay;
    if (worker !== this.#worker || answered === null) return;
    this.#underWay = null;
    if ("answer" in told) answered.resolve(told.answer);
    else answered.reject(new Error(told.failure));
    this.#next();
  }

  #gone(worker: Worker, error: Error): void {
    if (worker !== this.#worker) return;
    this.#worker = null;
    const refused = this.#underWay === null ? this.#waiting : [this.#underWay, ...this.#waiting];
    this.#underWay = null;
    this.#waiting = [];
    for (const { reject } of refused) reject(error);
  }
}
