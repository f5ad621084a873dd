// Where clients connect: the proxy before the workspace that is entered, and the intercept proxy beside it. Its port stays the same
// whatever it stands before, and while it is stopped.
import { ASKS } from "./answer/table.ts";
import type { ServeOptions } from "./config/options.ts";
import type { Interception } from "./interception.ts";
import type { Intervening } from "./intervening.ts";
import type { Journal } from "./journal/journal.ts";
import type { Answerer } from "./proxy/answerer.ts";
import { findLeftCopies, type LeftCopies } from "./proxy/left_copies.ts";
import { countIds, shareHandedOn } from "./proxy/proxy_options.ts";
import { type Proxy as RunningProxy, startProxy } from "./proxy/reverse.ts";
import type { Tap } from "./proxy/tap.ts";
import type { Log } from "./report/log.ts";
import type { Workspace } from "./workspace.ts";

export interface EndpointOptions {
  readonly options: Pick<ServeOptions, "port" | "allowedHosts" | "trust" | "clientTls">;
  readonly tap: Tap;
  readonly interception: Interception;
  readonly intervening: Intervening;
  /** Answers requests that are to be profiled. */
  readonly profiled: Pick<Answerer, "answer">;
  readonly log: Log;
}

/** What it stands before. */
export interface Behind {
  /** Elasticsearch's address. */
  readonly url: string;
  readonly workspace: Workspace;
  /** null without one. */
  readonly journal: Journal | null;
  /** Which requests are asked of ClickHouse without naming it, by now. */
  readonly answering: () => string | null;
  /** Whether writes wait for the journal, by now. */
  readonly journalling: () => boolean;
}

export class Endpoint {
  readonly #options: EndpointOptions;
  #behind: Behind | null = null;
  #proxy: RunningProxy | null = null;
  #port: number;
  #left: LeftCopies | null = null;
  #stopped = false;

  constructor(options: EndpointOptions) {
    this.#options = options;
    this.#port = options.options.port.port;
  }

  /** null while it listens to nobody. */
  get proxy(): RunningProxy | null {
    return this.#proxy;
  }

  /** The port that it has, or will have. */
  get port(): number {
    return this.#proxy?.port ?? this.#port;
  }

  /** Its address; null while it listens to nobody. */
  get url(): string | null {
    return this.#proxy === null ? null : `http://127.0.0.1:${this.#proxy.port}`;
  }

  /** Stopped on purpose. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** Listens before a workspace. Throws ProxyError. */
  async open(behind: Behind): Promise<void> {
    this.#behind = behind;
    await this.#listen(behind);
  }

  /** Stops, or listens again before the same workspace, on purpose. Throws ProxyError. */
  async setRunning(running: boolean): Promise<void> {
    this.#stopped = !running;
    if (running && this.#proxy === null && this.#behind !== null) await this.#listen(this.#behind);
    if (!running && this.#proxy !== null) await this.#close();
  }

  /** Goes by the modes of now. */
  async rerouted(): Promise<void> {
    if (this.#behind === null) return;
    const { answering, journalling } = this.#behind;
    await Promise.all([this.#proxy?.setAnswering(answering()), this.#proxy?.setJournalling(journalling())]);
  }

  /** Listens to nobody any more, and takes no copies that were left. */
  async leave(): Promise<void> {
    this.#left?.stop();
    await this.#close();
    this.#behind = null;
  }

  async #close(): Promise<void> {
    const proxy = this.#proxy;
    if (proxy !== null) this.#port = proxy.port;
    this.#proxy = null;
    await Promise.all([this.#options.interception.leave(), proxy?.stop()]);
  }

  async #listen({ url, workspace, journal, answering, journalling }: Behind): Promise<void> {
    const { options, tap, interception, intervening, profiled, log } = this.#options;
    const spool = `${workspace.session.file}.waiting`;
    const left = await findLeftCopies(spool);
    const ids = countIds(Math.max(left.lastId + 1, workspace.session.nextId()));
    const handedOn = shareHandedOn();
    this.#proxy = await startProxy({
      upstream: url,
      port: this.#port,
      exactPort: options.port.exact,
      tap,
      spool,
      ids,
      handedOn,
      answerer: {
        asks: ASKS,
        profiles: true,
        answer: (request, waiting) => (request.profiled ? profiled : intervening).answer(request, waiting),
      },
      crowded: () => workspace.exchanges.crowded,
      watch: intervening.interventions.sieve,
      unwatched: (exchange, why) => intervening.unwatched(exchange, why),
      answering: answering(),
      ...(journal === null ? {} : { journal }),
      journalling: journalling(),
      names: options.allowedHosts,
      trust: options.trust,
      clientTls: options.clientTls,
      problem: (message) => log.write("warn", message),
    });
    this.#port = this.#proxy.port;
    await interception.join({ elasticsearch: url, endpoint: this.#port, ids, handedOn, spool });
    this.#takeLeft(left, workspace);
  }

  /** In the background: the endpoint listens already. */
  #takeLeft(left: LeftCopies, { exchanges }: Workspace): void {
    this.#left = left;
    left.take({ requested: () => {}, missed: () => {}, exchanged: (exchange) => exchanges.left(exchange) }).catch((error: unknown) => {
      this.#options.log.write("warn", `Copies that waited when Parallax ended could not be taken: ${String(error)}`);
    });
  }
}
