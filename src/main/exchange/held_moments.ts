// Moments that Elasticsearch holds for looks of our own: a point in time, and what the tables held then. The highest number of a change in
// each of its shards, and how many documents it shows, say which rows those are. Looks that come together share one.
import { setTimeout as pause } from "node:timers/promises";
import { isArray, isNumber, isObject, type JsonObject, type JsonValue, member, parseObject, printJson } from "../../shared/json.ts";
import { backendOf } from "../answer/backend.ts";
import { pinAt } from "../answer/pin.ts";
import type { ElasticsearchAnswer, PassedRequest } from "../elasticsearch/pass_on.ts";
import { textOf } from "../elasticsearch/raw_json.ts";
import type { TappedRequest } from "../proxy/tap.ts";
import type { IndexTable } from "../translate/types.ts";
import type { Mirrored } from "./cluster_mirror.ts";
import type { Moment } from "./moment.ts";
import type { PinnedTable } from "./run_search.ts";
import type { SearchRequest } from "./search_request.ts";

export const KEEP_ALIVE = "30s";
const MOST_SHARDS = 20;
/** What Elasticsearch shows may still be on its way to ClickHouse. */
const TRIES = 4;
const TRY_AGAIN_MS = 150;
const CATCH_UP_MS = 5_000;
/** Parameters of a search that say which indices it means. */
const MEANING = ["ignore_unavailable", "expand_wildcards"];

export type Ask = (request: PassedRequest) => Promise<ElasticsearchAnswer>;

/** A point in time and what it holds. */
export interface Held {
  readonly id: string;
  readonly moment: Moment;
}

/** What each shard of a point in time shows. */
interface Shown {
  /** Highest number by shard, by index. */
  readonly highest: ReadonlyMap<string, ReadonlyMap<number, number>>;
  /** Documents by index. */
  readonly documents: ReadonlyMap<string, number>;
}

interface Shared {
  readonly held: Promise<Held | null>;
  users: number;
}

type Asker = Pick<TappedRequest, "headers">;

export class HeldMoments {
  readonly #ask: Ask;
  readonly #handedOver: () => Promise<unknown>;
  readonly #shared = new Map<string, Shared>();

  /** `handedOver` resolves when the mirror has been handed every write that was acknowledged before. */
  constructor(ask: Ask, handedOver: () => Promise<unknown>) {
    this.#ask = ask;
    this.#handedOver = handedOver;
  }

  /** A moment of a search's indices as its client sees them; null where it can't be told. The last that releases it ends it. */
  borrow(mirrored: Mirrored, search: SearchRequest, asker: Asker): { readonly held: Promise<Held | null>; release(): void } {
    const key = printJson([search.index, ...kept(search), ...asker.headers.filter(([name]) => /^(authorization|es-)/i.test(name)).flat()]);
    const shared = this.#shared.get(key) ?? { held: this.#hold(mirrored, search, asker).catch(() => null), users: 0 };
    this.#shared.set(key, shared);
    shared.users += 1;
    const release = (): void => {
      shared.users -= 1;
      if (shared.users > 0) return;
      if (this.#shared.get(key) === shared) this.#shared.delete(key);
      void shared.held.then((held) => (held === null ? undefined : this.#close(held.id, asker)));
    };
    return { held: shared.held, release };
  }

  /** As the client of `asker` would. Throws ElasticsearchAway. */
  send({ headers }: Asker, method: string, target: string, body: Uint8Array): Promise<ElasticsearchAnswer> {
    const own = headers.filter(([name]) => !/^(content-|accept)/i.test(name));
    return this.#ask({ method, target, headers: [...own, ["content-type", "application/json"]], body });
  }

  async #hold(mirrored: Mirrored, search: SearchRequest, asker: Asker): Promise<Held | null> {
    const found = await backendOf(mirrored, Date.now()).tables(search.index, search.params);
    const tables = found.kind === "found" ? found.value : [];
    const shards = tables.reduce((sum, table) => sum + table.shards, 0);
    if (shards === 0 || shards > MOST_SHARDS) return null;
    const target = `/${encodeURI(search.index)}/_pit?${[`keep_alive=${KEEP_ALIVE}`, ...kept(search)].join("&")}`;
    const opened = await this.#json(asker, "POST", target, "");
    const id = opened === null ? undefined : member(opened, "id");
    if (typeof id !== "string") return null;
    const shown = await this.#shown(asker, id, shards);
    await this.#handedOver();
    const moment = shown === null ? null : await pinned(mirrored, tables, shown);
    if (moment !== null) return { id, moment };
    await this.#close(id, asker);
    return null;
  }

  /** Never rejects: it ends by itself soon. */
  async #close(id: string, asker: Asker): Promise<void> {
    await this.#json(asker, "DELETE", "/_pit", printJson({ id })).catch(() => null);
  }

  // As many slices as shards: each is one shard.
  async #shown(asker: Asker, id: string, shards: number): Promise<Shown | null> {
    const lines = Array.from({ length: shards }, (_, at) => {
      const slice = shards === 1 ? {} : { slice: { id: at, max: shards } };
      const search = { pit: { id, keep_alive: KEEP_ALIVE }, ...slice, size: 1, sort: [{ _seq_no: "desc" }], _source: false, explain: true };
      return `{}\n${printJson({ ...search, track_total_hits: true })}\n`;
    });
    const answer = await this.#json(asker, "POST", "/_msearch", lines.join(""));
    const responses = answer === null ? undefined : member(answer, "responses");
    return isArray(responses) && responses.length === shards ? shownIn(responses) : null;
  }

