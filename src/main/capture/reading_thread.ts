// Has questions to a session answered by a thread beside the one that writes. The thread is there while somebody asks.
import { Worker } from "node:worker_threads";
import type { Answers, Known, Question } from "./questions.ts";
import type { Asked, Told } from "./reading_worker.ts";
import type { SegmentChanges } from "./segments.ts";

const ENDED_AFTER_MS = 60_000;
const FEW_OBJECTS = Object.freeze({ maxYoungGenerationSizeMb: 8 });

interface Waiting {
  resolve(answer: Answers[Question["kind"]]): void;
  reject(error: Error): void;
}

export class ReadingThread {
  readonly #file: string;
  readonly #name: string;
  #worker: Worker | null = null;
  #waiting = new Map<number, Waiting>();
  #asked = 0;
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

  /** The answer as of what is committed now; `changes` are the session's. Rejects where the thread can't read, or was ended. */
  ask<Q extends Question>(question: Q, known: Known, changes: SegmentChanges): Promise<Answers[Q["kind"]]> {
    clearTimeout(this.#ending);
    const worker = this.#worker ?? this.#begin(changes);
    const changed = changes.since(this.#told);
    this.#told = changes.latest;
    worker.ref();
    this.#asked += 1;
    const number = this.#asked;
    return new Promise((resolve, reject) => {
      // An answer has the kind of its question.
      this.#waiting.set(number, { resolve: resolve as Waiting["resolve"], reject });
      worker.postMessage({ number, question, known, changed } satisfies Asked);
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

  #take(worker: Worker, told: Told): void {
    if (worker !== this.#worker) return;
    const waiting = this.#waiting.get(told.number);
    this.#waiting.delete(told.number);
    if ("answer" in told) waiting?.resolve(told.answer);
    else waiting?.reject(new Error(told.failure));
    if (this.#waiting.size > 0) return;
    // Nobody is kept from ending by a thread that does nothing.
    worker.unref();
    this.#ending = setTimeout(() => this.end(), ENDED_AFTER_MS).unref();
  }

  #gone(worker: Worker, error: Error): void {
    if (worker !== this.#worker) return;
    this.#worker = null;
    const refused = this.#waiting;
    this.#waiting = new Map();
    for (const { reject } of refused.values()) reject(error);
  }
}
