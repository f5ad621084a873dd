// The ClickHouse that the engine uses: the embedded one, or the user's own by URL. A ClickHouse that can't be had stops
// nothing: the proxy goes on, and the state says what is wrong.
import type { ClickHouseBackend } from "../../shared/contract.ts";
import { messageOf } from "../../shared/thrown.ts";
import type { PortOption } from "../config/options.ts";
import { addressesOf } from "../proxy/upstream.ts";
import type { Log } from "../report/log.ts";
import { type Access, ClickHouseClient } from "./client.ts";
import type { ClusterOptions } from "./cluster.ts";
import { type EmbeddedClickHouse, type EmbeddedOptions, startEmbedded } from "./embedded.ts";
import { EmbeddedClickHouseError } from "./embedded_error.ts";
import type { SearchLimits } from "./search_settings.ts";

export interface ClickHouseServiceOptions {
  /** Of one server, or of several of a cluster with commas between; null: embedded. */
  readonly url: string | null;
  readonly cluster: ClusterOptions | null;
  readonly port: PortOption;
  readonly limits: SearchLimits;
  readonly dataFolder: string;
  readonly log: Log;
  readonly changed: () => void;
}

const CHECK_MS = 2_000;
const LOCKED_MS = 5_000;
const LOCKED_AGAIN_MS = 250;

export class ClickHouseService {
  /** Resolves when `start` has ended, whatever came of it. */
  readonly ready: Promise<void>;
  readonly #options: ClickHouseServiceOptions;
  readonly #started = Promise.withResolvers<void>();
  #embedded: EmbeddedClickHouse | null = null;
  #client: ClickHouseClient | null = null;
  #access: Access | null = null;
  #status: ClickHouseBackend["status"] = "starting";
  #version: string | null = null;
  #message = "";
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ClickHouseServiceOptions) {
    this.#options = options;
    this.ready = this.#started.promise;
  }

  /** null until it has answered once. */
  get client(): ClickHouseClient | null {
    return this.#client;
  }

  /** How `client` reaches it; for a client in another thread. */
  get access(): Access | null {
    return this.#access;
  }

  /** Of the embedded server's process; null: none, or elsewhere. */
  get pid(): number | null {
    return this.#embedded?.pid ?? null;
  }

  /** Resolves when ClickHouse answers, or is known not to. Throws only for a port given by flag that is taken. */
  async start(): Promise<void> {
    try {
      if (this.#options.url !== null) await this.#connect(addressesOf(this.#options.url));
      else await this.#embed();
    } finally {
      this.#started.resolve();
    }
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#client?.close();
    await this.#embedded?.stop();
  }

  backend(): ClickHouseBackend {
    return {
      url: this.#client?.url ?? "",
      status: this.#status,
      version: this.#version,
      message: this.#message,
      embedded: this.#options.url === null,
      port: this.#embedded?.port ?? null,
      dataFolder: this.#options.url === null ? this.#options.dataFolder : null,
    };
  }

  async #embed(): Promise<void> {
    const { dataFolder, port, log } = this.#options;
    try {
      const server = await startPatiently({
        dataFolder,
        port: port.port,
        exactPort: port.exact,
        log: (line) => log.write("info", line),
      });
      this.#embedded = server;
      this.#access = { url: server.url, ...server.app, reader: server.search, limits: this.#options.limits };
      this.#client = new ClickHouseClient(this.#access);
      this.#become("ok", server.version, "");
      server.onState((state) => this.#become(state.status === "stopped" ? "absent" : state.status, server.version, state.message));
    } catch (error) {
      if (!(error instanceof EmbeddedClickHouseError) || (error.code === "port_in_use" && port.exact)) throw error;
      log.write("error", error.message);
      this.#become("absent", null, error.message);
    }
  }

  async #connect(urls: readonly string[]): Promise<void> {
    const url = new URL(urls[0] ?? "");
    this.#access = {
      url: urls.map(shownUrl).join(","),
      cluster: this.#options.cluster,
      user: decodeURIComponent(url.username) || "default",
      password: decodeURIComponent(url.password),
      reader: null,
      limits: this.#options.limits,
    };
    this.#client = new ClickHouseClient(this.#access);
    await this.#check(this.#client);
  }

  async #check(client: ClickHouseClient): Promise<void> {
    try {
      const { rows } = await client.query({ sql: "SELECT version() AS version", params: [] });
      this.#become("ok", String(rows[0]?.version ?? ""), "");
    } catch (error) {
      this.#become("away", this.#version, `${messageOf(error)}. Check --clickhouse, user and password.`);
    }
    this.#timer = setTimeout(() => void this.#check(client), CHECK_MS).unref();
  }

  #become(status: ClickHouseBackend["status"], version: string | null, message: string): void {
    if (status === this.#status && message === this.#message && version === this.#version) return;
    this.#status = status;
    this.#version = version;
    this.#message = message;
    this.#options.changed();
  }
}

// A data folder that is ours may still be held by the server of an app that was killed a moment ago.
async function startPatiently(options: EmbeddedOptions): Promise<EmbeddedClickHouse> {
  const deadline = Date.now() + LOCKED_MS;
  for (;;) {
    try {
      return await startEmbedded(options);
    } catch (error) {
      const locked = error instanceof EmbeddedClickHouseError && error.code === "data_folder_locked";
      if (!locked || Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, LOCKED_AGAIN_MS));
    }
  }
}

function shownUrl(url: string): string {
  const shown = new URL(url);
  shown.username = "";
  shown.password = "";
  return shown.href.replace(/\/$/, "");
}
