// One mirrored index: its table, its mapping, what has been written to it, and whether that is all that Elasticsearch has.
import { randomUUID } from "node:crypto";
import { META } from "../clickhouse/schema.ts";
import { quoteName } from "../clickhouse/sql/quote.ts";
import type { Operation } from "../elasticsearch/bulk.ts";
import type { ElasticsearchClient } from "../elasticsearch/client.ts";
import { firstColumns } from "../elasticsearch/columns.ts";
import { shardOf } from "../elasticsearch/routing.ts";
import type { IndexTable } from "../translate/types.ts";
import { addressed } from "./addressed.ts";
import { Completeness } from "./completeness.ts";
import { type DateSpans, joinSpans } from "./date_spans.ts";
import { expressionNames } from "./expression.ts";
import type { IndexDescription } from "./index_description.ts";
import { Inserts, MirrorOverflow, type NumberedPlace } from "./inserts.ts";
import { Layout } from "./layout.ts";
import type { Ledger } from "./ledger.ts";
import type { Leisure } from "./leisure.ts";
import { singleLists } from "./list_sizes.ts";
import { LookUps, rangesOf } from "./look_ups.ts";
import { isPassing, whileAway } from "./patience.ts";
import { readBack } from "./read_back.ts";
import { type EncodedRows, encodeRows, LACKING, type Row } from "./rows.ts";
import type { Store } from "./store.ts";
import { insertsEnded, openTable, presentNumbers, quotedTable, tableFacts, widenTable } from "./table.ts";

export interface IndexMirrorOptions {
  readonly clickhouse: Store;
  readonly elasticsearch: ElasticsearchClient;
  readonly database: string;
  /** Asks Elasticsearch for the index as it is now; undefined when it is gone. */
  readonly describe: () => Promise<IndexDescription | undefined>;
  /** Says when documents are parsed and encoded. */
  readonly leisure: Leisure;
  readonly ledger: Ledger;
  /** Whether another Parallax writes to the same tables. @default false */
  readonly shared?: () => boolean;
}

export interface WriteOutcome {
  readonly indexed: number;
  readonly deleted: number;
  readonly notMirrored: number;
  readonly reason: string;
  /** True where all that failed may be tried again: a server was away, or too much waited. */
  readonly passing: boolean;
  /** Highest number by shard of what is mirrored. */
  readonly highest: ReadonlyMap<number, number>;
}

/** How a write comes to the mirror. */
export interface Handover {
  /** When Elasticsearch's answer was whole, epoch ms. */
  readonly acknowledged: number;
  /** Epoch ms. */
  readonly time: number;
  /** The request named an ingest pipeline. */
  readonly byPipeline: boolean;
  /** A journal has it: what fails for a while is not lost. */
  readonly kept: boolean;
  /** Some of it may be in ClickHouse already. */
  readonly again: boolean;
}

interface Form {
  readonly layout: Layout;
  /** Quoted; the same array as long as the columns are the same. */
  readonly columns: readonly string[];
}

/** Documents parsed and encoded at a stretch, before other work gets its turn. */
const SLICE = 250;

export class IndexMirror {
  readonly name: string;
  readonly completeness: Completeness;
  /** Highest number by shard that the table had when it was opened. */
  readonly highestAtFirst: ReadonlyMap<number, number>;
  /** How often the table got, or left out, documents otherwise than write by write as Elasticsearch acknowledged them. */
  untimely = 0;
  /** Documents that are on their way. */
  pending = 0;
  notMirrored = 0;
  readonly #options: IndexMirrorOptions;
  readonly #inserts: Inserts;
  readonly #lookUps = new LookUps((numbers) => this.#presentSoon(numbers));
  /** Writes on their way and when each was handed over, epoch ms, oldest first. */
  readonly #writing = new Map<Promise<WriteOutcome>, number>();
  #description: IndexDescription;
  #describedAt: number;
  #form: Form;
  #tableColumns: ReadonlySet<string>;
  /** Columns of which a document has more than one value, or none; the layout knows of more. */
  readonly #several: Set<string>;
  readonly #lacking: Set<string>;
  /** Several versions of a document may be in the table, and how often a write was the reason. */
  #overwritten: boolean;
  #overwrites = 0;
  #mending: Promise<void> | null = null;
  /** By shard: numbers up to here may have been copied from Elasticsearch. */
  #copied: ReadonlyMap<number, number> = new Map();
  readonly #gone = new AbortController();
  /** Between which moments dates lie; the layout knows of more. */
  #dates: DateSpans;
  /** True once there may be a document. */
  #filled: boolean;
  #renewing: Promise<void> | null = null;
  #sizeHint = 0;

