// Writes batches of exchanges into the session, each batch in one transaction.
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { ExchangeDetail, GivenResponse, SearchPart, SentRequest, Verdict } from "../../shared/exchange.ts";
import { parseObject } from "../../shared/json.ts";
import { type Packed, pack } from "./coding.ts";
import { FactWriter } from "./compare/fact_writer.ts";
import type { PendingWrite } from "./pending.ts";
import { detailCells, detailOf, EXCHANGE_COLUMNS, exchangeCells, headerOf, packPart } from "./rows.ts";
import { BODIES_PER_EXCHANGE, BODY_SIDES, OTHER_BODIES_PER_EXCHANGE, OTHER_BODY_SIDES, PARTS_PER_EXCHANGE } from "./schema.ts";
import { aggregationTypes, shapeOf } from "./shape.ts";
import type { BodiesToWrite, ExchangePatch } from "./types.ts";

const CELLS = EXCHANGE_COLUMNS.map(() => "?").join(", ");
// A record that comes a second time (first while it waits, then whole) keeps what people made of it.
const KEPT: readonly string[] = ["id", "pinned", "marker", "comment"];
const REPLACED = EXCHANGE_COLUMNS.filter((name) => !KEPT.includes(name)).map((name) => `${name} = excluded.${name}`);
const KNOWN_SHAPES = 4096;

type Body = Uint8Array | Packed | undefined;

interface PartsAdded {
  readonly shape: string;
  readonly verdict: Verdict;
  parts: number;
}

