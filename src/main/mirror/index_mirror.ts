// One mirrored index: its table, what has been written to it, and whether that is all that Elasticsearch has.
import { randomUUID } from "node:crypto";
import type { Operation } from "../elasticsearch/bulk.ts";
import type { ElasticsearchClient } from "../elasticsearch/client.ts";
import type { IndexTable } from "../translate/types.ts";
import { addressed } from "./addressed.ts";
import { Completeness } from "./completeness.ts";
import { expressionNames } from "./expression.ts";
import type { IndexDescription } from "./index_description.ts";
import { IndexForm, type IndexFormOptions } from "./index_form.ts";
import { Inserts, type NumberedPlace } from "./inserts.ts";
import type { Ledger } from "./ledger.ts";
import type { Leisure } from "./leisure.ts";
import { LookUps, rangesOf } from "./look_ups.ts";
import { whileAway } from "./patience.ts";
import { RowInserts } from "./row_inserts.ts";
import type { Row } from "./rows.ts";
import { RowsOfWrite } from "./rows_of_write.ts";
import { insertsEnded, openTable, presentNumbers, quotedTable, tableFacts } from "./table.ts";
import { Versions } from "./versions.ts";
import { OutcomeCount, type WriteOutcome } from "./write_outcome.ts";

export interface IndexMirrorOptions extends IndexFormOptions {
  readonly elasticsearch: ElasticsearchClient;
  /** Says when documents are parsed and encoded. */
  readonly leisure: Leisure;
  readonly ledger: Ledger;
  /** Whether another Parallax writes to the same tables. @default false */
  readonly shared?: () => boolean;
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

export class IndexMirror {
  readonly name: string;
  readonly form: IndexForm;
  readonly versions: Versions;
  readonly completeness: Completeness;
  /** Highest number by shard that the table had when it was opened. */
  readonly highestAtFirst: ReadonlyMap<number, number>;
  /** How often the table got, or left out, documents otherwise than write by write as Elasticsearch acknowledged them. */
  untimely = 0;
  /** Documents that are on their way. */
  pending = 0;
  notMirrored = 0;
  readonly #options: IndexMirrorOptions;
  readonly #rows: RowsOfWrite;
  readonly #inserts: RowInserts;
  readonly #lookUps = new LookUps((numbers) => this.#presentSoon(numbers));
  /** Writes on their way and when each was handed over, epoch ms, oldest first. */
  readonly #writing = new Map<Promise<WriteOutcome>, number>();
  readonly #gone = new AbortController();

  private constructor(options: IndexMirrorOptions, description: IndexDescription, describedAt: number, table: Opened) {
    const { clickhouse, elasticsearch, database, leisure } = options;
    const { name } = description;
    this.name = name;
    this.#options = options;
    this.form = new IndexForm(options, description, describedAt, table);
    this.versions = new Versions({
      overwritten: table.facts?.overwritten ?? false,
      quiet: () => this.#writing.size === 0,
      look: async () => (await tableFacts(clickhouse, database, name).catch(() => null))?.overwritten ?? null,
    });
    this.#rows = new RowsOfWrite(elasticsearch, this.form, () => {
      this.untimely += 1;
    });
    const inserts = new Inserts(clickhouse, quotedTable(database, name), async (places) => {
      const present = await this.#present(places.map(({ seqNo }) => seqNo));
      return places.reduce((count, { shard, seqNo }) => count + (present.has(`${shard} ${seqNo}`) ? 1 : 0), 0);
    });
    this.#inserts = new RowInserts(this.form, inserts, leisure);
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

  /** Aborted when the index is no more. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** The index is no more: what is copied to its table stops. Resolves when it has. */
  async leave(): Promise<void> {
    this.#gone.abort();
    await this.versions.mended();
  }

  get description(): IndexDescription {
    return this.form.description;
  }

  /** Rows that wait, encoded, for the insert before them. */
  get waitingBytes(): number {
    return this.#inserts.waitingBytes;
  }

  /** By its own name or by one of its aliases, its data stream included. */
  isMeantBy(expression: string): boolean {
    return expressionNames(expression, this.name) || this.description.aliases.some(({ name }) => expressionNames(expression, name));
  }

