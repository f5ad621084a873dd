// The middle of the engine: takes every exchange that the proxy saw, keeps it, mirrors what it wrote, judges what it
// searched. The client has had its answer long before; nothing here can delay or change it.
import type { Mode } from "../../shared/contract.ts";
import type { Comparison, ExchangeDetail, MirrorNote, SearchPart, Timings } from "../../shared/exchange.ts";
import type { Session } from "../capture/session.ts";
import { shapeOf } from "../capture/shape.ts";
import type { ClickHouseClient } from "../clickhouse/client.ts";
import { decodeBody } from "../elasticsearch/body.ts";
import { type Route, route } from "../elasticsearch/route.ts";
import type { Mirror } from "../mirror/mirror.ts";
import type { Tap, TappedExchange, TappedRequest } from "../proxy/tap.ts";
import type { Log } from "../report/log.ts";
import { type Judging, judge, type Stages } from "./judge.ts";
import { loudest, notMatched } from "./outcome.ts";
import { BoundedQueue } from "./queue.ts";
import { exchangeRecord, pendingRecord } from "./record.ts";
import { readAnswer, readSearches, type SearchRequest } from "./search_request.ts";
import { lookUpTables, unsettledReason } from "./tables.ts";
import { Turnstile } from "./turnstile.ts";

/** Searches judged at once, and how many may wait; past that they are captured as `not compared: over capacity`. */
const CONCURRENCY = 2;
const CAPACITY = 2000;
const WRITE_LIMIT_MS = 5_000;
const PENDING_AFTER_MS = 300;
/** Decoded bodies past this are not compared. */
const COMPARE_LIMIT_BYTES = 64 * 1024 * 1024;

export interface Mirrored {
  readonly mirror: Mirror;
  readonly clickhouse: ClickHouseClient;
}

export interface ExchangesOptions {
  readonly session: Session;
  /** null where there is no ClickHouse: exchanges are captured only. */
  readonly mirrored: Mirrored | null;
  readonly log: Log;
  /** Told of an exchange that is new or changed. */
  readonly changed: (id: number) => void;
}

export class Exchanges implements Tap {
  mode: Mode = "compare";
  readonly #session: Session;
  readonly #mirrored: Mirrored | null;
  readonly #log: Log;
  readonly #changed: (id: number) => void;
  readonly #queue = new BoundedQueue(CONCURRENCY, CAPACITY);
  readonly #turnstile = new Turnstile(WRITE_LIMIT_MS);
  readonly #waiting = new Map<number, NodeJS.Timeout>();
  readonly #writing = new Set<Promise<void>>();

  constructor(options: ExchangesOptions) {
    this.#session = options.session;
    this.#mirrored = options.mirrored;
    this.#log = options.log;
    this.#changed = options.changed;
  }

  requested(id: number, time: number, request: Omit<TappedRequest, "body" | "bodyBytes" | "truncated">): void {
    const show = (): void => {
      this.#waiting.delete(id);
      this.#session.put(pendingRecord(id, time, request, route(request.method, request.target)), {});
      this.#changed(id);
    };
    this.#waiting.set(id, setTimeout(show, PENDING_AFTER_MS).unref());
  }

  exchanged(exchange: TappedExchange): void {
    clearTimeout(this.#waiting.get(exchange.id));
    this.#waiting.delete(exchange.id);
    const routed = route(exchange.request.method, exchange.request.target);
    const record = exchangeRecord(exchange, routed);
    this.#session.put(record, {
      request: exchange.request.body,
      ...(exchange.response === null ? {} : { elasticsearch: exchange.response.body }),
    });
    this.#changed(exchange.id);
    if (this.mode === "tap") {
      if (routed.kind === "search") this.#conclude(record, notMatched("not_compared", "tap mode: searches are not compared"));
      return;
    }
    if (routed.kind === "search") this.#search(exchange, routed, record);
    else if (this.#mirrored !== null && changes(routed)) this.#write(exchange, routed, this.#mirrored.mirror);
  }

  missed(count: number): void {
    this.#session.missed(count);
  }

