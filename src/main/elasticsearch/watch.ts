// Watches one Elasticsearch: asks who it is now and then, says when that changes.
import type { BackendState } from "../../shared/contract.ts";
import type { ElasticsearchClient } from "./client.ts";

export interface Watched {
  readonly status: Extract<BackendState, "ok" | "starting" | "away">;
  readonly version: string | null;
  readonly clusterUuid: string | null;
  /** What is wrong and what to do; "" when all is well. */
  readonly message: string;
}

const WELL_MS = 5_000;
const AWAY_MS = 1_000;

export class ElasticsearchWatch {
  state: Watched = Object.freeze({ status: "starting", version: null, clusterUuid: null, message: "" });
  readonly #client: ElasticsearchClient;
  readonly #changed: (state: Watched) => void;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(client: ElasticsearchClient, changed: (state: Watched) => void) {
    this.#client = client;
    this.#changed = changed;
  }

  /** Asks once and goes on asking. Never throws. */
  async start(): Promise<Watched> {
    await this.#look();
    return this.state;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    const before = this.state;
    try {
      const { version, clusterUuid } = await this.#client.info();
      this.state = Object.freeze({ status: "ok", version, clusterUuid, message: "" });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.state = Object.freeze({ ...before, status: "away", message });
    }
    if (this.#stopped) return;
    if (before.status !== this.state.status || before.message !== this.state.message) this.#changed(this.state);
    this.#timer = setTimeout(() => void this.#look(), this.state.status === "ok" ? WELL_MS : AWAY_MS).unref();
  }
}