export class Writer {
  readonly #db: DatabaseSync;
  readonly #exchange: StatementSync;
  readonly #mark: StatementSync;
  readonly #detail: StatementSync;
  readonly #part: StatementSync;
  readonly #body: StatementSync;
  readonly #other: StatementSync;
  readonly #shape: StatementSync;
  readonly #removeParts: StatementSync;
  readonly #storedExchange: StatementSync;
  readonly #storedDetail: StatementSync;
  readonly #storedParts: StatementSync;
  readonly #count: StatementSync;
  readonly #facts: FactWriter;
  readonly #knownShapes = new Set<string>();
  /** Parts that the batch adds, by shape and verdict. */
  readonly #added = new Map<string, PartsAdded>();
  #newest: number;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#exchange = db.prepare(
      `INSERT INTO exchanges (${EXCHANGE_COLUMNS.join(", ")}) VALUES (${CELLS}) ON CONFLICT (id) DO UPDATE SET ${REPLACED.join(", ")}`,
    );
    this.#mark = db.prepare("UPDATE exchanges SET pinned = ?, marker = ?, comment = ? WHERE id = ?");
    this.#detail = db.prepare("INSERT OR REPLACE INTO details (id, request, response, timings, mirror) VALUES (?, ?, ?, ?, ?)");
    this.#part = db.prepare("INSERT INTO parts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    this.#count = db.prepare("INSERT INTO shape_verdicts VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET parts = parts + excluded.parts");
    this.#body = db.prepare("INSERT OR REPLACE INTO bodies VALUES (?, ?, ?, ?, ?)");
    this.#other = db.prepare("INSERT OR REPLACE INTO other_bodies VALUES (?, ?, ?, ?, ?)");
    this.#shape = db.prepare("INSERT OR IGNORE INTO shapes VALUES (?, ?)");
    this.#removeParts = db.prepare("DELETE FROM parts WHERE id BETWEEN ? AND ?");
    this.#storedExchange = db.prepare("SELECT * FROM exchanges WHERE id = ?");
    this.#storedDetail = db.prepare("SELECT * FROM details WHERE id = ?");
    this.#storedParts = db.prepare("SELECT * FROM parts WHERE id BETWEEN ? AND ? ORDER BY id");
    this.#facts = new FactWriter(db);
    this.#newest = Number(db.prepare("SELECT max(id) AS newest FROM exchanges").get()?.newest ?? 0);
  }

  /** Writes a batch; `makeRoom` runs first, in the same transaction. Gives the ids that are new. All or nothing. */
  write(batch: readonly PendingWrite[], makeRoom: () => void): readonly number[] {
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      makeRoom();
      const added = batch.flatMap((one) => this.#writeOne(one));
      for (const { shape, verdict, parts } of this.#added.values()) this.#count.run(shape, verdict, parts);
      this.#db.exec("COMMIT");
      return added;
    } catch (error) {
      this.#knownShapes.clear();
      this.#facts.forget();
      // SQLite rolls back by itself when the disk is full.
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
      throw error;
    } finally {
      this.#added.clear();
    }
  }

  #writeOne({ id, detail, patch, bodies }: PendingWrite): readonly number[] {
    const stored = id > this.#newest ? null : this.#stored(id);
    if (detail === null && stored === null) return []; // gone meanwhile, by the cap or a clear
    const record = detail ?? (stored === null ? null : { ...stored, ...patch });
    if (record === null) return [];
    const bodiesOf = this.#bodies(record);
    this.#exchange.run(...exchangeCells(record, aggregationsOf(record.searches)));
    if (stored !== null && isMarked(patch)) this.#mark.run(record.pinned ? 1 : 0, record.marker ?? "", record.comment ?? "", id);
    if (detail !== null || patch.request || patch.response || patch.timings || patch.mirror !== undefined) {
      this.#detail.run(id, ...detailCells(record));
    }
    if (detail !== null || patch.searches !== undefined || patch.verdict !== undefined) this.#writeParts(record, stored !== null);
    bodiesOf(bodies);
    this.#newest = Math.max(this.#newest, id);
    return stored === null ? [id] : [];
  }

  #stored(id: number): ExchangeDetail | null {
    const exchange = this.#storedExchange.get(id);
    const detail = this.#storedDetail.get(id);
    if (exchange === undefined || detail === undefined) return null;
    return detailOf(exchange, detail, this.#storedParts.all(id * PARTS_PER_EXCHANGE, (id + 1) * PARTS_PER_EXCHANGE - 1));
  }

  #writeParts(record: ExchangeDetail, replaces: boolean): void {
    const first = record.id * PARTS_PER_EXCHANGE;
    if (replaces) this.#removeParts.run(first, first + PARTS_PER_EXCHANGE - 1);
    if (record.searches.length === 0) this.#writeStub(record, first);
    // A search among many has no time of its own in Elasticsearch.
    const elasticsearchMs = record.searches.length === 1 ? record.elasticsearchMs : null;
    for (const [at, part] of record.searches.slice(0, PARTS_PER_EXCHANGE).entries()) {
      const { coding, data } = packPart(part);
      const { verdict, reason } = part.comparison;
      this.#part.run(first + at, part.index, part.shape, verdict, reason, elasticsearchMs, part.clickhouseMs, coding, data);
      this.#addPart(part.shape, verdict);
      this.#facts.write({ ...part, id: first + at, time: record.time, client: record.client, elasticsearchMs });
      this.#rememberShape(record, part);
    }
  }

  // A search that was never taken apart (over capacity, tap mode) still counts as one.
  #writeStub(record: ExchangeDetail, id: number): void {
    if (record.kind !== "search" || record.verdict === null) return;
    this.#part.run(id, record.index, record.shape, record.verdict, record.note, record.elasticsearchMs, record.clickhouseMs, "", null);
    this.#addPart(record.shape, record.verdict);
    this.#facts.write({ ...record, id, comparison: { verdict: record.verdict } });
  }

  #addPart(shape: string, verdict: Verdict): void {
    const key = `${verdict} ${shape}`;
    const known = this.#added.get(key);
    if (known === undefined) this.#added.set(key, { shape, verdict, parts: 1 });
    else known.parts += 1;
  }

  #rememberShape(record: ExchangeDetail, part: SearchPart): void {
    if (part.shape === "" || this.#knownShapes.has(part.shape)) return;
    if (this.#knownShapes.size >= KNOWN_SHAPES) this.#knownShapes.clear();
    this.#knownShapes.add(part.shape);
    const body = parseObject(part.body);
    this.#shape.run(part.shape, body === null ? part.shape : shapeOf(record.endpoint, part.index, body).sketch);
  }

  #bodies(record: ExchangeDetail): (bodies: BodiesToWrite) => void {
    const first = record.id * BODIES_PER_EXCHANGE;
    const firstOther = record.id * OTHER_BODIES_PER_EXCHANGE;
    const put = (into: StatementSync, id: number, body: Body, contentEncoding: string, truncated: boolean) => {
      if (body === undefined || (body instanceof Uint8Array && body.byteLength === 0)) return;
      const { coding, data } = body instanceof Uint8Array ? pack(body, contentEncoding !== "" && contentEncoding !== "identity") : body;
      into.run(id, coding, contentEncoding, truncated ? 1 : 0, data);
    };
    const write = (side: number, body: Body, contentEncoding: string, truncated: boolean) =>
      put(this.#body, first + side, body, contentEncoding, truncated);
    const writeOther = (side: number, bytes: Uint8Array | undefined, message: SentRequest | GivenResponse | undefined) =>
      put(this.#other, firstOther + side, bytes, headerOf(message?.headers ?? [], "content-encoding"), message?.body === "cut");
    return ({ request, elasticsearch, clickhouse, sent, given, answersDecoded }) => {
      write(BODY_SIDES.request, request, headerOf(record.request.headers, "content-encoding"), record.request.truncated);
      const { response } = record;
      const encoding = answersDecoded === true ? "" : headerOf(response?.headers ?? [], "content-encoding");
      write(BODY_SIDES.elasticsearch, elasticsearch, encoding, response?.truncated ?? false);
      write(BODY_SIDES.clickhouse, clickhouse, "", false);
      writeOther(OTHER_BODY_SIDES.sent, sent, record.request.sent);
      writeOther(OTHER_BODY_SIDES.given, given, response?.given);
    };
  }
}

function isMarked({ pinned, marker, comment }: ExchangePatch): boolean {
  return pinned !== undefined || marker !== undefined || comment !== undefined;
}

/** The types of all aggregations in the searches, with spaces around each: ` terms avg `. */
function aggregationsOf(searches: readonly SearchPart[]): string {
  const types = new Set<string>();
  for (const part of searches) {
    if (!part.body.includes('"agg')) continue;
    const body = parseObject(part.body);
    for (const type of body === null ? [] : aggregationTypes(body)) types.add(type);
  }
  return types.size === 0 ? "" : ` ${[...types].join(" ")} `;
}
