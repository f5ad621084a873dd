// Watches one Elasticsearch: asks each of its nodes now and then who it is, says when that changes, and keeps to a node that answers.
import type { BackendState } from "../../shared/contract.ts";
import { messageOf } from "../../shared/thrown.ts";
import { type ClusterInfo, ElasticsearchAway, type ElasticsearchClient } from "./client.ts";

export interface Watched {
  readonly status: Extract<BackendState, "ok" | "starting" | "away">;
  readonly version: string | null;
  /** null until it is known; "" where the server has none. Kept while the server is away. */
  readonly clusterUuid: string | null;
  /** What is wrong and what to do; "" when all is well. */
  readonly message: string;
  /** Each node, where there are several. */
  readonly nodes: readonly NodeState[];
}

export interface NodeState {
  readonly url: string;
  readonly status: Watched["status"];
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
  state: Watched = Object.freeze({ status: "starting", version: null, clusterUuid: null, message: "", nodes: [] });
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

  async #askNode(url: string, place: number): Promise<NodeAnswer> {
    try {
      return found(url, await this.#client.info(undefined, place));
    } catch (error) {
      const answered = error instanceof ElasticsearchAway && error.answered;
      return {
        status: "away",
        version: null,
        clusterUuid: null,
        message: messageOf(error),
        answered,
      };
    }
  }

  #lookOnce(): Promise<void> {
    this.#looking ??= this.#ask().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  async #ask(): Promise<void> {
    const before = this.state;
    const { urls } = this.#client;
    const answers = await Promise.all(urls.map((url, place) => this.#askNode(url, place)));
    const place = chosen(answers, this.#client.place, before.clusterUuid);
    const answer = answers[place];
    if (place !== this.#client.place) this.#client.use(place);
    this.#answered = answer?.answered ?? false;
    if (answer !== undefined) {
      const { version, clusterUuid } = answer.status === "away" ? before : answer;
      const nodes = urls.length === 1 ? [] : answers.map((one, at) => nodeState(urls[at] ?? "", one, clusterUuid));
      this.state = Object.freeze({ status: answer.status, version, clusterUuid, message: answer.message, nodes });
    }
    this.#lookedAt = performance.now();
    if (this.#stopped) return;
    const { status, message, clusterUuid } = this.state;
    const sameNodes = JSON.stringify(before.nodes) === JSON.stringify(this.state.nodes);
    const same = before.status === status && before.message === message && before.clusterUuid === clusterUuid && sameNodes;
    if (!same) this.#changed(this.state);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#lookOnce(), status === "ok" ? WELL_MS : AWAY_MS).unref();
  }
}

/** What one node said. */
interface NodeAnswer extends Omit<Watched, "nodes"> {
  /** Someone answered. */
  readonly answered: boolean;
}

function found(url: string, { version, clusterUuid }: ClusterInfo): NodeAnswer {
  if (clusterUuid !== NO_CLUSTER_YET) return { status: "ok", version, clusterUuid, message: "", answered: true };
  const message = `Elasticsearch at ${url} has not formed its cluster yet. Parallax mirrors and compares once it has.`;
  return { status: "starting", version, clusterUuid: null, message, answered: true };
}

/** The node to ask: the present one while it is well, else the first of the same cluster that is. */
function chosen(answers: readonly NodeAnswer[], present: number, cluster: string | null): number {
  const fits = (answer: NodeAnswer | undefined): boolean =>
    answer?.status === "ok" && (answers.length === 1 || cluster === null || answer.clusterUuid === cluster);
  if (fits(answers[present])) return present;
  const other = answers.findIndex(fits);
  return other < 0 ? present : other;
}

function nodeState(url: string, { status, message, clusterUuid }: NodeAnswer, cluster: string | null): NodeState {
  const foreign = status === "ok" && clusterUuid !== cluster;
  return { url, status, message: foreign ? `Elasticsearch at ${url} is of another cluster: it is not used.` : message };
}
