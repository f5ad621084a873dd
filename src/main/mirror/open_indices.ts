// The mirrors of indices, one each, opened when first met; and their tables, which go when the index is gone or made anew.
import { randomUUID } from "node:crypto";
import type { ElasticsearchClient } from "../elasticsearch/client.ts";
import type { Catalog } from "./catalog.ts";
import type { IndexDescription } from "./index_description.ts";
import { IndexMirror, type IndexMirrorOptions } from "./index_mirror.ts";
import type { Ledger } from "./ledger.ts";
import type { Leisure } from "./leisure.ts";
import { whileAway } from "./patience.ts";
import type { Removed } from "./removals.ts";
import type { Store } from "./store.ts";
import { removeTable, tableNames } from "./table.ts";

/** What is known of an index beforehand, and when that was asked, epoch ms. */
interface Known {
  readonly description: IndexDescription;
  readonly time: number;
}

export interface OpenIndicesOptions {
  readonly clickhouse: Store;
  readonly elasticsearch: ElasticsearchClient;
  /** Made when missing. */
  readonly database: string;
  readonly catalog: Catalog;
  readonly leisure: Leisure;
  readonly ledger: Ledger;
  /** Whether another Parallax writes to the same tables. */
  readonly shared?: () => boolean;
  /** Told of an index before anything else is done with it. */
  readonly opened: (index: IndexMirror) => void;
  /** Told of the name of one that is let go of. */
  readonly dropped: (name: string) => void;
}

export class OpenIndices {
  readonly #options: OpenIndicesOptions;
  readonly #met = new Map<string, Promise<IndexMirror | null>>();
  readonly #open = new Map<string, IndexMirror>();
  readonly #dropping = new Map<string, Promise<void>>();
  #database: Promise<void> | null = null;

  constructor(options: OpenIndicesOptions) {
    this.#options = options;
  }

  /** Those that were met, open or being opened, by name; null for one that Elasticsearch does not have. */
  get met(): ReadonlyMap<string, Promise<IndexMirror | null>> {
    return this.#met;
  }

  /** Those of `met` that are open. */
  get open(): ReadonlyMap<string, IndexMirror> {
    return this.#open;
  }

  /** The mirror of one index, opened when first met; null when Elasticsearch has no such index. Throws what the engines throw. */
  index(name: string, known?: Known): Promise<IndexMirror | null> {
    const met = this.#met.get(name);
    if (met !== undefined) return met;
    const opening = this.#openIndex(name, known);
    this.#met.set(name, opening);
    opening.then(
      (index) => {
        if (this.#met.get(name) !== opening) return;
        if (index === null) this.#met.delete(name);
        else this.#open.set(name, index);
      },
      () => {
        if (this.#met.get(name) === opening) this.#met.delete(name);
      },
    );
    return opening;
  }

  /** The same of an index as it was described at `time`: one that was made anew behind our back has another uuid, and its table is not this one's. */
  async current(description: IndexDescription, time: number): Promise<IndexMirror | null> {
    const index = await this.index(description.name, { description, time });
    const before = index?.description.uuid ?? "";
    if (before === "" || description.uuid === "" || before === description.uuid) return index;
    await this.drop(description.name, "yes");
    return this.index(description.name, { description, time });
  }

  /**
   * The table goes when what was written before is in; where it is not certain, unless Elasticsearch has the very index still. What is
   * written to a new one of the same name waits for that.
   */
  drop(name: string, removed: Removed): Promise<void> {
    const old = this.#met.get(name);
    this.#met.delete(name);
    this.#open.delete(name);
    this.#options.dropped(name);
    return this.#dropped(name, removed, async () => {
      const index = await old?.catch(() => null);
      if (index === null || index === undefined) return null;
      await Promise.all([index.leave(), index.drained()]);
      return index.description.uuid;
    });
  }

  /** The same for tables of indices that were not met in this session and are gone. */
  async dropTables(removed: (name: string) => Removed): Promise<void> {
    const tables = await this.tableNames();
    if (typeof tables === "string") return;
    for (const name of tables) {
      if (removed(name) === "no" || this.#met.has(name) || this.#dropping.has(name)) continue;
      await this.#dropped(name, "maybe", async () => null);
    }
  }

  /** Names of the indices that have a table; in words, why they can't be told. */
  async tableNames(): Promise<ReadonlySet<string> | string> {
    try {
      await this.#databaseMade();
      return await tableNames(this.#options.clickhouse, this.#options.database);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  /** `left` resolves to the uuid of what the table is of once nothing is written to it any more; null: whoever opens it next looks. */
  #dropped(name: string, removed: Removed, left: () => Promise<string | null>): Promise<void> {
    const dropping = (async () => {
      const uuid = await left();
      if (removed !== "yes" && (await this.#stands(name, uuid))) return;
      const { clickhouse, database, shared } = this.#options;
      const claimant = shared?.() === true ? randomUUID() : null;
      await whileAway(() => removeTable(clickhouse, database, name, uuid ?? "", claimant));
    })().finally(() => {
      if (this.#dropping.get(name) === dropping) this.#dropping.delete(name);
    });
    this.#dropping.set(name, dropping);
    return dropping;
  }

  async #stands(name: string, uuid: string | null): Promise<boolean> {
    const now = await whileAway(() => this.#options.catalog.describe(name));
    return now !== undefined && (uuid === null || (uuid !== "" && now.uuid === uuid));
  }

  async #openIndex(name: string, known: Known | undefined): Promise<IndexMirror | null> {
    const { clickhouse, elasticsearch, database, catalog, leisure, ledger, shared } = this.#options;
    await this.#dropping.get(name);
    catalog.forget();
    const time = known?.time ?? Date.now();
    const description = known?.description ?? (await whileAway(() => catalog.describe(name)));
    if (description === undefined) return null;
    await this.#databaseMade();
    const options: IndexMirrorOptions = {
      clickhouse,
      elasticsearch,
      database,
      describe: () => catalog.describe(name),
      leisure,
      ledger,
      ...(shared === undefined ? {} : { shared }),
    };
    const index = await IndexMirror.open(options, description, time);
    this.#options.opened(index);
    return index;
  }

  #databaseMade(): Promise<void> {
    this.#database ??= whileAway(() =>
      this.#options.clickhouse.define({ kind: "create database", database: this.#options.database }),
    ).catch((error: unknown) => {
      this.#database = null;
      throw error;
    });
    return this.#database;
  }
}
