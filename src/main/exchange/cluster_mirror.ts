// The mirror of the cluster that answers. It opens once ClickHouse and the cluster's own uuid are known: a cluster that is
// met again finds its own tables, tables of two clusters never mix, and none is opened under a guess while Elasticsearch is
// away. Another cluster at the same address gets another mirror.
import { createHash } from "node:crypto";
import { messageOf } from "../../shared/thrown.ts";
import type { ClickHouseClient } from "../clickhouse/client.ts";
import type { ClickHouseService } from "../clickhouse/service.ts";
import type { ElasticsearchClient } from "../elasticsearch/client.ts";
import type { ElasticsearchWatch } from "../elasticsearch/watch.ts";
import type { Lag } from "../mirror/lag.ts";
import { Mirror } from "../mirror/mirror.ts";
import { Neighbours } from "../mirror/neighbours.ts";
import type { Log } from "../report/log.ts";
import type { Routing } from "../routing/routing.ts";

/** What exchanges are mirrored into and compared with. */
export interface Mirrored {
  /** The cluster's uuid, or what stands for it. */
  readonly cluster: string;
  readonly mirror: Mirror;
  readonly clickhouse: ClickHouseClient;
}

export interface MirrorSource {
  /** Resolves once it is known; in words, why there is none. Never rejects. */
  mirrored(): Promise<Mirrored | string>;
  /** "" or why searches can't be compared now. */
  unavailable(): string;
  /** A request had no answer from Elasticsearch. */
  unanswered(): void;
}

export interface ClusterMirrorOptions {
  readonly clickhouse: ClickHouseService;
  readonly elasticsearch: ElasticsearchClient;
  readonly watch: ElasticsearchWatch;
  /** A fixed database, emptied first (the sample's); null: one for each cluster, by its uuid. */
  readonly database: string | null;
  /** Names this instance to others that use the same ClickHouse; null: no other can. */
  readonly instance: string | null;
  readonly log: Log;
  /** Operations that Elasticsearch has acknowledged and that wait to be handed over. */
  readonly announced: () => number;
  /** Whether writes to an index wait in the journal. */
  readonly behind: (index: string) => boolean;
  /** Documents of an index that wait there, as far as is known, and for how long the oldest has. */
  readonly waiting: (index: string) => Lag;
  /** How many documents of an index nothing keeps for ClickHouse. */
  readonly lacking: (index: string) => number;
  readonly routing: Routing;
  /** Told which cluster answers from now on. */
  readonly met: (clusterUuid: string) => void;
}

export const CLICKHOUSE_UNAVAILABLE = "clickhouse unavailable";

interface Current {
  readonly clusterUuid: string;
  readonly opened: Promise<Mirrored | string>;
}

export class ClusterMirror implements MirrorSource {
  readonly #options: ClusterMirrorOptions;
  #current: Current | null = null;
  #open: Mirror | null = null;
  #neighbours: Neighbours | null = null;
  #closed = false;

  constructor(options: ClusterMirrorOptions) {
    this.#options = options;
  }

  /** null while none is open. */
  get mirror(): Mirror | null {
    return this.#open;
  }

  unavailable(): string {
    const { status } = this.#options.clickhouse.backend();
    return status === "away" || status === "absent" ? CLICKHOUSE_UNAVAILABLE : "";
  }

  unanswered(): void {
    this.#options.watch.doubt();
  }

  async mirrored(): Promise<Mirrored | string> {
    const { clickhouse, watch } = this.#options;
    await clickhouse.ready;
    const { client } = clickhouse;
    if (client === null) return CLICKHOUSE_UNAVAILABLE;
    const { clusterUuid, message } = await watch.look();
    if (clusterUuid === null) return `which cluster this is can't be told: ${message}`;
    if (this.#closed) return "Parallax was ending";
    if (this.#current?.clusterUuid !== clusterUuid) this.#current = { clusterUuid, opened: this.#openFor(client, clusterUuid) };
    return this.#current.opened;
  }

  /** Lets pending writes finish, for a few seconds. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#open?.close();
    await this.#neighbours?.stop();
  }

  async #openFor(clickhouse: ClickHouseClient, clusterUuid: string): Promise<Mirrored | string> {
    const { elasticsearch, log, announced, behind, waiting, lacking, routing, met } = this.#options;
    const before = this.#open;
    this.#open = null;
    if (before !== null) log.write("warn", `Another cluster answers at ${elasticsearch.url} now: it gets a mirror of its own.`);
    void before?.close();
    try {
      if (this.#options.database !== null) await clickhouse.define({ kind: "drop database", database: this.#options.database });
    } catch (error) {
      log.write("warn", `The sample's tables could not be emptied: ${messageOf(error)}`);
      this.#current = null;
      return CLICKHOUSE_UNAVAILABLE;
    }
    const cluster = clusterUuid === "" ? elasticsearch.url : clusterUuid;
    const database = this.#options.database ?? databaseOf(cluster);
    const neighbours = this.#neighboursAt(clickhouse, database);
    await neighbours?.begin();
    const shared = (): boolean => neighbours?.met === true;
    const mirror = new Mirror({ clickhouse, elasticsearch, database, log, announced, behind, waiting, lacking, shared, routing });
    this.#open = mirror;
    met(cluster);
    return { cluster, mirror, clickhouse };
  }

  /** Other instances at the same ClickHouse; null where there can be none. */
  #neighboursAt(clickhouse: ClickHouseClient, database: string): Neighbours | null {
    const { instance, log } = this.#options;
    void this.#neighbours?.stop();
    const alone = instance === null || this.#options.database !== null;
    this.#neighbours = alone ? null : new Neighbours({ clickhouse, database, id: instance, log });
    return this.#neighbours;
  }
}

function databaseOf(cluster: string): string {
  return `parallax_${createHash("sha256").update(cluster).digest("hex").slice(0, 8)}`;
}