  private constructor(options: IndexMirrorOptions, description: IndexDescription, describedAt: number, table: Opened) {
    this.name = description.name;
    this.#options = options;
    this.#description = description;
    this.#describedAt = describedAt;
    this.#tableColumns = table.columns;
    this.#several = new Set(table.lists.several);
    this.#lacking = new Set(table.lists.lacking);
    this.#dates = table.lists.dates;
    this.#filled = table.lists.filled;
    this.#form = formOf(description);
    this.#inserts = new Inserts(options.clickhouse, quotedTable(options.database, description.name), async (places) => {
      const present = await this.#present(places.map(({ seqNo }) => seqNo));
      return places.reduce((count, { shard, seqNo }) => count + (present.has(`${shard} ${seqNo}`) ? 1 : 0), 0);
    });
    this.#overwritten = table.facts?.overwritten ?? false;
    this.highestAtFirst = table.facts?.highest ?? new Map();
    this.completeness = new Completeness(options, description, table.facts, table.remade);
  }

  /** Opens or makes the table. Throws ClickHouseAway and ClickHouseRefused. */
  static async open(options: IndexMirrorOptions, description: IndexDescription, describedAt: number): Promise<IndexMirror> {
    const shared = options.shared?.() === true;
    // Another one may have a table of the index as it was made anew since: that one is not dropped for what was known before.
    const time = Date.now();
    const now = shared ? await whileAway(options.describe) : undefined;
    const current = now ?? description;
    const claimant = shared ? randomUUID() : null;
    const table = await whileAway(() => openTable(options.clickhouse, options.database, current, claimant));
    return new IndexMirror(options, current, now === undefined ? describedAt : Math.max(time, describedAt), table);
  }

  /** True when only the last version of each document counts. */
  get final(): boolean {
    return this.#overwritten || this.#mending !== null;
  }

  /** Aborted when the index is no more. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** The index is no more: what is copied to its table stops. Resolves when it has. */
  async leave(): Promise<void> {
    this.#gone.abort();
    await this.#mending;
  }

  get description(): IndexDescription {
    return this.#description;
  }

  /** Rows that wait, encoded, for the insert before them. */
  get waitingBytes(): number {
    return this.#inserts.waitingBytes;
  }

  /** By its own name or by one of its aliases, its data stream included. */
  isMeantBy(expression: string): boolean {
    return expressionNames(expression, this.name) || this.#description.aliases.some(({ name }) => expressionNames(expression, name));
  }

  table(): IndexTable {
    const { mapping, shards, routingShards, resultWindow } = this.#description;
    const sharding = {
      shards,
      ...(routingShards === undefined ? {} : { routingShards }),
      ...(resultWindow === null ? {} : { resultWindow }),
    };
    const { layout } = this.#form;
    const known = { index: this.name, database: this.#options.database, table: this.name, mapping, ...sharding };
    // What is known by own writes says nothing of others'.
    if (this.#options.shared?.() === true) return { ...known, final: true };
    const single = singleLists(mapping, { several: this.#several.union(layout.several), lacking: this.#lacking.union(layout.lacking) });
    const dates = joinSpans(this.#dates, layout.dates);
    return { ...known, final: this.final, single, dates };
  }

  /** Mirrors what was acknowledged. Never throws: what can't be mirrored is counted, with the reason. */
  write(operations: readonly Operation[], handover: Handover): Promise<WriteOutcome> {
    const writing = this.#write(operations, handover).finally(() => this.#writing.delete(writing));
    this.#writing.set(writing, handover.time);
    return writing;
  }

  /** How long the oldest write that is on its way has been, in ms; 0 without one. */
  get lagMs(): number {
    const [oldest] = this.#writing.values();
    return oldest === undefined ? 0 : Math.max(0, Date.now() - oldest);
  }

  /** Resolves when all writes so far have ended. */
  async drained(): Promise<void> {
    const done = this.#options.leisure.hurry();
    await Promise.all(this.#writing.keys()).finally(done);
  }

  async #write(sent: readonly Operation[], handover: Handover): Promise<WriteOutcome> {
    const outcome = new Outcome(({ routing, id, place: { seqNo } }) => {
      const shard = this.#shardOf(routing, id);
      this.completeness.seen(shard, seqNo);
      outcome.reached(shard, seqNo);
      this.#options.ledger.record({ index: this.name, shard, seqNo, acknowledged: handover.acknowledged, mirrored: Date.now() });
    });
    this.pending += sent.length;
    if (handover.again) this.untimely += 1;
    try {
      if (this.#describedAt === 0) await this.renew(handover.time);
      const operations = addressed(sent, this.#description);
      const rows = await this.#rowsOf(operations, handover);
      if (operations.some(({ result }) => result === "updated") || rows.some((row) => row.source === null || this.#mayBeCopied(row))) {
        this.#overwritten = true;
        this.#overwrites += 1;
      }
      await Promise.all(await this.#insertAll(rows, handover.time, outcome));
      for (const { place, routing, id, result } of operations) {
        if (place === null || result === "noop") continue;
        const shard = this.#shardOf(routing, id);
        this.completeness.seen(shard, place.seqNo);
        outcome.reached(shard, place.seqNo);
      }
    } catch (error) {
      outcome.fail(sent.length - outcome.indexed - outcome.deleted, error);
    }
    this.pending -= sent.length;
    if (outcome.notMirrored > 0 && !(handover.kept && outcome.passing)) {
      this.notMirrored += outcome.notMirrored;
      this.completeness.lost(outcome.reason);
    }
    return outcome;
  }

  /** Inserts documents as Elasticsearch has them, and deletes, that no operation names. Never throws. */
  async take(rows: readonly Row[]): Promise<WriteOutcome> {
    const outcome = new Outcome(() => {});
    const time = Date.now();
    this.untimely += 1;
    try {
      if (this.#describedAt === 0) await this.renew(time);
      await Promise.all(await this.#insertTogether(rows, time, outcome));
    } catch (error) {
      outcome.fail(rows.length - outcome.indexed - outcome.deleted, error);
    }
    return outcome;
  }

  // A wide table takes a part of 10,000 rows in not much more time than one of 250.
  async #insertTogether(rows: readonly Row[], time: number, outcome: Outcome): Promise<readonly Promise<void>[]> {
    const inserting: Promise<void>[] = [];
    const release = this.#inserts.hold();
    for (let from = 0; from < rows.length; from += SLICE) {
      inserting.push(this.#insert(rows.slice(from, from + SLICE), time, outcome));
      await turn();
    }
    release();
    return inserting;
  }

  /**
   * Runs `work`, which takes documents; it says up to which numbers, by shard, it may. Only the last version of each counts meanwhile.
   * `overwrote` tells afterwards whether it took another version of a document that was there; without it the whole table is looked at.
   */
  async mending<T>(work: (expect: (upTo: ReadonlyMap<number, number>) => void) => Promise<T>, overwrote?: () => boolean): Promise<T> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#mending = promise;
    try {
      return await work((upTo) => {
        this.#copied = upTo;
      });
    } finally {
      if (overwrote === undefined) await this.#lookForVersions();
      else this.#overwritten ||= overwrote();
      this.#mending = null;
      resolve();
    }
  }

  async #lookForVersions(): Promise<void> {
    const { clickhouse, database } = this.#options;
    const [writing, overwrites] = [this.#writing.size, this.#overwrites];
    const facts = await tableFacts(clickhouse, database, this.name).catch(() => null);
    if (facts === null || facts.overwritten) this.#overwritten = true;
    else if (writing === 0 && this.#writing.size === 0 && overwrites === this.#overwrites) this.#overwritten = false;
  }

  #mayBeCopied({ routing, id, place }: Row): boolean {
    return this.#copied.size > 0 && place.seqNo <= (this.#copied.get(this.#shardOf(routing, id)) ?? -1);
  }

  /** Takes what was asked later than ours. */
  async adopt(description: IndexDescription, time: number): Promise<void> {
    if (time <= this.#describedAt) return;
    const same = formText(description) === formText(this.#description);
    if (!same) {
      const { clickhouse, database } = this.#options;
      this.#tableColumns = await whileAway(() => widenTable(clickhouse, database, description, this.#tableColumns));
      this.#keepListSizes(description);
      this.#form = formOf(description);
    }
    this.#description = description;
    this.#describedAt = time;
  }

  // What the layout knows, before another one takes its place. Documents of before have nothing in columns that are new.
  #keepListSizes({ mapping }: IndexDescription): void {
    const { layout } = this.#form;
    for (const name of layout.several) this.#several.add(name);
    for (const name of layout.lacking) this.#lacking.add(name);
    this.#dates = joinSpans(this.#dates, layout.dates);
    if (!this.#filled) return;
    const before = this.#description.mapping;
    const known = new Set(firstColumns(before).map(({ of }) => of));
    const fields = new Set([...before.fields.values()].map(({ column }) => column));
    for (const { of } of firstColumns(mapping)) {
      if (known.has(of)) continue;
      this.#lacking.add(of);
      // One that nobody looked at when the table was met: its lists may have any size.
      if (fields.has(of)) this.#several.add(of);
    }
  }

  /** The description may be out of date: asked again before it is used. */
  stale(): void {
    this.#describedAt = 0;
  }

  /** Asks for the mapping again, unless that was done after `since`. */
  async renew(since: number): Promise<void> {
    while (this.#describedAt < since) {
      this.#renewing ??= this.#describe().finally(() => {
        this.#renewing = null;
      });
      await this.#renewing;
    }
  }

  async #describe(): Promise<void> {
    const time = Date.now();
    const description = await whileAway(this.#options.describe);
    if (description === undefined) throw new Error(`index ${this.name} is gone`);
    await this.adopt(description, Math.max(time, this.#describedAt + 1));
  }

  async #rowsOf(operations: readonly Operation[], { byPipeline, again }: Handover): Promise<readonly Row[]> {
    const rows: Row[] = [];
    const changed: Operation[] = [];
    for (const operation of operations) {
      const { result, place, id, routing, action } = operation;
      if (result === "noop" || result === "not_found") continue;
      if ((action === "delete" || result === "deleted") && place !== null) rows.push({ id, routing, place, source: null });
      else if (!isRow(operation) || this.#byPipeline(operation, byPipeline)) changed.push(operation);
      else rows.push(operation);
    }
    if (changed.length > 0) rows.push(...(await this.#readBack(changed)));
    return again ? this.#absent(rows) : rows;
  }

  // A document that was changed again by now has the number of that later write, which brings it: here it would come twice.
  async #readBack(changed: readonly Operation[]): Promise<readonly Row[]> {
    const stored = await whileAway(() => readBack(this.#options.elasticsearch, this.name, changed));
    const nameless = changed.some(({ place }) => place === null);
    const numbers = new Set(changed.map(({ id, place }) => `${place?.seqNo} ${id}`));
    const own = nameless ? stored : stored.filter(({ id, place }) => numbers.has(`${place.seqNo} ${id}`));
    if (nameless || own.length < changed.length) this.untimely += 1;
    return own;
  }

  /** Those that the table does not have, by shard and sequence number. */
  async #absent(rows: readonly Row[]): Promise<readonly Row[]> {
    const present = await this.#lookUps.find(rows.map(({ place }) => place.seqNo));
    return rows.filter(({ routing, id, place }) => !present.has(`${this.#shardOf(routing, id)} ${place.seqNo}`));
  }

  /** The same, once the inserts that run now have ended. */
  async #presentSoon(numbers: readonly number[]): Promise<ReadonlySet<string>> {
    const { clickhouse, database } = this.#options;
    await whileAway(() => insertsEnded(clickhouse, database, this.name));
    return whileAway(() => this.#present(numbers));
  }

  #present(numbers: readonly number[]): Promise<ReadonlySet<string>> {
    const { clickhouse, database } = this.#options;
    return presentNumbers(clickhouse, database, this.name, rangesOf(numbers));
  }

  #byPipeline({ pipeline }: Operation, byRequest: boolean): boolean {
    return (pipeline === null ? byRequest : pipeline !== "_none") || this.#description.pipeline;
  }

  /** Resolves when all are encoded, with their inserts. */
  async #insertAll(rows: readonly Row[], handedOver: number, outcome: Outcome): Promise<readonly Promise<void>[]> {
    const encoded = await this.#options.leisure.turn(rows.reduce((sum, { source }) => sum + (source?.byteLength ?? 0), 0));
    const inserting: Promise<void>[] = [];
    for (let from = 0; from < rows.length; from += SLICE) {
      await this.#inserts.room();
      inserting.push(this.#insert(rows.slice(from, from + SLICE), handedOver, outcome));
      await turn();
    }
    encoded();
    return inserting;
  }

  async #insert(rows: readonly Row[], handedOver: number, outcome: Outcome): Promise<void> {
    let lostBefore = 0;
    try {
      const encoded = await this.#encode(rows, handedOver);
      this.#sizeHint = Math.ceil(encoded.bytes.byteLength * 1.1);
      if (encoded.refused > 0) outcome.lose(encoded.refused, encoded.reason);
      lostBefore = rows.length - encoded.written.length;
      if (encoded.written.length === 0) return;
      const { columns, bytes, written } = encoded;
      await this.#inserts.insert({ columns, bytes, count: written.length, places: () => this.#lastPlaces(written) });
      for (const row of encoded.written) {
        outcome.written(row);
        if (row.source === null) outcome.deleted += 1;
        else outcome.indexed += 1;
      }
    } catch (error) {
      outcome.fail(rows.length - lostBefore, error);
    }
  }

  #lastPlaces(rows: readonly Row[]): readonly NumberedPlace[] {
    const last = new Map<string, NumberedPlace>();
    for (const { id, routing, place } of rows) {
      const shard = this.#shardOf(routing, id);
      if ((last.get(`${shard} ${id}`)?.seqNo ?? -1) < place.seqNo) last.set(`${shard} ${id}`, { shard, seqNo: place.seqNo });
    }
    return [...last.values()];
  }

  async #encode(rows: readonly Row[], handedOver: number): Promise<EncodedRows & { readonly columns: readonly string[] }> {
    for (let wary = true; ; wary = false) {
      const { layout, columns } = this.#form;
      this.#filled = true;
      const encoded = encodeRows(layout, this.#description, rows, { sizeHint: this.#sizeHint, wary });
      if (encoded !== LACKING) return { ...encoded, columns };
      await this.renew(handedOver);
    }
  }

  #shardOf(routing: string, id: string): number {
    return shardOf(routing === "" ? id : routing, this.#description);
  }
}

/** One that says all of its document. */
function isRow(operation: Operation): operation is Operation & Row {
  return operation.source !== null && operation.place !== null;
}

type Opened = Awaited<ReturnType<typeof openTable>>;

class Outcome implements WriteOutcome {
  readonly written: (row: Row) => void;
  readonly highest = new Map<number, number>();
  indexed = 0;
  deleted = 0;
  notMirrored = 0;
  reason = "";

  passing = true;

  /** `written` is told of each row that ClickHouse has. */
  constructor(written: (row: Row) => void) {
    this.written = written;
  }

  reached(shard: number, seqNo: number): void {
    if ((this.highest.get(shard) ?? -1) < seqNo) this.highest.set(shard, seqNo);
  }

  /** For good. */
  lose(count: number, reason: string): void {
    this.notMirrored += count;
    this.reason ||= reason;
    this.passing = false;
  }

  fail(count: number, error: unknown): void {
    this.notMirrored += count;
    this.reason ||= messageOf(error);
    this.passing &&= isPassing(error) || error instanceof MirrorOverflow;
  }
}

function formOf(description: IndexDescription): Form {
  const layout = new Layout(description);
  return { layout, columns: [...META, ...layout.columns].map(({ name }) => quoteName(name)) };
}

/** What a form is made of: analysis changes while an index is closed. */
function formText({ mappings, analysis }: IndexDescription): string {
  return JSON.stringify([mappings, analysis ?? null]);
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
