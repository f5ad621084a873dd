// The intercept proxy as the engine has it: wanted or not, listening while the Elasticsearch endpoint listens.
import { join } from "node:path";
import type { InterceptInfo, InterceptStatus } from "../shared/intercept.ts";
import type { InterceptSettings } from "./config/intercept_options.ts";
import { authorityFacts, openAuthority } from "./proxy/intercept/authority.ts";
import { type Intercept, startIntercept } from "./proxy/intercept/intercept.ts";
import type { Tap } from "./proxy/tap.ts";
import { addressesOf, readUpstream } from "./proxy/upstream.ts";

export interface InterceptionOptions {
  readonly settings: InterceptSettings;
  /** Data folder. */
  readonly data: string;
  readonly tap: Tap;
  readonly problem: (message: string) => void;
}

/** What it stands beside. */
export interface Beside {
  /** URLs of Elasticsearch's nodes, with commas between. */
  readonly elasticsearch: string;
  /** Port of the Elasticsearch endpoint. */
  readonly endpoint: number;
  /** What ids are taken from (`countIds`). */
  readonly ids: SharedArrayBuffer;
  /** Whose requests the proxy hands on (`shareHandedOn`). */
  readonly handedOn: SharedArrayBuffer;
  /** Folder for copies that wait. */
  readonly spool: string;
}

export class Interception {
  /** Port of the debugging interface, which is not to be reached through the proxy; 0 without one. */
  interfacePort = 0;
  readonly #options: InterceptionOptions;
  #wanted: boolean;
  #beside: Beside | null = null;
  #running: Intercept | null = null;
  #port: number;
  #turn: Promise<void> = Promise.resolve();

  constructor(options: InterceptionOptions) {
    this.#options = options;
    this.#wanted = options.settings.on;
    this.#port = options.settings.port.port;
  }

  get status(): InterceptStatus {
    return { on: this.#running !== null, url: `http://127.0.0.1:${this.#port}`, port: this.#port };
  }

  /** It is to listen and does not yet. */
  get starting(): boolean {
    return this.#wanted && this.#beside !== null && this.#running === null;
  }

  /** Makes the certificate authority where there is none. Throws when that can't be. */
  info(): InterceptInfo {
    const { settings } = this.#options;
    return {
      ...this.status,
      elasticsearchHosts: [...hostsOf(this.#beside?.elasticsearch ?? ""), ...settings.elasticsearchHosts],
      passThrough: settings.passThrough,
      authority: authorityFacts(openAuthority(this.#folder, new Date()), this.#folder),
    };
  }

  /** The endpoint listens: the proxy does too, where it is wanted. Rejects with ProxyError. */
  join(beside: Beside): Promise<void> {
    this.#beside = beside;
    return this.#inTurn(async () => {
      if (this.#wanted && this.#running === null) await this.#start(beside);
    });
  }

  /** The endpoint goes away. */
  leave(): Promise<void> {
    this.#beside = null;
    return this.#inTurn(() => this.#stop());
  }

  /** Resolves when it listens, or does not any more. Rejects with ProxyError. */
  set(on: boolean): Promise<void> {
    this.#wanted = on;
    return this.#inTurn(async () => {
      if (!this.#wanted) await this.#stop();
      else if (this.#beside !== null && this.#running === null) await this.#start(this.#beside);
    });
  }

  /** Starts and stops follow each other. */
  #inTurn(step: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(step);
    this.#turn = done.catch(() => {});
    return done;
  }

  get #folder(): string {
    return join(this.#options.data, "intercept");
  }

  async #start({ elasticsearch, endpoint, ids, handedOn, spool }: Beside): Promise<void> {
    const { settings, tap, problem } = this.#options;
    this.#running = await startIntercept({
      port: this.#port,
      exactPort: settings.port.exact,
      tap,
      ids,
      handedOn,
      folder: this.#folder,
      spool,
      endpoint,
      elasticsearchHosts: [...hostsOf(elasticsearch), ...settings.elasticsearchHosts],
      passThrough: settings.passThrough,
      ownPorts: this.interfacePort === 0 ? [] : [this.interfacePort],
      ca: settings.ca,
      insecure: settings.insecure,
      problem,
    });
    this.#port = this.#running.port;
  }

  async #stop(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    await running?.stop();
  }
}

/** `host:port` of each node. */
function hostsOf(urls: string): readonly string[] {
  return addressesOf(urls).map((url) => {
    const { host, port } = readUpstream(url, {});
    return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
  });
}