  /** Resolves when every exchange taken so far has its verdict and its writes are mirrored. */
  async settled(): Promise<void> {
    while (this.#writing.size > 0) await Promise.all(this.#writing);
    await this.#queue.drained();
  }

  #write(exchange: TappedExchange, routed: Route, mirror: Mirror): void {
    const work = this.#turnstile
      .write(async () => mirrorWrite(mirror, exchange, routed))
      .then((note) => {
        if (note === null) return;
        this.#session.update(exchange.id, { mirror: note, note: mirrorText(note) });
        this.#changed(exchange.id);
      })
      .catch((error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        this.#log.write("error", "mirroring failed", { exchange: exchange.id, message });
        this.#session.update(exchange.id, { note: `not mirrored: ${message}` });
        this.#changed(exchange.id);
      })
      .finally(() => this.#writing.delete(work));
    this.#writing.add(work);
  }

  #search(exchange: TappedExchange, routed: Route, record: ExchangeDetail): void {
    const obstacle = this.#obstacle(exchange);
    if (obstacle !== "") {
      this.#conclude(record, notMatched("not_compared", obstacle));
      return;
    }
    const turn = this.#turnstile.read();
    const taken = this.#queue.offer(async () => {
      try {
        await turn.ready;
        await this.#judge(exchange, routed, record);
      } catch (error) {
        this.#conclude(record, notMatched("failed", error instanceof Error ? error.message : String(error)));
      } finally {
        turn.done();
      }
    });
    if (taken) return;
    turn.done();
    this.#conclude(record, notMatched("not_compared", "over capacity: more searches than can be compared at once"));
  }

  /** "" or why a search can't be compared at all. */
  #obstacle({ request, response, error }: TappedExchange): string {
    if (response === null) return `Elasticsearch gave no answer: ${error}`;
    if (this.#mirrored === null) return "clickhouse unavailable";
    const tooLarge = request.truncated || response.truncated || request.bodyBytes + response.bodyBytes > COMPARE_LIMIT_BYTES;
    return tooLarge ? "too large to compare" : "";
  }

  async #judge(exchange: TappedExchange, routed: Route, record: ExchangeDetail): Promise<void> {
    const { request, response } = exchange;
    if (response === null || this.#mirrored === null) return;
    const sent = decodeBody(request.headers, request.body);
    const read = readSearches(routed, Buffer.from(sent).toString("utf8"));
    if (read.problem !== "") {
      const verdict = response.status >= 400 ? "not_compared" : "failed";
      this.#conclude(record, notMatched(verdict, `not a search that can be read: ${read.problem}`));
      return;
    }
    const text = Buffer.from(decodeBody(response.headers, response.body)).toString("utf8");
    const origin = performance.timeOrigin + performance.now() - exchange.time;
    const clock = (): number => performance.timeOrigin + performance.now() - exchange.time;
    const judging = judgingOf(this.#mirrored, exchange, clock);
    const now = Math.floor(exchange.time);
    const parts: SearchPart[] = [];
    let stages: Stages = {};
    for (const search of read.searches) {
      const judged = await judge(judging, search, readAnswer(routed.endpoint, response.status, text, search.position), now);
      parts.push(judged.part);
      stages = judged.stages;
    }
    const timings: Timings = { ...record.timings, compareStarted: origin, ...phasesOf(stages) };
    this.#conclude(
      { ...record, timings },
      loudest(parts.map((part) => part.comparison)) ?? notMatched("not_compared", "no search in it"),
      parts,
    );
  }

  #conclude(record: ExchangeDetail, comparison: Comparison, parts: readonly SearchPart[] = []): void {
    const searches = parts.length > 0 ? parts : [unjudged(record, comparison)];
    const times = searches.flatMap((part) => (part.clickhouseMs === null ? [] : [part.clickhouseMs]));
    this.#session.update(record.id, {
      searches,
      verdict: comparison.verdict,
      note: comparison.reason,
      shape: searches[0]?.shape ?? "",
      clickhouseMs: times.length === 0 ? null : times.reduce((sum, ms) => sum + ms, 0),
      timings: record.timings,
    });
    this.#changed(record.id);
  }
}

function judgingOf({ mirror, clickhouse }: Mirrored, exchange: TappedExchange, clock: () => number): Judging {
  return {
    clock,
    tables: (search) => lookUpTables(mirror, search),
    run: (printed) => clickhouse.query(printed),
    unsettled: (indices) => unsettledReason(mirror, indices, exchange.time, exchange.phases.lastByte ?? 0),
    shapeOf: (search: SearchRequest) => shapeOf(search.endpoint, search.index, search.body).hash,
  };
}

function unjudged(record: ExchangeDetail, comparison: Comparison): SearchPart {
  return { position: 0, index: record.index, body: "", statements: [], clickhouse: null, comparison, shape: "", clickhouseMs: null };
}

function phasesOf({ translated, ran, shaped, matched }: Stages): Timings {
  return {
    ...(translated === undefined ? {} : { translated }),
    ...(ran === undefined ? {} : { clickhouseDone: ran }),
    ...(shaped === undefined ? {} : { shaped }),
    ...(matched === undefined ? {} : { matched }),
  };
}

function mirrorText({ indexed, deleted, failed, notMirrored, reason }: MirrorNote): string {
  const parts: string[] = [];
  if (indexed + deleted > 0) parts.push(`mirrored ${indexed + deleted}`);
  if (failed > 0) parts.push(`${failed} refused by Elasticsearch`);
  if (notMirrored > 0) parts.push(`${notMirrored} not mirrored: ${reason}`);
  return parts.join(", ");
}

/** True for what the mirror must hear of. */
function changes({ kind, endpoint }: Route): boolean {
  return kind === "write" || kind === "schema" || endpoint === "_refresh";
}

async function mirrorWrite(mirror: Mirror, exchange: TappedExchange, routed: Route): Promise<MirrorNote | null> {
  const { request, response } = exchange;
  if (response === null) return null;
  if (routed.endpoint === "_refresh") {
    if (response.status < 300) mirror.refreshed(routed.index);
    return null;
  }
  if (request.truncated || response.truncated) {
    return mirror.skipped(routed.index, "its body was longer than the capture limit");
  }
  return mirror.write({
    method: request.method,
    route: routed,
    body: decodeBody(request.headers, request.body),
    status: response.status,
    answer: decodeBody(response.headers, response.body),
    time: exchange.time + (exchange.phases.lastByte ?? 0),
  });
}
