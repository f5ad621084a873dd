// The intercept proxy: `startIntercept` listens on 127.0.0.1 as a forward proxy for http and https on a thread of its own.
// Requests to an Elasticsearch go through our endpoint, which treats them like its own; of all others a tap is told, with the
// whole URL as their target.
import { Worker } from "node:worker_threads";
import { messageOf, traceOf } from "../../../shared/thrown.ts";
import { type Assembler, createAssembler } from "../assemble.ts";
import { protectedTap } from "../protected_tap.ts";
import { listenError, ProxyError } from "../proxy_error.ts";
import { COPY_LIMITS, countIds } from "../proxy_options.ts";
import { WIRE_LIMITS, type WireLimits } from "../site.ts";
import type { Tap } from "../tap.ts";
import { CONNECTIONS, TAKEN } from "../thread_messages.ts";
import type { FromIntercept, InterceptStart, ToIntercept } from "./thread_messages.ts";

export interface InterceptOptions {
  /** 0: any free port. */
  readonly port: number;
  /** True: the start fails when the port is taken. @default false: the next free one is used */
  readonly exactPort?: boolean;
  readonly tap: Tap;
  /** What ids are taken from, where others give the tap exchanges too. @default a counter of its own, from 1 */
  readonly ids?: SharedArrayBuffer;
  /** Folder of the certificate authority; made at its first use. */
  readonly folder: string;
  /** Port of our Elasticsearch endpoint. */
  readonly endpoint: number;
  /** `host:port`s whose requests go through it. */
  readonly elasticsearchHosts?: readonly string[];
  /** Hosts whose TLS is not opened. */
  readonly passThrough?: readonly string[];
  /** Ports of ours that are not to be reached through it. */
  readonly ownPorts?: readonly number[];
  /** PEM of authorities to trust beside those of the system. */
  readonly ca?: string | null;
  /** Takes any certificate of a server. @default false */
  readonly insecure?: boolean;
  readonly limits?: Partial<WireLimits>;
  /** Told of faults of the proxy itself, and of clients that do not trust it, in words. */
  readonly problem?: (message: string) => void;
}

export interface Intercept {
  readonly url: string;
  readonly port: number;
  /** Client connections now. */
  connections(): number;
  /** Ends exchanges on their way within 2 s, tells the tap of the last ones, frees the port. */
  stop(): Promise<void>;
}

const DRAIN_MS = 2000;
const STOP_MS = 5000;

/** Starts the proxy. Rejects with ProxyError: `port_taken`, `port_forbidden`, `thread_failed`. */
export async function startIntercept(options: InterceptOptions): Promise<Intercept> {
  const running = new RunningIntercept(options);
  await running.start(options.port, options.exactPort ?? false);
  return running;
}

class RunningIntercept implements Intercept {
  readonly #options: InterceptOptions;
  readonly #assembler: Assembler;
  readonly #ids: SharedArrayBuffer;
  readonly #counters = new SharedArrayBuffer(8);
  readonly #shared = new Int32Array(this.#counters);
  #worker: Worker | null = null;
  #port = 0;
  #stopped: Promise<void> | null = null;

  constructor(options: InterceptOptions) {
    this.#options = options;
    this.#ids = options.ids ?? countIds(1);
    const { requestLimit: request, responseLimit: response } = COPY_LIMITS;
    this.#assembler = createAssembler(
      protectedTap(options.tap, (message) => this.#problem(message)),
      { request, response },
    );
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  connections(): number {
    return Atomics.load(this.#shared, CONNECTIONS);
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async start(port: number, exactPort: boolean): Promise<void> {
    Atomics.store(this.#shared, TAKEN, 0);
    const workerData = this.#threadStart(port, exactPort);
    const worker = new Worker(new URL("./thread.ts", import.meta.url), { name: "intercept", workerData });
    this.#worker = worker;
    const listening = Promise.withResolvers<number>();
    worker.on("message", (message: FromIntercept | ArrayBuffer) => {
      if (message instanceof ArrayBuffer) this.#take(message);
      else if (message.kind === "problem") this.#problem(message.message);
      else if (message.kind === "listening") listening.resolve(message.port);
      else if (message.kind === "not listening") listening.reject(listenError(port, message, "--intercept-port"));
    });
    worker.on("error", (error) => {
      listening.reject(new ProxyError("thread_failed", `The intercept proxy's thread failed: ${error.message}`));
      this.#problem(`The intercept proxy's thread failed and is started again: ${traceOf(error)}`);
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

  #threadStart(port: number, exactPort: boolean): InterceptStart {
    const {
      folder,
      endpoint,
      elasticsearchHosts = [],
      passThrough = [],
      ownPorts = [],
      ca = null,
      insecure = false,
      limits = {},
    } = this.#options;
    return {
      ...{ port, exactPort, folder, endpoint, elasticsearchHosts, passThrough, ownPorts, ca, insecure, ...COPY_LIMITS },
      limits: { ...WIRE_LIMITS, ...limits },
      ids: this.#ids,
      counters: this.#counters,
    };
  }

  #take(batch: ArrayBuffer): void {
    this.#assembler.take(batch);
    Atomics.add(this.#shared, TAKEN, batch.byteLength);
  }

  async #stop(): Promise<void> {
    const worker = this.#worker;
    if (worker === null) return;
    const stopped = Promise.withResolvers<void>();
    const late = setTimeout(stopped.resolve, STOP_MS);
    worker.on("message", (message: FromIntercept | ArrayBuffer) => {
      if (!(message instanceof ArrayBuffer) && message.kind === "stopped") stopped.resolve();
    });
    worker.on("exit", () => stopped.resolve());
    const stop: ToIntercept = { kind: "stop", drainMs: DRAIN_MS };
    worker.postMessage(stop);
    await stopped.promise;
    clearTimeout(late);
    this.#worker = null;
    await worker.terminate();
    Atomics.store(this.#shared, CONNECTIONS, 0);
    this.#assembler.end("The intercept proxy was stopped before the answer was complete.");
  }

  /** What goes by must outlive a fault: the thread is started anew on the same port. */
  #exited(worker: Worker): void {
    if (this.#worker !== worker || this.#port === 0) return;
    this.#worker = null;
    Atomics.store(this.#shared, CONNECTIONS, 0);
    this.#assembler.end("The intercept proxy's thread failed before the answer was complete.");
    if (this.#stopped !== null) return;
    this.start(this.#port, true).catch((error: unknown) => {
      this.#problem(`The intercept proxy could not be started again: ${messageOf(error)}`);
    });
  }

  #problem(message: string): void {
    this.#options.problem?.(message);
  }
}
