// The dual-writer: takes what Elasticsearch acknowledged and keeps one ClickHouse table an index equal to it; says which
// tables a search reads, and why not where the mirror does not hold all. A journal of intents (before a write is forwarded)
// will stand before `write`: the request that it takes is all that a journal needs to keep.
import type { IndexInfo, Mode } from "../../shared/contract.ts";
import type { MirrorNote } from "../../shared/exchange.ts";
import { createDatabase } from "../clickhouse/schema.ts";
import type { Operation } from "../elasticsearch/bulk.ts";
import type { ElasticsearchClient } from "../elasticsearch/client.ts";
import type { Log } from "../report/log.ts";
import type { IndexTable, Rejected } from "../translate/types.ts";
import { Catalog, type Resolved } from "./catalog.ts";
import { expressionNames } from "./expression.ts";
import type { IndexDescription } from "./index_description.ts";
import { indexInfos } from "./index_infos.ts";
import { IndexMirror, type IndexMirrorOptions } from "./index_mirror.ts";
import { Leisure, type LeisureOptions } from "./leisure.ts";
import { acknowledged, type WriteRequest } from "./operations.ts";
import { whileAway } from "./patience.ts";
import type { Store } from "./store.ts";
import { removeTable } from "./table.ts";

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
}

export type Tables =
  | { readonly kind: "tables"; readonly tables: readonly IndexTable[] }
  | { readonly kind: "not_compared"; readonly reason: string }
  | { readonly kind: "rejected"; readonly error: Rejected };

/** A search over more indices than this is not compared: their tables would be opened one by one. */
const MOST_TABLES = 200;
const CLOSE_MS = 5_000;
/** Bodies that may wait for ClickHouse or Elasticsearch; past them writes are not mirrored. */
const WAITING_LIMIT_BYTES = 512 * 1024 * 1024;

/** A write that is not mirrored yet. */
interface Pending {
  /** null while its documents are not known yet. */
  indices: ReadonlySet<string> | null;
  readonly done: Promise<unknown>;
}

export class Mirror {
  readonly #options: MirrorOptions;
  readonly #catalog: Catalog;
  readonly #leisure: Leisure;
  readonly #indices = new Map<string, Promise<IndexMirror | null>>();
  /** Those of #indices that are open. */
  readonly #open = new Map<string, IndexMirror>();
  readonly #dropping = new Map<string, Promise<void>>();
  readonly #pending = new Set<Pending>();
  /** Writes that were not mirrored, by the index expression of their request. */
  readonly #skipped = new Map<string, string>();
  #database: Promise<void> | null = null;
  #waitingBytes = 0;

  constructor(options: MirrorOptions) {
    this.#options = options;
    this.#catalog = new Catalog(options.elasticsearch);
    this.#leisure = new Leisure(options.leisure);
  }