  async #json(asker: Asker, method: string, target: string, body: string): Promise<JsonObject | null> {
    const { status, body: answer } = await this.send(asker, method, target, Buffer.from(body));
    return status >= 400 ? null : parseObject(textOf(answer));
  }
}

function kept({ params }: SearchRequest): readonly string[] {
  return MEANING.flatMap((name) => {
    const value = params.get(name);
    return value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`];
  });
}

/** null where a shard did not answer, or in another form. */
function shownIn(responses: readonly JsonValue[]): Shown | null {
  const highest = new Map<string, Map<number, number>>();
  const documents = new Map<string, number>();
  for (const response of responses) {
    const hits = isObject(response) ? member(response, "hits") : undefined;
    const total = isObject(hits) ? member(hits, "total") : undefined;
    const count = isObject(total) ? member(total, "value") : undefined;
    const list = isObject(hits) ? member(hits, "hits") : undefined;
    if (!isNumber(count) || !isArray(list)) return null;
    const [first] = list;
    if (first === undefined) continue;
    const place = placeOf(first);
    if (place === null) return null;
    documents.set(place.index, (documents.get(place.index) ?? 0) + Number(count));
    highest.set(place.index, (highest.get(place.index) ?? new Map<number, number>()).set(place.shard, place.seqNo));
  }
  return { highest, documents };
}

/** `_shard` is `[index][0]`, the first sort value the number. */
function placeOf(hit: JsonValue): { readonly index: string; readonly shard: number; readonly seqNo: number } | null {
  if (!isObject(hit)) return null;
  const shard = /\[(\d+)\]$/.exec(String(member(hit, "_shard") ?? ""))?.[1];
  const sort = member(hit, "sort");
  const seqNo = isArray(sort) ? sort[0] : undefined;
  const index = member(hit, "_index");
  if (shard === undefined || typeof index !== "string" || !isNumber(seqNo)) return null;
  return { index, shard: Number(shard), seqNo: Number(seqNo) };
}

/** The tables as they were when Elasticsearch showed that; null where they don't hold it, or not any more. */
async function pinned(mirrored: Mirrored, tables: readonly IndexTable[], shown: Shown): Promise<Moment | null> {
  const backend = backendOf(mirrored, Date.now());
  const names = tables.map(({ index }) => index);
  for (let tried = 1; ; tried += 1) {
    await mirrored.mirror.caughtUp(names, { deadlineMs: CATCH_UP_MS });
    const pin = await Promise.all(tables.map((table) => pinAt(table, shown.highest.get(table.index) ?? new Map(), backend)));
    const held = pin.filter((one): one is PinnedTable => one !== null && one.documents === (shown.documents.get(one.index) ?? 0));
    if (held.length === tables.length) return { kind: "pinned", pin: held, unsettled: "" };
    if (tried === TRIES || pin.includes(null)) return null;
    await pause(TRY_AGAIN_MS);
  }
}
