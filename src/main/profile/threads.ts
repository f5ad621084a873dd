// All threads of this process, each by an inspector session. Seen from the watcher's thread: also one that is stuck in a loop, but a
// process that ends meanwhile says that it waits for a debugger. Seen from the main thread: for what goes on all the time.
// A thread is called what its Worker is named.
import { Session } from "node:inspector";
import { isMainThread, threadId } from "node:worker_threads";
import { isRecord } from "../../shared/record.ts";
import { messageOf } from "../../shared/thrown.ts";

export interface InspectedThread {
  /** `main`, `proxy`, `journal`, …; `script 2` where two have one name. */
  readonly label: string;
  /** As `node:worker_threads` has it; 0 is the main thread. */
  readonly id: number;
  /** Asks the inspector, `Profiler.start` say. Rejects with what it says, or when the thread ends. */
  post(method: string, params?: object): Promise<unknown>;
  /** Hears an event's parameters, of `Debugger.paused` say. */
  on(event: string, listener: (params: unknown) => void): void;
}

const TITLE = /^\[worker (\d+)\] ?(.*)$/s;

/** Sessions with all threads; when made in the watcher's, without its own, which must go on. */
export class Threads {
  readonly #session = new Session();
  readonly #main: MainThread;
  readonly #workers = new Map<string, WorkerThread>();
  readonly #joined: (thread: InspectedThread) => void;

  private constructor(joined: (thread: InspectedThread) => void) {
    this.#joined = joined;
    if (isMainThread) this.#session.connect();
    else this.#session.connectToMainThread();
    this.#main = new MainThread(this.#session);
    this.#main.on("NodeWorker.attachedToWorker", (params) => this.#attached(params));
    this.#main.on("NodeWorker.detachedFromWorker", (params) => this.#detached(params));
    this.#main.on("NodeWorker.receivedMessageFromWorker", (params) => this.#received(params));
  }

  /** `joined`: told of each thread, those that start later included. Never resolves while the main thread is in native code that does not end. */
  static async connect(joined: (thread: InspectedThread) => void = () => {}): Promise<Threads> {
    const threads = new Threads(joined);
    joined(threads.#main);
    // What runs already is announced before this is answered.
    await threads.#main.post("NodeWorker.enable", { waitForDebuggerOnStart: false });
    return threads;
  }

  /** The main thread first. */
  get list(): readonly InspectedThread[] {
    return [this.#main, ...this.#byAge()];
  }

  /** Ends all sessions: what they were doing ends with them. */
  disconnect(): void {
    for (const worker of this.#workers.values()) worker.ended();
    this.#workers.clear();
    this.#session.disconnect();
  }

  #attached(params: unknown): void {
    if (!isRecord(params) || typeof params.sessionId !== "string" || !isRecord(params.workerInfo)) return;
    const [, id = "", name = ""] = TITLE.exec(String(params.workerInfo.title)) ?? [];
    if (Number(id) === threadId) return;
    const worker = new WorkerThread(this.#main, params.sessionId, Number(id), name === "" ? `worker ${id}` : name);
    this.#workers.set(params.sessionId, worker);
    this.#label();
    this.#joined(worker);
  }

  /** They are announced in no order: the oldest one of a name has it alone. */
  #label(): void {
    const count = new Map<string, number>();
    for (const worker of this.#byAge()) {
      const nth = (count.get(worker.name) ?? 0) + 1;
      count.set(worker.name, nth);
      worker.label = nth === 1 ? worker.name : `${worker.name} ${nth}`;
    }
  }

  #byAge(): readonly WorkerThread[] {
    return [...this.#workers.values()].toSorted((a, b) => a.id - b.id);
  }

  #detached(params: unknown): void {
    if (!isRecord(params) || typeof params.sessionId !== "string") return;
    this.#workers.get(params.sessionId)?.ended();
    this.#workers.delete(params.sessionId);
  }

  #received(params: unknown): void {
    if (!isRecord(params) || typeof params.sessionId !== "string" || typeof params.message !== "string") return;
    this.#workers.get(params.sessionId)?.hear(JSON.parse(params.message));
  }
}

class MainThread implements InspectedThread {
  readonly label = "main";
  readonly id = 0;
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  post(method: string, params: object = {}): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#session.post(method, params, (error, result) => (error === null ? resolve(result) : reject(refused(method, error))));
    });
  }

  on(event: string, listener: (params: unknown) => void): void {
    this.#session.on(event, (message: { readonly params?: unknown }) => listener(message.params));
  }
}

class WorkerThread implements InspectedThread {
  label: string;
  readonly name: string;
  readonly id: number;
  readonly #main: MainThread;
  readonly #session: string;
  readonly #asked = new Map<
    number,
    { readonly method: string; readonly resolve: (result: unknown) => void; readonly reject: (error: Error) => void }
  >();
  readonly #listeners: { readonly event: string; readonly listener: (params: unknown) => void }[] = [];
  #next = 1;

  constructor(main: MainThread, session: string, id: number, name: string) {
    this.#main = main;
    this.#session = session;
    this.id = id;
    this.name = name;
    this.label = name;
  }

  post(method: string, params: object = {}): Promise<unknown> {
    const id = this.#next;
    this.#next += 1;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { method, resolve, reject });
      const sent = this.#main.post("NodeWorker.sendMessageToWorker", {
        sessionId: this.#session,
        message: JSON.stringify({ id, method, params }),
      });
      sent.catch(reject);
    });
  }

  on(event: string, listener: (params: unknown) => void): void {
    this.#listeners.push({ event, listener });
  }

  hear(message: unknown): void {
    if (!isRecord(message)) return;
    if (typeof message.id !== "number") {
      for (const { event, listener } of this.#listeners) if (event === message.method) listener(message.params);
      return;
    }
    const asked = this.#asked.get(message.id);
    this.#asked.delete(message.id);
    if (isRecord(message.error)) asked?.reject(refused(asked.method, message.error.message));
    else asked?.resolve(message.result);
  }

  ended(): void {
    for (const { method, reject } of this.#asked.values()) reject(refused(method, `the thread ${this.label} has ended`));
    this.#asked.clear();
  }
}

function refused(method: string, thrown: unknown): Error {
  return new Error(`${method}: ${messageOf(thrown)}`);
}
