// The dual-writer: takes what Elasticsearch acknowledged and keeps one ClickHouse table an index equal to it; says which
// tables a search reads, and why not where the mirror does not hold all.
import type { MirrorNote } from "../../shared/exchange.ts";
import type { Operation } from "../elasticsearch/bulk.ts";
import type { ElasticsearchClient } from "../elasticsearch/client.ts";
import type { Log } from "../report/log.ts";
import type { Routing } from "../routing/routing.ts";
import type { IndexTable, Rejected } from "../translate/types.ts";
import { type ByQuery, readTask } from "./by_query.ts";
import { Catalog, type Resolved } from "./catalog.ts";
import { expressionNames } from "./expression.ts";
import { type IndexDescription, REFRESH_MS } from "./index_description.ts";
import { indexInfos, type MirroredInfo } from "./index_infos.ts";
import type { Handover, IndexMirror } from "./index_mirror.ts";
import { Ledger } from "./ledger.ts";
import { Leisure, type LeisureOptions } from "./leisure.ts";
import { MadeAnew } from "./made_anew.ts";
import { type LastWrite, Mark, type Pending } from "./mark.ts";
import { OpenIndices } from "./open_indices.ts";
import { acknowledged, type WriteRequest } from "./operations.ts";
import { isPassing, whileAway } from "./patience.ts";
import { takeChanges } from "./reconcile/changes.ts";
import { reconcile } from "./reconcile/reconcile.ts";
import { NOTHING_COMPARED, type ReconcileOptions, type Reconciliation } from "./reconcile/report.ts";
import { RunningReconciliations } from "./reconcile/running.ts";
import { removedBy } from "./removals.ts";
import { readStatistics } from "./statistics.ts";
import type { Store } from "./store.ts";
import { countDocuments, tableNames } from "./table.ts";
import { TAPPED, TappedIndices } from "./tapped.ts";
import type { WriteOutcome } from "./write_outcome.ts";

export type { WriteRequest } from "./operations.ts";

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

/** What ClickHouse does not have yet. */
export interface Lag {
  readonly documents: number;
  /** Since the oldest was acknowledged. */
  readonly seconds: number;
}

export type Tables =
  | { readonly kind: "tables"; readonly tables: readonly IndexTable[] }
  | { readonly kind: "not_compared"; readonly reason: string }
  | { readonly kind: "rejected"; readonly error: Rejected };

/** A search over more indices than this is not compared: their tables would be opened one by one. */
const MOST_TABLES = 200;
const CLOSE_MS = 5_000;
/** How long a reconciliation waits for writes that are on their way, and how often it looks. */
const SETTLE_MS = 2_000;
const POLL_MS = 25;
const IGNORE_UNAVAILABLE: ReadonlyMap<string, string> = new Map([["ignore_unavailable", "true"]]);
/** Bodies that may wait for ClickHouse or Elasticsearch; past them writes are left to the journal. */
const WAITING_LIMIT_BYTES = 96 * 1024 * 1024;
/** What is known of each document takes more memory than a short one itself: some times what its answer does. */
const ANSWER_WEIGHT = 4;

/** What became of a write that a journal keeps. */
export interface Written {
  /** null when it changed no documents. */
  readonly note: MirrorNote | null;
  /**
   * What is left to do: nothing; `replay`: hand it over again, later; `ask`: ask Elasticsearch which documents of `expression` it
   * changed.
   */
  readonly left: "nothing" | "replay" | "ask";
  /** Index expression; "" may be any index. */
  readonly expression: string;
}

interface IndexOutcome extends WriteOutcome {
  /** Elasticsearch has to be asked whether the index has anything of it. */
  readonly unclear?: true;
}

export class Mirror {
  /** When each side had the documents that were written last. */
  readonly ledger = new Ledger();
  readonly #options: MirrorOptions;
  readonly #catalog: Catalog;
  readonly #madeAnew: MadeAnew;
  readonly #leisure: Leisure;
  readonly #indices: OpenIndices;
  readonly #pending = new Set<Pending>();
  /** By index, from the moment that it was handed over. */
  readonly #lastWrites = new Map<string, LastWrite>();
  /** Writes that were not mirrored, by the index expression of their request. */
  readonly #skipped = new Map<string, string>();
  readonly #reconciliations = new RunningReconciliations();
  readonly #tapped: TappedIndices;
  #waitingBytes = 0;

