// The dual-writer: takes what Elasticsearch acknowledged and keeps one ClickHouse table an index equal to it; says which
// tables a search reads, and why not where the mirror does not hold all.
import type { MirrorNote } from "../../shared/exchange.ts";
import { messageOf } from "../../shared/thrown.ts";
import type { ElasticsearchClient } from "../elasticsearch/client.ts";
import type { Log } from "../report/log.ts";
import type { Routing } from "../routing/routing.ts";
import type { IndexTable, Rejected } from "../translate/types.ts";
import { type ByQuery, readTask } from "./by_query.ts";
import { Catalog, type Resolved } from "./catalog.ts";
import { foreignReason, isForeign } from "./foreign.ts";
import { HandedWrites, type How } from "./handed_writes.ts";
import type { IndexDescription } from "./index_description.ts";
import { indexInfos, type MirroredInfo } from "./index_infos.ts";
import type { IndexMirror } from "./index_mirror.ts";
import { type Lag, lagOfAll, lagText, NO_LAG } from "./lag.ts";
import { type LastWrite, LastWrites } from "./last_writes.ts";
import { Ledger } from "./ledger.ts";
import { Leisure, type LeisureOptions } from "./leisure.ts";
import { LostWrites } from "./lost_writes.ts";
import { MadeAnew } from "./made_anew.ts";
import { Mark } from "./mark.ts";
import { OpenIndices } from "./open_indices.ts";
import type { WriteRequest } from "./operations.ts";
import { PendingWrites } from "./pending_writes.ts";
import { Reconciling } from "./reconcile/reconciling.ts";
import type { ReconcileOptions, Reconciliation } from "./reconcile/report.ts";
import { changeSchema } from "./schema_changes.ts";
import { readStatistics } from "./statistics.ts";
import type { Store } from "./store.ts";
import { countDocuments, tableNames } from "./table.ts";
import { TappedIndices } from "./tapped.ts";
import type { Written } from "./written.ts";

export interface MirrorOptions {
  readonly clickhouse: Store;
  readonly elasticsearch: ElasticsearchClient;
  /** Made when missing. */
  readonly database: string;
  readonly log: Log;
  readonly leisure?: LeisureOptions;
  /** How many operations Elasticsearch has acknowledged that wait to be handed over. */
  readonly announced?: () => number;
  /** Whether writes to an index wait in a journal. */
  readonly behind?: (index: string) => boolean;
  /** Documents of an index that wait in a journal, as far as is known, and for how long the oldest has. */
  readonly waiting?: (index: string) => Lag;
  /** Whether another Parallax writes to the same tables. */
  readonly shared?: () => boolean;
  /** How many documents of an index nothing keeps for ClickHouse. */
  readonly lacking?: (index: string) => number;
  /** The modes of indices: what is written to one in mode tap is not mirrored. */
  readonly routing?: Routing;
}

export type Tables =
  | { readonly kind: "tables"; readonly tables: readonly IndexTable[] }
  | { readonly kind: "not_compared"; readonly reason: string }
  | { readonly kind: "rejected"; readonly error: Rejected };

/** A search over more indices than this is not compared: their tables would be opened one by one. */
const MOST_TABLES = 200;
const CLOSE_MS = 5_000;
/** How often what waits in the journal is looked at. */
const POLL_MS = 25;
const IGNORE_UNAVAILABLE: ReadonlyMap<string, string> = new Map([["ignore_unavailable", "true"]]);

export class Mirror {
  /** When each side had the documents that were written last. */
  readonly ledger = new Ledger();
  readonly #options: MirrorOptions;
  readonly #catalog: Catalog;
  readonly #leisure: Leisure;
  readonly #indices: OpenIndices;
  readonly #pending = new PendingWrites();
  readonly #lastWrites: LastWrites;
  readonly #lostWrites = new LostWrites(() => this.#indices.open);
  readonly #tapped: TappedIndices;
  readonly #writes: HandedWrites;
  readonly #reconciling: Reconciling;

  constructor(options: MirrorOptions) {
    const { clickhouse, elasticsearch, database, log, announced = () => 0, shared } = options;
    const catalog = new Catalog(elasticsearch);
    const leisure = new Leisure(options.leisure);
    const lostWrites = this.#lostWrites;
    const indices = new OpenIndices({
      clickhouse,
      elasticsearch,
      database,
      catalog,
      leisure,
      ledger: this.ledger,
      ...(shared === undefined ? {} : { shared }),
      opened: (index) => lostWrites.tell(index),
      dropped: (name) => {
        lastWrites.forget(name);
        lostWrites.forget(name);
      },
    });
    const lastWrites = new LastWrites(indices);
    const tapped = new TappedIndices(options.routing, (name) => indices.open.get(name)?.description, catalog);
    const madeAnew = new MadeAnew(elasticsearch);
    this.#options = options;
    this.#catalog = catalog;
    this.#leisure = leisure;
    this.#indices = indices;
    this.#lastWrites = lastWrites;
    this.#tapped = tapped;
    this.#writes = new HandedWrites({ indices, pending: this.#pending, lastWrites, lostWrites, madeAnew, tapped, log });
    this.#reconciling = new Reconciling({ engines: options, catalog, indices, lostWrites, tapped, log, announced });
  }

