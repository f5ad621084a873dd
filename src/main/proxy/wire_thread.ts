// A thread that passes bytes between others: started, stopped in order, and started anew on its port when it fails, for what goes by
// must outlive a fault. Its copies of what went by are put together here for a tap.
import { type Transferable, Worker } from "node:worker_threads";
import { messageOf, traceOf } from "../../shared/thrown.ts";
import { type Assembler, createAssembler } from "./assemble.ts";
import { protectedTap } from "./protected_tap.ts";
import { listenError, ProxyError } from "./proxy_error.ts";
import type { Tap } from "./tap.ts";
import { CONNECTIONS, type FromThread, TAKEN, type ToThread } from "./thread_messages.ts";

export interface WireThreadOptions {
  /** As sentences name it, after `The` and before `'s thread`. */
  readonly title: string;
  /** As the system names it. */
  readonly name: string;
  readonly module: URL;
  /** The flag that gives its port. */
  readonly portFlag: string;
  readonly tap: Tap;
  /** Octets of a request's and an answer's body that are kept. */
  readonly bodies: { readonly request: number; readonly response: number };
  /** What it is given at each start. `counters`: as ThreadStart has them. */
  readonly given: (port: number, exactPort: boolean, counters: SharedArrayBuffer) => Given;
  /** It runs, and hears what it is told from now on. */
  readonly started?: () => void;
  /** What it says beside what is treated here. */
  readonly heard?: (message: FromThread) => void;
  /** It is gone, by a failure or stopped. */
  readonly gone?: (failed: boolean) => void;
  /** Told of faults, in words. */
  readonly problem: (message: string) => void;
}

interface Given {
  readonly workerData: object;
  readonly transferList: Transferable[];
}

const DRAIN_MS = 2000;
const STOP_MS = 5000;

export class WireThread {
  readonly #options: WireThreadOptions;
  readonly #assembler: Assembler;
  readonly #counters = new SharedArrayBuffer(8);
  readonly #shared = new Int32Array(this.#counters);
  #worker: Worker | null = null;
  #port = 0;
  #stopped: Promise<void> | null = null;

  constructor(options: WireThreadOptions) {
    this.#options = options;
    this.#assembler = createAssembler(protectedTap(options.tap, options.problem), options.bodies);
  }

  /** 0 before it listens. */
  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get running(): boolean {
    return this.#worker !== null;
  }

  /** Client connections now. */
  connections(): number {
    return Atomics.load(this.#shared, CONNECTIONS);
  }

  /** What is told to one that is stopped is lost. */
  tell(message: ToThread, transferList: readonly Transferable[] = []): void {
    this.#worker?.postMessage(message, transferList);
  }

  /** Tells the one that runs now: what comes when another has taken its place is lost. */
  teller(): WireThread["tell"] {
    const worker = this.#worker;
    return (message, transferList = []) => worker?.postMessage(message, transferList);
  }

  /** Rejects with ProxyError: `port_taken`, `port_forbidden`, `thread_failed`. */
  async start(port: number, exactPort: boolean): Promise<void> {
    const { title, name, module, portFlag, given, started, problem } = this.#options;
    Atomics.store(this.#shared, TAKEN, 0);
    const { workerData, transferList } = given(port, exactPort, this.#counters);
    const worker = new Worker(module, { name, workerData, transferList });
    this.#worker = worker;
    started?.();
    const listening = Promise.withResolvers<number>();
    worker.on("message", (message: FromThread | ArrayBuffer) => {
      if (message instanceof ArrayBuffer) this.#take(message);
      else if (message.kind === "listening") listening.resolve(message.port);
      else if (message.kind === "not listening") listening.reject(listenError(port, message, portFlag));
      else if (message.kind === "problem") problem(message.message);
      else this.#options.heard?.(message);
    });
    worker.on("error", (error) => {
      listening.reject(new ProxyError("thread_failed", `The ${title}'s thread failed: ${error.message}`));
      problem(`The ${title}'s thread failed and is started again: ${traceOf(error)}`);
    });
    worker.on("exit", () => this.#exited(worker));
    try {
      this.#port = await listening.promise;
    } catch (error) {
      this.#worker = null;
      await worker.terminate();
      throw error;
    }
  }

  /** Ends exchanges on their way within 2 s, tells the tap of the last ones, frees the port. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    const worker = this.#worker;
    if (worker === null) return;
    const stopped = Promise.withResolvers<void>();
    const late = setTimeout(stopped.resolve, STOP_MS);
    worker.on("message", (message: FromThread | ArrayBuffer) => {
      if (!(message instanceof ArrayBuffer) && message.kind === "stopped") stopped.resolve();
    });
    worker.on("exit", () => stopped.resolve());
    this.tell({ kind: "stop", drainMs: DRAIN_MS });
    await stopped.promise;
    clearTimeout(late);
    this.#worker = null;
    await worker.terminate();
    this.#gone(false);
  }

  #exited(worker: Worker): void {
    if (this.#worker !== worker || this.#port === 0) return;
    this.#worker = null;
    this.#gone(true);
    if (this.#stopped !== null) return;
    this.start(this.#port, true).catch((error: unknown) => {
      this.#options.problem(`The ${this.#options.title} could not be started again: ${messageOf(error)}`);
    });
  }

  #gone(failed: boolean): void {
    Atomics.store(this.#shared, CONNECTIONS, 0);
    const { title } = this.#options;
    this.#assembler.end(`The ${failed ? `${title}'s thread failed` : `${title} was stopped`} before the answer was complete.`);
    this.#options.gone?.(failed);
  }

  #take(batch: ArrayBuffer): void {
    this.#assembler.take(batch);
    Atomics.add(this.#shared, TAKEN, batch.byteLength);
  }
}
