// Watches one Elasticsearch: asks who it is now and then, says when that changes.
import type { BackendState } from "../../shared/contract.ts";
import { type ClusterInfo, ElasticsearchAway, type ElasticsearchClient } from "./client.ts";

export interface Watched {
  readonly status: Extract<BackendState, "ok" | "starting" | "away">;
  readonly version: string | null;
  /** null until it is known; "" where the server has none. Kept while the server is away. */
  readonly clusterUuid: string | null;
  /** What is wrong and what to do; "" when all is well. */
  readonly message: string;
}

const WELL_MS = 5_000;
const AWAY_MS = 1_000;
/** Nobody's question makes us ask more often. */
const ASKED_AT_MOST_EVERY_MS = 250;
/** What a node says before it has found or formed its cluster. */
const NO_CLUSTER_YET = "_na_";

export class ElasticsearchWatch {
  state: Watched = Object.freeze({ status: "starting", version: null, clusterUuid: null, message: "" });
  readonly #client: ElasticsearchClient;
  readonly #changed: (state: Watched) => void;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | null = null;
  #lookedAt = Number.NEGATIVE_INFINITY;
  /** The last question had an answer, of whomever. */
  #answered = false;
  #stopped = false;

  constructor(client: ElasticsearchClient, changed: (state: Watched) => void) {
    this.#client = client;
    this.#changed = changed;
  }

  /** Asks at once and goes on asking until `stop`. Resolves with the first answer; never throws. */
  start(): Promise<Watched> {
    return this.look();
  }

  /** The state, for whoever has just had an answer from this server: while it is not known to be well, it is asked. Never throws. */
  async look(): Promise<Watched> {
    // A question that is under way may have been put before the server came.
    if (this.#looking !== null) await this.#looking;
    const answered = this.#answered && performance.now() - this.#lookedAt < ASKED_AT_MOST_EVERY_MS;
    if (this.state.status !== "ok" && !answered) await this.#lookOnce();
    return this.state;
  }

  /** A request had no answer: what is known may not be so any more. */
  doubt(): void {
    const old = performance.now() - this.#lookedAt > ASKED_AT_MOST_EVERY_MS;
    if (this.state.status === "ok" && old) void this.#lookOnce();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #lookOnce(): Promise<void> {
    this.#looking ??= this.#ask().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  async #ask(): Promise<void> {
    const before = this.state;
    try {
      this.state = found(this.#client.url, await this.#client.info());
      this.#answered = true;
    } catch (error) {
      this.#answered = error instanceof ElasticsearchAway && error.answered;
      this.state = Object.freeze({ ...before, status: "away", message: error instanceof Error ? error.message : String(error) });
    }
    this.#lookedAt = performance.now();
    if (this.#stopped) return;
    const { status, message, clusterUuid } = this.state;
    if (before.status !== status || before.message !== message || before.clusterUuid !== clusterUuid) this.#changed(this.state);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#lookOnce(), status === "ok" ? WELL_MS : AWAY_MS).unref();
  }
}

function found(url: string, { version, clusterUuid }: ClusterInfo): Watched {
  if (clusterUuid !== NO_CLUSTER_YET) return Object.freeze({ status: "ok", version, clusterUuid, message: "" });
  const message = `Elasticsearch at ${url} has not formed its cluster yet. Parallax mirrors and compares once it has.`;
  return Object.freeze({ status: "starting", version, clusterUuid: null, message });
}
