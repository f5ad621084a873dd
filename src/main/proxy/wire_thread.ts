// A thread that passes bytes between others: started, stopped in order, and started anew on its port when it fails, for what goes by
// must outlive a fault. Its copies of what went by are put together here for a tap.
import { type Transferable, Worker } from "node:worker_threads";
import { messageOf, traceOf } from "../../shared/thrown.ts";
import { type Assembler, createAssembler } from "./assemble.ts";
import { CONNECTIONS, COUNTERS, PRESSED, SPOOLED_TAKEN, TAKEN } from "./copy_format.ts";
import { Intake } from "./intake.ts";
import { protectedTap } from "./protected_tap.ts";
import { listenError, ProxyError } from "./proxy_error.ts";
import { removeSpooled, type Spooled, type SpoolPlace } from "./spool_writer.ts";
import type { Tap } from "./tap.ts";
import type { FromThread, ToThread } from "./thread_messages.ts";

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
  /** What it is given at each start. */
  readonly given: (port: number, exactPort: boolean, own: OwnStart) => Given;
  /** Folder for copies that wait; null: they wait in memory alone. */
  readonly spool: string | null;
  /** It runs, and hears what it is told from now on. */
  readonly started?: () => void;
  /** What it says beside what is treated here. */
  readonly heard?: (message: FromThread) => void;
  /** Whether what is asked is to wait for all copies before it. @default no */
  readonly crowded?: (() => boolean) | undefined;
  /** It is gone, by a failure or stopped. */
  readonly gone?: (failed: boolean) => void;
  /** Told of faults, in words. */
  readonly problem: (message: string) => void;
}

/** As ThreadStart has them. */
export interface OwnStart {
  readonly counters: SharedArrayBuffer;
  readonly spool: SpoolPlace | null;
}

interface Given {
  readonly workerData: object;
  readonly transferList: Transferable[];
}

const DRAIN_MS = 2000;
const STOP_MS = 5000;
/** What is in memory still is taken before a thread counts as stopped; of what is in files as much as that time allows. */
const TAKE_MS = 1500;
/** What may lie in files: the work of some ten seconds at the most that a wire passes. */
const SPOOL_BYTES = 1024 ** 3;

export class WireThread {
  readonly #options: WireThreadOptions;
  readonly #assembler: Assembler;
  readonly #intake: Intake;
  #shared = new Int32Array(new SharedArrayBuffer(4 * COUNTERS));
  #place: SpoolPlace | null = null;
  /** Octets in files that are to be taken. */
  #inFiles = 0;
  #worker: Worker | null = null;
  #port = 0;
  #stopped: Promise<void> | null = null;

  constructor(options: WireThreadOptions) {
    this.#options = options;
    this.#assembler = createAssembler(protectedTap(options.tap, options.problem), options.bodies);
    this.#intake = new Intake({
      take: (batch, from, to) => this.#assembler.take(batch, from, to),
      pressed: () => Atomics.load(this.#shared, PRESSED),
      fill: () => this.#inFiles / SPOOL_BYTES,
      problem: options.problem,
    });
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
    const counters = new SharedArrayBuffer(4 * COUNTERS);
    this.#place = this.#nextPlace();
    const shared = new Int32Array(counters);
    this.#shared = shared;
    const { workerData, transferList } = given(port, exactPort, { counters, spool: this.#place });
    const worker = new Worker(module, { name, workerData, transferList });
    this.#worker = worker;
    started?.();
    const listening = Promise.withResolvers<number>();
    worker.on("message", (message: FromThread | ArrayBuffer) => {
      if (message instanceof ArrayBuffer) this.#take(message, shared);
      else if (message.kind === "spooled") this.#takeLater(message, shared);
      else if (message.kind === "listening") listening.resolve(message.port);
      else if (message.kind === "not listening") listening.reject(listenError(port, message, portFlag));
      else if (message.kind === "problem") problem(message.message);
      else this.#hear(message);
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
    await this.#intake.drain(TAKE_MS);
    this.#gone(false);
    if (this.#place !== null && this.#inFiles === 0) await removeSpooled(this.#place);
  }

  #exited(worker: Worker): void {
    if (this.#worker !== worker || this.#port === 0) return;
    this.#worker = null;
    const place = this.#place;
    const gone = (): void => {
      this.#gone(true);
      if (place !== null) void removeSpooled(place);
    };
    this.#intake.add({ kind: "end", call: gone });
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

  /** What the engine is asked it hears after the copies that may matter for the answer, and whatever concerns a question after that. */
  #hear(message: FromThread): void {
    const { heard, crowded } = this.#options;
    if (message.kind === "stopped") return;
    const call = (): void => heard?.(message);
    if (message.kind === "done") call();
    else if (message.kind !== "asks") this.#intake.call(call, null);
    else this.#intake.call(call, crowded?.() === true ? message.all : message.matters);
  }

  #take(batch: ArrayBuffer, counters: Int32Array): void {
    this.#intake.add({ kind: "batch", batch, taken: (bytes) => Atomics.add(counters, TAKEN, bytes) });
  }

  #takeLater(spooled: Spooled, counters: Int32Array): void {
    this.#inFiles += spooled.sizes.reduce((sum, size) => sum + size, 0);
    const taken = (bytes: number): void => {
      this.#inFiles -= bytes;
      Atomics.add(counters, SPOOLED_TAKEN, bytes);
    };
    this.#intake.add({ kind: "in file", spooled, taken });
  }

  #nextPlace(): SpoolPlace | null {
    const { spool } = this.#options;
    if (spool === null) return null;
    // Names of later threads, and of later runs, are greater.
    const prefix = `${String(Date.now()).padStart(14, "0")}-${this.#options.name}`;
    return { folder: spool, prefix, limitBytes: SPOOL_BYTES };
  }
}