  /** Hands over a write (or a change of the schema) that Elasticsearch answered. Resolves when ClickHouse has it; null when it changed no documents. */
  write(request: WriteRequest): Promise<MirrorNote | null> {
    if (request.route.kind === "schema") return this.#pend((pending) => this.#schema(request, pending));
    const bytes = request.body.byteLength;
    if (this.#waitingBytes + bytes > WAITING_LIMIT_BYTES) {
      return Promise.resolve(this.skipped(request.route.index, "more documents wait to be mirrored than memory allows"));
    }
    this.#waitingBytes += bytes;
    return this.#pend((pending) => this.#write(request, pending)).finally(() => {
      this.#waitingBytes -= bytes;
    });
  }

  /** A write whose body is not known: the indices that it may have changed are incomplete from now on. */
  skipped(expression: string, reason: string): MirrorNote {
    this.#skipped.set(expression, reason);
    for (const index of this.#open.values()) if (index.isMeantBy(expression)) index.completeness.lost(reason);
    return { indexed: 0, deleted: 0, failed: 0, notMirrored: 1, reason };
  }

  /** A write whose answer did not come: Elasticsearch may have carried it out or not. */
  doubted(expression: string): void {
    for (const index of this.#open.values()) if (isMeant(expression, index.description)) index.completeness.doubt();
  }

  /** A `_refresh` of these indices was answered: what was written before is visible. */
  refreshed(expression: string): void {
    for (const index of this.#open.values()) {
      if (isMeant(expression, index.description) && index.lastWrite !== null) index.lastWrite = { ...index.lastWrite, refreshed: true };
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

  /** The last acknowledged write to an index in this session; null when there was none. */
  lastWrite(index: string): { readonly time: number; readonly refreshed: boolean } | null {
    return this.#open.get(index)?.lastWrite ?? null;
  }

  /** The indices of Elasticsearch beside their tables, for the Indices page. Never throws. */
  indices(mode: Mode): Promise<readonly IndexInfo[]> {
    return indexInfos({ ...this.#options, open: this.#open }, mode);
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
    const pending: Pending = { indices: null, done: promise };
    this.#pending.add(pending);
    return work(pending).finally(() => {
      this.#pending.delete(pending);
      resolve();
    });
  }

  async #write(request: WriteRequest, pending: Pending): Promise<MirrorNote | null> {
    const handedOver = Date.now();
    const { operations, failed, unknown, reason, unknownIn } = acknowledged(request);
    const byIndex = Map.groupBy(operations, ({ index }) => index);
    pending.indices = unknown > 0 ? null : new Set(byIndex.keys());
    const pipeline = request.route.params.get("pipeline");
    const byPipeline = pipeline !== undefined && pipeline !== "_none";
    const outcomes = await Promise.all([...byIndex].map(([index, own]) => this.#writeIndex(index, own, byPipeline, handedOver, request)));
    if (unknown > 0) this.skipped(unknownIn.join(","), reason);
    if (request.route.endpoint === "_rollover") this.#catalog.forget();
    if (failed > 0) for (const name of [...byIndex.keys(), request.route.index]) this.#open.get(name)?.completeness.refused(failed);
    const sum = (pick: (note: MirrorNote) => number): number => outcomes.reduce((total, note) => total + pick(note), 0);
    return {
      indexed: sum((note) => note.indexed),
      deleted: sum((note) => note.deleted),
      failed,
      notMirrored: unknown + sum((note) => note.notMirrored),
      reason: reason || (outcomes.find((note) => note.reason !== "")?.reason ?? ""),
    };
  }

  async #writeIndex(
    name: string,
    operations: readonly Operation[],
    byPipeline: boolean,
    handedOver: number,
    request: WriteRequest,
  ): Promise<MirrorNote> {
    const nothing = { indexed: 0, deleted: 0, failed: 0, notMirrored: operations.length };
    if (isForeign(name)) return { ...nothing, reason: foreignReason(name) };
    try {
      const index = await this.#index(name);
      if (index === null) return { ...nothing, reason: `index ${name} is gone` };
      if (index.description.problem !== "") {
        index.notMirrored += operations.length;
        return { ...nothing, reason: index.description.problem };
      }
      const written = index.write(operations, byPipeline, handedOver);
      index.lastWrite = { time: request.time, refreshed: refreshes(request.route.params.get("refresh")) };
      return { failed: 0, ...(await written) };
    } catch (error) {
      this.#options.log.write("warn", "documents not mirrored", { index: name, documents: operations.length, message: messageOf(error) });
      this.#skipped.set(name, messageOf(error));
      return { ...nothing, reason: messageOf(error) };
    }
  }

  async #schema(request: WriteRequest, pending: Pending): Promise<null> {
    const { method, route, status } = request;
    if (status === 0 || status >= 300) return null;
    this.#catalog.forget();
    const removed = method === "DELETE" && route.endpoint === "" && route.index !== "";
    const meant = [...this.#indices.keys()].filter((name) => expressionNames(route.index, name));
    pending.indices = route.index === "" ? null : new Set([route.index, ...meant]);
    if (removed) {
      await Promise.all(meant.map((name) => this.#drop(name)));
      return null;
    }
    // An alias or a template may stand behind any name: all are asked again when they are next used.
    for (const index of this.#open.values()) index.stale();
    return null;
  }

  // The table goes when what was written before is in: a new index of the same name waits for that.
  #drop(name: string): Promise<void> {
    const old = this.#indices.get(name);
    this.#indices.delete(name);
    this.#open.delete(name);
    this.#skipped.delete(name);
    const dropping = (async () => {
      const index = await old?.catch(() => null);
      if (index !== null && index !== undefined) await index.drained();
      await whileAway(() => removeTable(this.#options.clickhouse, this.#options.database, name));
    })().finally(() => {
      if (this.#dropping.get(name) === dropping) this.#dropping.delete(name);
    });
    this.#dropping.set(name, dropping);
    return dropping;
  }

  async #table(description: IndexDescription, time: number): Promise<IndexTable | string> {
    const { name } = description;
    if (isForeign(name)) return foreignReason(name);
    const index = await this.#current(description, time);
    if (index === null) return `index ${name} is gone`;
    await index.adopt(description, time);
    const reason = await index.completeness.reason(() => index.pending + (this.#options.announced?.() ?? 0));
    return reason === "" ? index.table() : reason;
  }

  // An index that was made anew behind our back has another uuid: its table is not this one's.
  async #current(description: IndexDescription, time: number): Promise<IndexMirror | null> {
    const index = await this.#index(description.name, { description, time });
    const before = index?.description.uuid ?? "";
    if (before === "" || description.uuid === "" || before === description.uuid) return index;
    await this.#drop(description.name);
    return this.#index(description.name, { description, time });
  }

  /** The mirror of one index, opened when first met; null when Elasticsearch has no such index. */
  #index(name: string, known?: { readonly description: IndexDescription; readonly time: number }): Promise<IndexMirror | null> {
    const met = this.#indices.get(name);
    if (met !== undefined) return met;
    const opening = this.#openIndex(name, known);
    this.#indices.set(name, opening);
    opening.then(
      (index) => {
        if (this.#indices.get(name) !== opening) return;
        if (index === null) this.#indices.delete(name);
        else this.#open.set(name, index);
      },
      () => {
        if (this.#indices.get(name) === opening) this.#indices.delete(name);
      },
    );
    return opening;
  }

  async #openIndex(
    name: string,
    known: { readonly description: IndexDescription; readonly time: number } | undefined,
  ): Promise<IndexMirror | null> {
    await this.#dropping.get(name);
    this.#catalog.forget();
    const time = known?.time ?? Date.now();
    const description = known?.description ?? (await whileAway(() => this.#catalog.describe(name)));
    if (description === undefined) return null;
    await this.#databaseMade();
    const { clickhouse, elasticsearch, database } = this.#options;
    const options: IndexMirrorOptions = {
      clickhouse,
      elasticsearch,
      database,
      describe: () => this.#catalog.describe(name),
      leisure: this.#leisure,
    };
    const index = await IndexMirror.open(options, description, time);
    for (const [expression, reason] of this.#skipped) if (index.isMeantBy(expression)) index.completeness.lost(reason);
    return index;
  }

  #databaseMade(): Promise<void> {
    this.#database ??= whileAway(() => this.#options.clickhouse.command(createDatabase(this.#options.database))).catch((error: unknown) => {
      this.#database = null;
      throw error;
    });
    return this.#database;
  }
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