  /** Hands over a write (or a change of the schema) that Elasticsearch answered. Resolves when ClickHouse has it; null when it changed no documents. */
  async write(request: WriteRequest): Promise<MirrorNote | null> {
    const { note, left, expression } = await this.hand(request, { kept: false, again: false });
    if (left === "nothing") return note;
    const skipped = this.skipped(expression, note?.reason ?? "");
    return left === "ask" ? note : skipped;
  }

  /** The same for a write that a journal may keep: what can be done later is left to it, and its index is not incomplete for that. */
  async hand(request: WriteRequest, how: How): Promise<Written> {
    switch (request.route.effect) {
      case "mirrored":
        return this.#writes.hand(request, how);
      case "applied":
      case "counted": {
        const engine = { catalog: this.#catalog, indices: this.#indices };
        const note = await this.#pending.pend((pending) => changeSchema(request, pending, engine));
        return { note, left: "nothing", expression: "" };
      }
      default:
        return { note: null, left: "nothing", expression: "" };
    }
  }

  /** A write whose body is not known: the indices that it may have changed are incomplete from now on. */
  skipped(expression: string, reason: string): MirrorNote {
    return this.#lostWrites.lost(expression, reason);
  }

  /** A write whose answer did not come: Elasticsearch may have carried it out or not. */
  doubted(expression: string): void {
    for (const index of this.#indices.open.values()) if (index.isMeantBy(expression)) index.completeness.doubt();
  }

  /** A `_refresh` of these indices, sent at `sent` (epoch ms), was answered: what was acknowledged before is visible. */
  refreshed(expression: string, sent: number): void {
    this.#lastWrites.refreshed(expression, sent);
  }

  /** The tables that an index expression means, sorted by index; or why a search of them can't be compared. */
  async tables(expression: string, params: ReadonlyMap<string, string> = new Map()): Promise<Tables> {
    const done = this.#leisure.hurry();
    return this.#tables(expression, params).finally(done);
  }

  /** The indices that an expression means, mirrored or not, as Elasticsearch describes them. Never throws. */
  resolve(expression: string, params: ReadonlyMap<string, string>): Promise<Resolved> {
    return this.#catalog.resolve(expression, params);
  }

  async #tables(expression: string, params: ReadonlyMap<string, string>): Promise<Tables> {
    // Another one's writes may have changed the mapping.
    if (this.#options.shared?.() === true) this.#catalog.forget();
    const resolved = await this.#catalog.resolve(expression, params);
    if (resolved.kind !== "indices") return resolved;
    if (resolved.indices.length > MOST_TABLES) {
      return { kind: "not_compared", reason: `${expression || "_all"} means ${resolved.indices.length} indices, more than ${MOST_TABLES}` };
    }
    const tables: IndexTable[] = [];
    for (const description of resolved.indices) {
      const opened = await this.#table(description, resolved.time).catch((error: unknown) => messageOf(error));
      if (typeof opened === "string") return { kind: "not_compared", reason: opened };
      tables.push(opened);
    }
    return { kind: "tables", tables };
  }

  /**
   * The indices of Elasticsearch that the expressions mean and that are mirrored, or would be by their next write; "" means those
   * that have a table, or were made after `since` (epoch ms). Why they can't be told, in words, while Elasticsearch or ClickHouse is away.
   */
  async mirroredBy(expressions: readonly string[], since = Number.POSITIVE_INFINITY): Promise<readonly string[] | string> {
    const named = new Set<string>();
    const tables = expressions.includes("") ? await this.#indices.tableNames() : new Set<string>();
    if (typeof tables === "string") return tables;
    for (const expression of expressions) {
      const resolved = await this.#catalog.resolveNow(expression, IGNORE_UNAVAILABLE);
      if (resolved.kind === "not_compared") return resolved.reason;
      if (resolved.kind === "rejected") continue;
      for (const { name, created } of resolved.indices) {
        if (expression !== "" || tables.has(name) || created > since) named.add(name);
      }
    }
    const ours = [...named].filter((name) => !isForeign(name));
    const tapped = await Promise.all(ours.map((name) => this.#tapped.has(name)));
    return ours.filter((_, at) => tapped[at] !== true);
  }

  /** Documents of an index by its own name on both sides, as far as they are visible. Throws what the engines throw. */
  async documents(index: string): Promise<{ readonly elasticsearch: number; readonly clickhouse: number }> {
    const { elasticsearch, clickhouse, database } = this.#options;
    const tables = await tableNames(clickhouse, database);
    const [theirs, ours] = await Promise.all([
      readStatistics(elasticsearch, index),
      tables.has(index) ? countDocuments(clickhouse, database, index) : 0,
    ]);
    return { elasticsearch: theirs.documents, clickhouse: ours };
  }

  /**
   * Makes the table of one index, by its own name, equal to Elasticsearch: copies what it lacks, deletes what Elasticsearch does not
   * have. Made when missing. Who asks while that is under way gets the same, by the options of the first. Never throws.
   */
  reconcile(name: string, options: ReconcileOptions = {}): Promise<Reconciliation> {
    return this.#reconciling.reconcile(name, options);
  }

  /** The same after writes that named no documents, at the cost of what these changed. Refuses where that can't be told. Never throws. */
  takeChanges(name: string, mostMissing: number, options: ReconcileOptions = {}): Promise<Reconciliation> {
    return this.#reconciling.takeChanges(name, mostMissing, options);
  }

  /** What became of a task of Elasticsearch's. Throws ElasticsearchAway and ElasticsearchRefused. */
  task(id: string): Promise<ByQuery> {
    return readTask(this.#options.elasticsearch, id);
  }

  /** True when all writes handed over so far to these indices are in ClickHouse; false when the deadline came first. */
  async caughtUp(indices: readonly string[], { deadlineMs }: { readonly deadlineMs: number }): Promise<boolean> {
    const pending = this.#pending.ofThese(indices);
    if (pending === null) return true;
    const limit = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => limit.resolve(false), deadlineMs);
    const caught = pending.then(() => true);
    const hurried = this.#leisure.hurry();
    return Promise.race([caught, limit.promise]).finally(() => {
      clearTimeout(timer);
      hurried();
    });
  }

  /** What has been handed over by now. */
  mark(): Mark {
    return new Mark(this.#pending.all, this.#indices.met, this.#indices.open, this.#lastWrites.all);
  }

  /** Whether nobody else writes to the tables: then what is handed over here is all that there is. */
  get known(): boolean {
    return this.#options.shared?.() !== true;
  }

  /** Up to which numbers of its shards Elasticsearch had acknowledged changes of an index at a mark; in words, why that can't be told. */
  numbersAt(mark: Mark, index: string): Promise<ReadonlyMap<number, number> | string> {
    return mark.highest(index, this.#indices.met.get(index));
  }

  /** What waits goes on at once until the function that it gives is called. */
  hurry(): () => void {
    return this.#leisure.hurry();
  }

  /** "" when these indices, by their own names, are mirrored whole by a look that begins now; else why not. */
  async whole(indices: readonly string[]): Promise<string> {
    for (const name of indices) {
      const index = this.#indices.open.get(name);
      const reason = await index?.completeness.lookAgain(() => index.pending + (this.#options.announced?.() ?? 0));
      if (reason !== undefined && reason !== "") return reason;
    }
    return "";
  }

  /** Documents of these indices that ClickHouse does not have yet, on their way or in the journal, and for how long the oldest has waited. */
  lag(indices: readonly string[]): Lag {
    const lags = indices.flatMap((name) => {
      const open = this.#indices.open.get(name);
      const own = { documents: open?.pending ?? 0, seconds: (open?.lagMs ?? 0) / 1000 };
      return [own, this.#options.waiting?.(name) ?? NO_LAG];
    });
    return lagOfAll(lags);
  }

  /** Resolves when nothing waits in the journal for what an expression means, or after `deadlineMs`. */
  async replayed(expression: string, params: ReadonlyMap<string, string>, deadlineMs: number): Promise<void> {
    const deadline = Date.now() + deadlineMs;
    while (Date.now() < deadline && (await this.waits(expression, params))) await pause(POLL_MS);
  }

  /** Whether writes wait in the journal for what an expression means. */
  async waits(expression: string, params: ReadonlyMap<string, string>): Promise<boolean> {
    const resolved = await this.#catalog.resolve(expression, params);
    return resolved.kind === "indices" && resolved.indices.some(({ name }) => this.#options.behind?.(name) === true);
  }

  /** The last acknowledged write to an index in this session; null when there was none. */
  lastWrite(index: string): LastWrite | null {
    return this.#lastWrites.of(index);
  }

  /** Where the tables are. */
  get database(): string {
    return this.#options.database;
  }

  /** What waits to be mirrored, in octets as it came, with what it becomes by then; and the indices that are known. */
  get held(): { readonly waitingBytes: number; readonly indices: ReadonlyMap<string, IndexMirror> } {
    return { waitingBytes: this.#writes.waitingBytes, indices: this.#indices.open };
  }

  /** The indices of Elasticsearch beside their tables, for the Indices page. Never throws. */
  indices(): Promise<readonly MirroredInfo[]> {
    return indexInfos({ ...this.#options, open: this.#indices.open, tapped: this.#tapped });
  }

  /** Lets pending writes finish, for a few seconds. */
  async close(): Promise<void> {
    this.#leisure.hurry();
    await this.#pending.ended(CLOSE_MS);
  }

  async #table(description: IndexDescription, time: number): Promise<IndexTable | string> {
    const { name } = description;
    if (isForeign(name)) return foreignReason(name);
    const index = await this.#indices.current(description, time);
    if (index === null) return `index ${name} is gone`;
    await index.form.adopt(description, time);
    if (this.#options.behind?.(name) === true) {
      return `mirror behind: ${lagText(this.lag([name]))}writes to ${name} wait in the journal`;
    }
    const reason = await index.completeness.reason(() => index.pending + (this.#options.announced?.() ?? 0));
    return reason === "" ? index.table() : reason;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
