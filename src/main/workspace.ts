// Everything that belongs to one Elasticsearch: its watch, its mirror, its session, and the exchanges between them. A new
// URL, or the sample, is a new workspace; the proxy and ClickHouse stay.
import { createHash } from "node:crypto";
import { hostname } from "node:os";
import type { Backend } from "../shared/contract.ts";
import type { MirrorNote } from "../shared/exchange.ts";
import { numberAt, objectAt } from "../shared/json.ts";
import { Answering } from "./answer/answering.ts";
import { openSession, type Session } from "./capture/session.ts";
import type { SessionProblem } from "./capture/types.ts";
import type { ClickHouseService } from "./clickhouse/service.ts";
import { ElasticsearchClient } from "./elasticsearch/client.ts";
import { type ElasticsearchAnswer, type PassedRequest, passOn } from "./elasticsearch/pass_on.ts";
import { ElasticsearchWatch } from "./elasticsearch/watch.ts";
import { Backlog } from "./exchange/backlog.ts";
import { ClusterMirror, type Mirrored } from "./exchange/cluster_mirror.ts";
import { Exchanges } from "./exchange/exchanges.ts";
import { Gaps } from "./exchange/gaps.ts";
import { KeptWrites } from "./exchange/kept_writes.ts";
import { mirrorText } from "./exchange/mirror_write.ts";
import { OpenWrites } from "./exchange/open_writes.ts";
import { Shadow } from "./exchange/shadow.ts";
import type { Journal } from "./journal/journal.ts";
import type { Fitting, RuleSettings } from "./matcher/rule_settings.ts";
import type { Mirror } from "./mirror/mirror.ts";
import { Nodes } from "./proxy/nodes.ts";
import type { TlsTrust } from "./proxy/upstream.ts";
import type { Log } from "./report/log.ts";
import type { Statistics } from "./report/statistics.ts";
import type { Routing } from "./routing/routing.ts";
import { within } from "./time_limit.ts";

export interface WorkspaceOptions {
  /** Upstream URL, or several with commas between; may carry credentials. */
  readonly url: string;
  readonly trust: TlsTrust;
  readonly sessionFile: string;
  readonly capBytes: number;
  readonly routing: Routing;
  /** Whether Elasticsearch is asked, too, what ClickHouse has answered. */
  readonly shadow: boolean;
  readonly clickhouse: ClickHouseService;
  /** Where writes are kept; null: nowhere. */
  readonly journal: Journal | null;
  /** Fixed database (the sample's, made anew); null: one for each cluster, by its uuid. */
  readonly database: string | null;
  readonly log: Log;
  readonly statistics: Statistics;
  /** What is said of the rules of the comparison for a search. */
  readonly ruleSettings: (search: Fitting) => RuleSettings;
  readonly changed: (id: number) => void;
  /** Told of an exchange for which nothing is left to do. */
  readonly settled: (id: number) => void;
  readonly statusChanged: () => void;
  /** More or less waits in the journal, or it has a problem. */
  readonly journalChanged: () => void;
  /** Told which cluster answers from now on. */
  readonly met: (cluster: string) => void;
  /** ClickHouse holds something for a client from now on. */
  readonly opened: () => void;
  /** Requests are to go to the node at this place of `url`. */
  readonly prefer: (place: number) => void;
}

/** How long what is under way may take at the end. */
const CLOSE_MS = 1_000;

export class Workspace {
  readonly session: Session;
  readonly exchanges: Exchanges;
  readonly answering: Answering;
  /** null where writes are not journalled. */
  readonly kept: KeptWrites | null;
  /** What is said of the rules of the comparison for a search. */
  readonly ruleSettings: (search: Fitting) => RuleSettings;
  /** Asks Elasticsearch a client's request beside the proxy: nothing of it is captured. Rejects with ElasticsearchAway. */
  readonly ask: (request: PassedRequest) => Promise<ElasticsearchAnswer>;
  readonly #client: ElasticsearchClient;
  readonly #watch: ElasticsearchWatch;
  readonly #mirror: ClusterMirror;
  readonly #backlog = new Backlog();
  readonly #clickhouse: ClickHouseService;
  readonly #gaps: Gaps;
  #problem: SessionProblem | null = null;