  table(): IndexTable {
    const { mapping, shards, routingShards, resultWindow } = this.description;
    const sharding = {
      shards,
      ...(routingShards === undefined ? {} : { routingShards }),
      ...(resultWindow === null ? {} : { resultWindow }),
    };
    const known = { index: this.name, database: this.#options.database, table: this.name, mapping, ...sharding };
    // What is known by own writes says nothing of others'.
    if (this.#options.shared?.() === true) return { ...known, final: true };
    return { ...known, final: this.versions.final, ...this.form.known() };
  }

  /** Mirrors what was acknowledged. Never throws: what can't be mirrored is counted, with the reason. */
  write(operations: readonly Operation[], handover: Handover): Promise<WriteOutcome> {
    const writing = this.#write(operations, handover).finally(() => this.#writing.delete(writing));
    this.#writing.set(writing, handover.time);
    return writing;
  }

  /** Inserts documents as Elasticsearch has them, and deletes, that no operation names. Never throws. */
  async take(rows: readonly Row[]): Promise<WriteOutcome> {
    const outcome = new OutcomeCount();
    const time = Date.now();
    this.untimely += 1;
    try {
      await this.form.freshen(time);
      await this.#inserts.take(rows, time, outcome);
    } catch (error) {
      outcome.failRest(rows.length, error);
    }
    return outcome;
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
    const { ledger } = this.#options;
    const outcome = new OutcomeCount((row) => {
      const { shard, seqNo } = this.#reached(row, row.place.seqNo, outcome);
      ledger.record({ index: this.name, shard, seqNo, acknowledged: handover.acknowledged, mirrored: Date.now() });
    });
    this.pending += sent.length;
    if (handover.again) this.untimely += 1;
    try {
      await this.form.freshen(handover.time);
      const operations = addressed(sent, this.description);
      const named = await this.#rows.rows(operations, handover.byPipeline);
      const rows = handover.again ? await this.#absent(named) : named;
      if (operations.some(({ result }) => result === "updated") || rows.some((row) => this.#overwrites(row))) this.versions.overwrote();
      await this.#inserts.write(rows, handover.time, outcome);
      for (const operation of operations) {
        const { place, result } = operation;
        if (place !== null && result !== "noop") this.#reached(operation, place.seqNo, outcome);
      }
    } catch (error) {
      outcome.failRest(sent.length, error);
    }
    this.pending -= sent.length;
    if (outcome.notMirrored > 0 && !(handover.kept && outcome.passing)) {
      this.notMirrored += outcome.notMirrored;
      this.completeness.lost(outcome.reason);
    }
    return outcome;
  }

  /** ClickHouse has the change with this number. */
  #reached(document: Pick<Row, "id" | "routing">, seqNo: number, outcome: OutcomeCount): NumberedPlace {
    const shard = this.form.shardOf(document);
    this.completeness.seen(shard, seqNo);
    outcome.reached(shard, seqNo);
    return { shard, seqNo };
  }

  #overwrites(row: Row): boolean {
    return row.source === null || this.versions.mayBeCopied(row.place.seqNo, () => this.form.shardOf(row));
  }

  /** Those that the table does not have, by shard and sequence number. */
  async #absent(rows: readonly Row[]): Promise<readonly Row[]> {
    const present = await this.#lookUps.find(rows.map(({ place }) => place.seqNo));
    return rows.filter((row) => !present.has(`${this.form.shardOf(row)} ${row.place.seqNo}`));
  }

  /** Which of the numbers the table has, as `shard number`, once the inserts that run now have ended. */
  async #presentSoon(numbers: readonly number[]): Promise<ReadonlySet<string>> {
    const { clickhouse, database } = this.#options;
    await whileAway(() => insertsEnded(clickhouse, database, this.name));
    return whileAway(() => this.#present(numbers));
  }

  #present(numbers: readonly number[]): Promise<ReadonlySet<string>> {
    const { clickhouse, database } = this.#options;
    return presentNumbers(clickhouse, database, this.name, rangesOf(numbers));
  }
}

type Opened = Awaited<ReturnType<typeof openTable>>;