  constructor(options: MirrorOptions) {
    this.#options = options;
    this.#catalog = new Catalog(options.elasticsearch);
    this.#madeAnew = new MadeAnew(options.elasticsearch);
    this.#tapped = new TappedIndices(options.routing, (name) => this.#indices.open.get(name)?.description, this.#catalog);
    this.#leisure = new Leisure(options.leisure);
    const { clickhouse, elasticsearch, database, shared } = options;
    this.#indices = new OpenIndices({
      clickhouse,
      elasticsearch,
      database,
      catalog: this.#catalog,
      leisure: this.#leisure,
      ledger: this.ledger,
      ...(shared === undefined ? {} : { shared }),
      opened: (index) => this.#opened(index),
      dropped: (name) => this.#forget(name),
    });
  }

  /** Hands over a write (or a change of the schema) that Elasticsearch answered. Resolves when ClickHouse has it; null when it changed no documents. */
  async write(request: WriteRequest): Promise<MirrorNote | null> {
    const { note, left, expression } = await this.hand(request, { kept: false, again: false });
    if (left === "nothing") return note;
    const skipped = this.skipped(expression, note?.reason ?? "");
    return left === "ask" ? note : skipped;
  }

  /**
   * The same for a write that a journal may keep: what can be done later is left to it, and its index is not incomplete for that.
   * `again`: some of it may be in ClickHouse already.
   */
  hand(request: WriteRequest, { kept, again }: { readonly kept: boolean; readonly again: boolean }): Promise<Written> {
    const { route } = request;
    if (route.effect === "applied" || route.effect === "counted") {
      return this.#pend(async (pending) => ({ note: await this.#schema(request, pending), left: "nothing", expression: "" }));
    }
    if (route.effect !== "mirrored") return Promise.resolve({ note: null, left: "nothing", expression: "" });
    const bytes = request.body.byteLength + ANSWER_WEIGHT * request.answer.byteLength;
    if (this.#waitingBytes > 0 && this.#waitingBytes + bytes > WAITING_LIMIT_BYTES) {
      const reason = "more documents wait to be mirrored than memory allows";
      return Promise.resolve({
        note: { indexed: 0, deleted: 0, failed: 0, notMirrored: 1, reason },
        left: "replay",
        expression: route.index,
      });
    }
    this.#waitingBytes += bytes;
    return this.#pend((pending) => this.#write(request, pending, kept, again)).finally(() => {
      this.#waitingBytes -= bytes;
    });
  }

  /** A write whose body is not known: the indices that it may have changed are incomplete from now on. */
  skipped(expression: string, reason: string): MirrorNote {
    this.#skipped.set(expression, reason);
    for (const index of this.#indices.open.values()) if (index.isMeantBy(expression)) index.completeness.lost(reason);
    return { indexed: 0, deleted: 0, failed: 0, notMirrored: 1, reason };
  }

  /** A write whose answer did not come: Elasticsearch may have carried it out or not. */
  doubted(expression: string): void {
    for (const index of this.#indices.open.values()) if (isMeant(expression, index.description)) index.completeness.doubt();
  }

  /** A `_refresh` of these indices was answered: what was written before is visible. */
  refreshed(expression: string): void {
    for (const [name, last] of this.#lastWrites) {
      const description = this.#indices.open.get(name)?.description;
      const meant = description === undefined ? expressionNames(expression, name) : isMeant(expression, description);
      if (meant) this.#lastWrites.set(name, { ...last, refreshed: true });
    }
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
    return this.#reconciliations.run(name, () => this.#reconcile(name, options));
  }

  /** The same after writes that named no documents, at the cost of what these changed. Refuses where that can't be told. Never throws. */
  takeChanges(name: string, mostMissing: number, options: ReconcileOptions = {}): Promise<Reconciliation> {
    const work: typeof reconcile = (index, engines, own = {}) => takeChanges(index, engines, own, mostMissing);
    return this.#reconciliations.next(name, () => this.#reconcile(name, options, work));
  }

  /** What became of a task of Elasticsearch's. Throws ElasticsearchAway and ElasticsearchRefused. */
  task(id: string): Promise<ByQuery> {
    return readTask(this.#options.elasticsearch, id);
  }

  async #reconcile(name: string, options: ReconcileOptions, work = reconcile): Promise<Reconciliation> {
    if (isForeign(name)) return { kind: "refused", reason: foreignReason(name) };
    const opened = await this.#met(name).catch((error: unknown) => new Error(messageOf(error)));
    if (opened instanceof Error) return { kind: "failed", reason: opened.message, again: true, report: NOTHING_COMPARED };
    if (typeof opened === "string") return { kind: "refused", reason: opened };
    const settled = options.settled ?? (() => this.#settled(opened));
    const result = await work(opened, this.#options, { ...options, settled });
    const { kind } = result;
    const told = kind === "refused" ? { reason: result.reason } : { ...result.report, reason: kind === "failed" ? result.reason : "" };
    this.#options.log.write(kind === "failed" ? "warn" : "info", "reconciled", { index: name, kind, ...told });
    if (result.kind !== "equal") return result;
    this.#skipped.delete(name);
    this.#tapped.forget(name);
    opened.notMirrored = 0;
    return result;
  }

  /** The index as it is now; why there is none. */
  async #met(name: string): Promise<IndexMirror | string> {
    const time = Date.now();
    const description = await whileAway(() => this.#catalog.describe(name));
    if (description === undefined) return `there is no index ${name}`;
    const index = await this.#indices.current(description, time);
    await index?.form.adopt(description, time);
    return index ?? `index ${name} is gone`;
  }

  #opened(index: IndexMirror): void {
    for (const [expression, reason] of this.#skipped) if (index.isMeantBy(expression)) index.completeness.lost(reason);
  }

  #forget(name: string): void {
    this.#lastWrites.delete(name);
    this.#skipped.delete(name);
  }

  /** Resolves when nothing is on its way to the index, or after a moment. */
  async #settled(index: IndexMirror): Promise<void> {
    const { announced } = this.#options;
    const deadline = Date.now() + SETTLE_MS;
    while (Date.now() < deadline && (index.pending > 0 || (announced?.() ?? 0) > 0)) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  /** True when all writes handed over so far to these indices are in ClickHouse; false when the deadline came first. */
  async caughtUp(indices: readonly string[], { deadlineMs }: { readonly deadlineMs: number }): Promise<boolean> {
    const waiting = [...this.#pending].filter(({ indices: own }) => own === null || indices.some((index) => own.has(index)));
    if (waiting.length === 0) return true;
    const limit = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => limit.resolve(false), deadlineMs);
    const caught = Promise.allSettled(waiting.map(({ done }) => done)).then(() => true);
    const hurried = this.#leisure.hurry();
    return Promise.race([caught, limit.promise]).finally(() => {
      clearTimeout(timer);
      hurried();
    });
  }

  /** What has been handed over by now. */
  mark(): Mark {
    return new Mark(this.#pending, this.#indices.met, this.#indices.open, this.#lastWrites);
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
    return {
      documents: lags.reduce((sum, { documents }) => sum + documents, 0),
      seconds: Math.max(0, ...lags.map(({ seconds }) => seconds)),
    };
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
    const own = this.#lastWrites.get(index) ?? null;
    const noticed = this.#indices.open.get(index)?.completeness.noticedAt ?? 0;
    const shownWithinMs = this.#shownWithinMs(index);
    if (noticed > (own?.time ?? 0)) return { time: noticed, refreshed: false, shownWithinMs };
    return own === null ? null : { ...own, shownWithinMs };
  }

  #shownWithinMs(index: string): number {
    return this.#indices.open.get(index)?.description.refreshMs ?? REFRESH_MS;
  }

  /** Where the tables are. */
  get database(): string {
    return this.#options.database;
  }

  /** What waits to be mirrored, in octets as it came, with what it becomes by then; and the indices that are known. */
  get held(): { readonly waitingBytes: number; readonly indices: ReadonlyMap<string, IndexMirror> } {
    return { waitingBytes: this.#waitingBytes, indices: this.#indices.open };
  }

  /** The indices of Elasticsearch beside their tables, for the Indices page. Never throws. */
  indices(): Promise<readonly MirroredInfo[]> {
    return indexInfos({ ...this.#options, open: this.#indices.open, tapped: this.#tapped });
  }

  /** Lets pending writes finish, for a few seconds. */
  async close(): Promise<void> {
    const all = [...this.#pending].map(({ done }) => done);
    const limit = Promise.withResolvers<void>();
    const timer = setTimeout(limit.resolve, CLOSE_MS);
    this.#leisure.hurry();
    await Promise.race([Promise.allSettled(all), limit.promise]);
    clearTimeout(timer);
  }

  #pend<T>(work: (pending: Pending) => Promise<T>): Promise<T> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const pending: Pending = { indices: null, highest: new Map(), done: promise };
    this.#pending.add(pending);
    return work(pending).finally(() => {
      this.#pending.delete(pending);
      resolve();
    });
  }

  async #write(request: WriteRequest, pending: Pending, kept: boolean, again: boolean): Promise<Written> {
    const { operations, failed, unknown, reason, unknownIn } = acknowledged(request);
    const byIndex = Map.groupBy(operations, ({ index }) => index);
    pending.indices = unknown > 0 ? null : new Set(byIndex.keys());
    const pipeline = request.route.params.get("pipeline");
    const byPipeline = pipeline !== undefined && pipeline !== "_none";
    const handover = { acknowledged: request.time, time: Date.now(), byPipeline, kept, again };
    const named = await Promise.all(
      [...byIndex].map(async ([index, own]) => [index, await this.#writeIndex(index, own, handover, request)] as const),
    );
    pending.highest = new Map(named.map(([index, { highest }]) => [index, highest]));
    const outcomes = named.map(([, outcome]) => outcome);
    if (failed > 0) for (const name of [...byIndex.keys(), request.route.index]) this.#indices.open.get(name)?.completeness.refused(failed);
    const sum = (pick: (outcome: WriteOutcome) => number): number => outcomes.reduce((total, outcome) => total + pick(outcome), 0);
    const note = {
      indexed: sum((outcome) => outcome.indexed),
      deleted: sum((outcome) => outcome.deleted),
      failed,
      notMirrored: unknown + sum((outcome) => outcome.notMirrored),
      reason: reason || (outcomes.find((outcome) => outcome.reason !== "")?.reason ?? ""),
    };
    const unclear = named.flatMap(([index, outcome]) => (outcome.unclear === true ? [index] : []));
    if (unknown + unclear.length > 0) return { note, left: "ask", expression: [...unknownIn, ...unclear].join(",") };
    const replay = kept && outcomes.some(({ notMirrored, passing }) => notMirrored > 0 && passing);
    return { note, left: replay ? "replay" : "nothing", expression: [...byIndex.keys()].join(",") };
  }

  async #writeIndex(name: string, operations: readonly Operation[], handover: Handover, request: WriteRequest): Promise<IndexOutcome> {
    const nothing = { indexed: 0, deleted: 0, notMirrored: operations.length, passing: false, highest: new Map() };
    if (isForeign(name)) return { ...nothing, reason: foreignReason(name) };
    const { time } = request;
    // One that waited in the journal may be older than the last.
    if (!((this.#lastWrites.get(name)?.time ?? 0) > time)) {
      this.#lastWrites.set(name, {
        time,
        refreshed: refreshes(request.route.params.get("refresh")),
        shownWithinMs: this.#shownWithinMs(name),
      });
    }
    try {
      if (request.asked !== true && this.#tapped.any && (await this.#tapped.has(name))) {
        this.#tapped.count(name, operations.length);
        this.skipped(name, TAPPED);
        return { ...nothing, reason: TAPPED };
      }
      const index = await this.#indices.index(name);
      if (index === null) return { ...nothing, reason: `index ${name} is gone` };
      if (index.description.problem !== "") {
        index.notMirrored += operations.length;
        return { ...nothing, reason: index.description.problem };
      }
      const { began = time } = request;
      const standing = handover.again ? await this.#madeAnew.standing(index.description.created, began, time) : "same";
      if (standing === "before") return { ...nothing, reason: `index ${name} was deleted and made anew since` };
      if (standing === "unclear") return { ...nothing, reason: `index ${name} was made while it was written`, unclear: true };
      return await index.write(operations, handover);
    } catch (error) {
      const passing = isPassing(error);
      this.#options.log.write("warn", "documents not mirrored", { index: name, documents: operations.length, message: messageOf(error) });
      if (!(handover.kept && passing)) this.#skipped.set(name, messageOf(error));
      return { ...nothing, reason: messageOf(error), passing };
    }
  }

  async #schema(request: WriteRequest, pending: Pending): Promise<MirrorNote | null> {
    const { route, status } = request;
    if (status === 0 || status >= 300) return null;
    this.#catalog.forget();
    const removed = removedBy(request);
    const met = [...this.#indices.met.keys()];
    const meant = met.filter((name) => (removed === null ? expressionNames(route.index, name) : removed(name) !== "no"));
    pending.indices = route.index === "" ? null : new Set([route.index, ...meant]);
    // An alias or a template may stand behind any name: all are asked again when they are next used.
    for (const index of this.#indices.open.values()) index.form.stale();
    if (removed !== null) {
      await Promise.all(meant.map((name) => this.#indices.drop(name, removed(name))));
      await this.#indices.dropTables(removed);
    }
    if (route.effect !== "counted") return null;
    for (const index of this.#indices.open.values()) index.completeness.doubt();
    return { indexed: 0, deleted: 0, failed: 0, notMirrored: 1, reason: route.how };
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

const NO_LAG: Lag = Object.freeze({ documents: 0, seconds: 0 });

/** `120 documents, 1.2 s: `; "" where nothing is known to wait. */
export function lagText({ documents, seconds }: Lag): string {
  if (documents === 0) return "";
  return `${documents} document${documents === 1 ? "" : "s"}, ${seconds.toFixed(1)} s: `;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** True for an index that the expression names, itself or by an alias. */
function isMeant(expression: string, { name, aliases }: IndexDescription): boolean {
  return expressionNames(expression, name) || aliases.some((alias) => expressionNames(expression, alias.name));
}

/** Indices of Elasticsearch's and Kibana's own housekeeping; the backing indices of data streams are the user's. */
function isForeign(name: string): boolean {
  return name.startsWith(".") && !name.startsWith(".ds-");
}

function foreignReason(name: string): string {
  return `index ${name} belongs to Elasticsearch or Kibana itself and is not mirrored`;
}

function refreshes(param: string | undefined): boolean {
  return param === "" || param === "true" || param === "wait_for";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
