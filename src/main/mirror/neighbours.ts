// Other instances of Parallax that mirror the same cluster into the same ClickHouse. Each says every other second that it is there, in a
// table of its own making beside the mirror's; one that begins gives those that are there the time to notice it before it writes.
// Whoever has met another one trusts nothing any more that it knows of tables from its own writes alone.
import { Buffer } from "node:buffer";
import { messageOf } from "../../shared/thrown.ts";
import { tableName } from "../clickhouse/schema.ts";
import { call, column, param, select } from "../clickhouse/sql/ast.ts";
import { print } from "../clickhouse/sql/print.ts";
import { parseMapping } from "../elasticsearch/mapping.ts";
import type { Log } from "../report/log.ts";
import { within } from "../time_limit.ts";
import type { Store } from "./store.ts";

export interface NeighboursOptions {
  readonly clickhouse: Store;
  /** Made when missing. */
  readonly database: string;
  /** Of this instance, the same after a restart; at most 100 characters of ASCII. */
  readonly id: string;
  readonly log: Log;
  /** @default 2 s */
  readonly everyMs?: number;
}

/** No index has a space in its name. */
export const NEIGHBOURS_TABLE = "parallax instances";
const COLUMNS = ["_id", "_seq_no", "_deleted"];
const LEAVE_MS = 1_000;
const EVERY_MS = 2_000;
/** An instance that said so within this time is there; clocks may differ by some of it. */
const THERE_SECONDS = 30;

export class Neighbours {
  readonly #options: NeighboursOptions;
  #met = false;
  /** It has said so once. */
  #begun = false;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: NeighboursOptions) {
    this.#options = options;
  }

  /** True once another instance has been met, whose writes are in the tables too, and while that can't be told. */
  get met(): boolean {
    return this.#met || !this.#begun;
  }

  /** Says that this one is there. Resolves when the others have had the time to notice, or ClickHouse is away: then it goes on trying. */
  async begin(): Promise<void> {
    await this.#beat().catch((error: unknown) => {
      this.#options.log.write("warn", `Whether another Parallax uses this ClickHouse can't be told yet: ${messageOf(error)}`);
    });
    if (this.#begun && this.#met) await new Promise((resolve) => setTimeout(resolve, 2 * this.#everyMs));
    this.#later();
  }

  /** Says that this one leaves: whoever begins now need not wait until nothing is heard of it. Never throws. */
  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    clearTimeout(this.#timer);
    if (this.#begun)
      await within(
        this.#say(true).catch(() => {}),
        LEAVE_MS,
      );
  }

  get #everyMs(): number {
    return this.#options.everyMs ?? EVERY_MS;
  }

  #later(): void {
    if (this.#stopped) return;
    // While ClickHouse is away nobody writes there.
    const beat = (): Promise<void> => this.#beat().catch(() => {});
    this.#timer = setTimeout(() => void beat().finally(() => this.#later()), this.#everyMs).unref();
  }

  async #beat(): Promise<void> {
    const { clickhouse, database, id, log } = this.#options;
    if (!this.#begun) {
      await clickhouse.define({ kind: "create database", database });
      await clickhouse.define({
        kind: "create table",
        database,
        table: NEIGHBOURS_TABLE,
        mapping: parseMapping({}),
        uuid: "",
        words: false,
      });
    }
    const now = await this.#say(false);
    if (this.#met) {
      this.#begun = true;
      return;
    }
    const query = select({
      columns: [{ expr: call("count"), alias: "others" }],
      // Without those that left.
      from: { kind: "table", database, name: NEIGHBOURS_TABLE, final: true },
      where: {
        kind: "and",
        items: [
          { kind: "binary", op: "!=", left: column("_id"), right: param("String", id) },
          { kind: "binary", op: ">", left: column("_seq_no"), right: param("Int64", now - THERE_SECONDS) },
        ],
      },
    });
    const [row] = (await clickhouse.query(print(query), { asWriter: true })).rows;
    this.#met = Number(row?.others ?? 0) > 0;
    this.#begun = true;
    if (!this.#met) return;
    log.write("info", "Another Parallax mirrors the same Elasticsearch into this ClickHouse: its writes are looked up before each search.");
  }
  /** That it is there, or leaves. Gives the time that it told, epoch seconds. */
  async #say(leaves: boolean): Promise<number> {
    const { clickhouse, database, id } = this.#options;
    const now = Math.floor(Date.now() / 1000);
    const bytes = Buffer.alloc(1 + id.length + 9);
    bytes.writeUInt8(id.length);
    bytes.write(id, 1, "latin1");
    bytes.writeBigInt64LE(BigInt(now), 1 + id.length);
    bytes.writeUInt8(leaves ? 1 : 0, 9 + id.length);
    const token = `${id} ${now}${leaves ? " leaves" : ""}`;
    await clickhouse.insertRowBinary(tableName(database, NEIGHBOURS_TABLE), COLUMNS, bytes, { token, rows: 1 });
    return now;
  }
}