  /** Waits for nobody: Elasticsearch and ClickHouse may be away, and are met when they come. Throws SessionError. */
  constructor(options: WorkspaceOptions) {
    const { clickhouse, database, log, changed, ruleSettings } = options;
    this.ruleSettings = ruleSettings;
    this.session = openSession(options.sessionFile, {
      capBytes: options.capBytes,
      onFault: (message) => log.write("error", message),
      onProblem: (found) => {
        this.#problem = found;
        if (found !== null) log.write("warn", found.message);
        options.statusChanged();
      },
    });
    this.#client = new ElasticsearchClient(options.url, options.trust);
    this.#watch = new ElasticsearchWatch(this.#client, () => {
      options.prefer(this.#client.place);
      options.statusChanged();
    });
    const openWrites = new OpenWrites();
    const announced = (): number => openWrites.operations;
    this.#clickhouse = clickhouse;
    this.#gaps = new Gaps({ journal: options.journal, log, changed: options.statusChanged });
    const label = new Nodes(options.url, options.trust).name;
    const instance = clickhouse.backend().embedded ? null : instanceOf(options.sessionFile);
    this.#mirror = new ClusterMirror({
      clickhouse,
      elasticsearch: this.#client,
      watch: this.#watch,
      // What is emptied is no other instance's.
      database: database === null || instance === null ? database : `${database}_${instance}`,
      instance,
      log,
      announced,
      waiting: (index) => this.#backlog.lag(index),
      behind: (index) => this.#backlog.behind(index) || this.#gaps.lacking(index) > 0,
      lacking: (index) => this.#gaps.lacking(index),
      routing: options.routing,
      met: (cluster) => {
        options.journal?.cluster(label, cluster);
        this.kept?.kick();
        options.met(cluster);
      },
    });
    this.kept = options.journal === null ? null : this.#keep(options.journal, label, options);
    if (this.kept === null) this.#backlog.read();
    const { routing, shadow } = options;
    this.ask = (request) => passOn(this.#client, request);
    this.exchanges = new Exchanges({
      session: this.session,
      source: this.#mirror,
      openWrites,
      kept: this.kept,
      statistics: options.statistics,
      routing,
      shadow: shadow ? new Shadow(this.ask) : null,
      ask: this.ask,
      log,
      ruleSettings,
      changed,
      settled: options.settled,
    });
    this.answering = new Answering({
      log,
      elsewhere: this.ask,
      preferred: () => routing.listener === "clickhouse",
      modes: (expression, params) => this.exchanges.answerSource.modes(expression, params),
      backend: (now, forced) => this.exchanges.answerSource.backend(now, forced),
      answered: (id, note) => this.exchanges.answered(id, note),
      passed: (id, reason) => this.exchanges.passed(id, reason),
      opens: options.opened,
    });
  }

  #keep(journal: Journal, upstream: string, { log, changed, journalChanged }: WorkspaceOptions): KeptWrites {
    const noted = (exchange: number, note: MirrorNote): void => {
      this.session.update(exchange, { mirror: note, note: mirrorText(note) });
      changed(exchange);
    };
    return new KeptWrites({
      journal,
      source: this.#mirror,
      gaps: this.#gaps,
      backlog: this.#backlog,
      upstream,
      log,
      noted,
      countsChanged: journalChanged,
    });
  }

  /** Resolves when Elasticsearch has answered or is known not to. Never throws. */
  async met(): Promise<void> {
    await this.#watch.start();
  }

  /** null while there is none. */
  get mirror(): Mirror | null {
    return this.#mirror.mirror;
  }

  /** As soon as it is known; in words, why there is none. */
  mirrored(): Promise<Mirrored | string> {
    return this.#mirror.mirrored();
  }

  /** Elasticsearch itself, beside the proxy. */
  get elasticsearch(): ElasticsearchClient {
    return this.#client;
  }

  /** All of Elasticsearch's primaries together. Rejects with ElasticsearchAway or ElasticsearchRefused. */
  async primaries(timeoutMs: number): Promise<{ readonly documents: number; readonly bytes: number }> {
    const answer = await this.#client.json("GET", "/_stats/docs,store?level=cluster", undefined, { timeoutMs });
    const primaries = objectAt(objectAt(answer, "_all"), "primaries");
    return {
      documents: numberAt(objectAt(primaries, "docs"), "count") ?? 0,
      bytes: numberAt(objectAt(primaries, "store"), "size_in_bytes") ?? 0,
    };
  }

  /** "" or which server is away. */
  away(): string {
    const { status, message } = this.#watch.state;
    const clickhouse = this.#clickhouse.backend();
    if (status === "away") return message;
    return clickhouse.status === "ok" ? "" : clickhouse.message || "ClickHouse does not answer yet.";
  }

  /** Documents of an index that wait in the journal, as far as is known, and for how long the oldest has. */
  lag(index: string): { readonly documents: number; readonly seconds: number } {
    return this.#backlog.lag(index);
  }

  /** "" or what is not mirrored for want of room, and why, in words. */
  get unmirrored(): string {
    return this.#gaps.problem;
  }

  get problem(): SessionProblem | null {
    return this.#problem;
  }

  backend(): Backend {
    const { status, version, message, nodes } = this.#watch.state;
    return { url: this.#client.url, status, version, message, ...(nodes.length === 0 ? {} : { nodes }) };
  }

  /** Lets what is under way end, for a moment, and closes the session. */
  async close(): Promise<void> {
    this.#watch.stop();
    await this.exchanges.close(CLOSE_MS);
    await within(Promise.all([this.#mirror.close(), this.kept?.close()]), CLOSE_MS);
    this.session.close();
    this.#client.close();
  }
}

/** The same after a restart, and another's never. */
function instanceOf(sessionFile: string): string {
  return createHash("sha256").update(`${hostname()} ${sessionFile}`).digest("hex").slice(0, 16);
}
