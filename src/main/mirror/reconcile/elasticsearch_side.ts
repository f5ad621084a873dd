// Elasticsearch's side of a reconciliation: the live documents of one shard, counted, numbered or whole. Small pages on the
// search threads, none of it kept in a cache of the server's. Throws ElasticsearchAway when it stays away for a minute,
// ElasticsearchRefused, and the signal's reason when stopped.
import { isArray, isNumber, isObject, type JsonObject, type JsonValue, member, parseJson, printJson } from "../../../shared/json.ts";
import type { Place } from "../../elasticsearch/bulk.ts";
import { placeOf } from "../../elasticsearch/bulk.ts";
import { ElasticsearchAway, type ElasticsearchClient, ElasticsearchRefused } from "../../elasticsearch/client.ts";
import { rawItems, rawMember, textOf } from "../../elasticsearch/raw_json.ts";
import type { IndexDescription } from "../index_description.ts";
import { whileAway } from "../patience.ts";
import { readStored, type StoredDocument } from "../read_back.ts";
import { BUCKET, BUCKET_BITS, type Counted, type Numbered } from "./ranges.ts";

/** Which documents a page is of: a range of numbers, both ends included, or single numbers. */
export type Wanted = { readonly from: number; readonly to: number } | readonly number[];

/** What a shard has numbered. */
export interface Numbering {
  /** All up to here is carried out on every copy. */
  readonly settled: number;
  /** The highest given. */
  readonly highest: number;
}

/** Who is meant by a document's name. */
export interface DocumentName {
  readonly id: string;
  readonly routing: string;
}

/** Most buckets of one answer, and documents of one page; Elasticsearch allows 65,536 buckets and, unless told, 10,000 documents. */
const MOST_BUCKETS = 4096;
const MOST_HITS = 10_000;
const MOST_NAMES = 1_000;
/** Not now: too many searches, a shard that starts. */
const PASSING: ReadonlySet<number> = new Set([429, 502, 503, 504]);
/** Fields that are left out of `_source` since 9.2 unless asked for. */
const VECTORS = /"type":"(?:dense_vector|rank_vectors|sparse_vector|semantic_text)"/;
const NOTHING = new Uint8Array(0);

export class ElasticsearchSide {
  readonly mostHits: number;
  readonly #elasticsearch: ElasticsearchClient;
  readonly #description: IndexDescription;
  readonly #path: string;
  readonly #signal: AbortSignal;
  readonly #source: JsonValue;

  constructor(elasticsearch: ElasticsearchClient, description: IndexDescription, signal: AbortSignal) {
    this.#elasticsearch = elasticsearch;
    this.#description = description;
    this.#path = `/${encodeURIComponent(description.name)}`;
    this.#signal = signal;
    this.#source = VECTORS.test(printJson(description.mappings)) ? { exclude_vectors: false } : true;
    this.mostHits = Math.min(MOST_HITS, numberOf(at(description.raw, "settings", "index", "max_result_window")) ?? MOST_HITS);
  }

  /** Throws when another index has the name now. */
  async assertSame(): Promise<void> {
    const answer = await this.#json("GET", `${this.#path}/_settings?flat_settings=true`);
    const uuid = at(answer, this.#description.name, "settings", "index.uuid");
    if (this.#description.uuid !== "" && uuid !== this.#description.uuid)
      throw new Error(`index ${this.#description.name} was made anew meanwhile`);
  }

  async numbering(): Promise<ReadonlyMap<number, Numbering>> {
    await this.#recovered();
    const answer = await this.#json("GET", `${this.#path}/_stats/docs?level=shards`);
    const shards = at(answer, "indices", this.#description.name, "shards");
    const found = new Map<number, Numbering>();
    for (const [shard, copies] of Object.entries(isObject(shards) ? shards : {})) {
      const settled = numbersOf(copies, "local_checkpoint");
      const highest = numbersOf(copies, "max_seq_no");
      if (settled.length > 0) found.set(Number(shard), { settled: Math.min(...settled), highest: Math.max(-1, ...highest) });
    }
    if (found.size !== this.#description.shards) {
      throw new Error(`Elasticsearch does not tell the sequence numbers of all shards of index ${this.#description.name}`);
    }
    return found;
  }

  // A shard that is still being recovered does not know of its last writes yet: their numbers would seem not to be given.
  #recovered(): Promise<void> {
    return this.#patiently(async () => {
      const waiting = `/_cluster/health${this.#path}?wait_for_status=yellow&timeout=2s`;
      const health = await this.#elasticsearch.request("GET", waiting);
      if (health.status !== 408) return;
      // One that is gone is told of as such.
      await this.#json("GET", `${this.#path}/_stats/docs`);
      throw new ElasticsearchAway(`index ${this.#description.name} has shards that are not recovered yet`);
    });
  }

  /** As many as a search sees. */
  async documentCount(): Promise<number> {
    return numberOf(member(await this.#json("GET", `${this.#path}/_count`), "count")) ?? 0;
  }

  async refresh(): Promise<void> {
    await this.#json("POST", `${this.#path}/_refresh`);
  }

  /** Live documents up to a number, by buckets in ascending order. */
  async counts(shard: number, upTo: number): Promise<readonly Counted[]> {
    const counts: Counted[] = [];
    for (let from = 0; from <= upTo; from += MOST_BUCKETS * BUCKET) {
      const to = Math.min(upTo, from + MOST_BUCKETS * BUCKET - 1);
      const numbers = {
        histogram: { field: "_seq_no", interval: BUCKET, min_doc_count: 1 },
        aggs: { of: { stats: { field: "_seq_no" } } },
      };
      const body = { size: 0, track_total_hits: false, query: between(from, to), aggs: { numbers } };
      const answer = parseJson(textOf(await this.#search(shard, body, "filter_path=aggregations,_shards")));
      const buckets = at(answer, "aggregations", "numbers", "buckets");
      counts.push(...(isArray(buckets) ? buckets : []).map(counted));
    }
    return counts;
  }

  /** The live documents of a range; `exact` marks them by all that they are told apart by. */
  async numbers(shard: number, from: number, to: number, exact: boolean): Promise<readonly Numbered[]> {
    const found: Numbered[] = [];
    for (let next = from; next <= to; ) {
      const page = { size: this.mostHits, track_total_hits: false, _source: false, sort: BY_NUMBER, query: between(next, to) };
      const body = exact ? { ...page, version: true, seq_no_primary_term: true } : { ...page, stored_fields: "_none_" };
      const answer = parseJson(textOf(await this.#search(shard, body, "filter_path=hits.hits,_shards")));
      const hits = at(answer, "hits", "hits");
      const numbered = (isArray(hits) ? hits : []).map((hit) => (exact ? marked(hit) : { seqNo: sortNumber(hit), mark: "" }));
      found.push(...numbered);
      const last = numbered.at(-1);
      if (last === undefined || numbered.length < this.mostHits) break;
      next = last.seqNo + 1;
    }
    return found;
  }

  /** Whole documents, at most `size` of them, by ascending number. */
  async documents(shard: number, wanted: Wanted, size: number): Promise<readonly StoredDocument[]> {
    const query: JsonValue = "from" in wanted ? between(wanted.from, wanted.to) : { terms: { _seq_no: wanted } };
    const body = { size, track_total_hits: false, version: true, seq_no_primary_term: true, _source: this.#source, sort: BY_NUMBER, query };
    const answer = await this.#search(shard, body, "");
    const hits = rawItems(rawMember(rawMember(answer, "hits") ?? NOTHING, "hits") ?? NOTHING);
    const documents = hits.map(readStored).filter((document) => document !== null);
    if (documents.length === hits.length) return documents;
    throw new Error(
      `Elasticsearch gives ${hits.length - documents.length} documents of index ${this.#description.name} without their _source or number`,
    );
  }

  /** Where the documents are as of now, refreshed or not; those that are gone are left out. By `documentKey`. */
  async current(names: readonly DocumentName[]): Promise<ReadonlyMap<string, Place>> {
    const places = new Map<string, Place>();
    for (let start = 0; start < names.length; start += MOST_NAMES) {
      const docs = names.slice(start, start + MOST_NAMES).map(({ id, routing }) => ({ _id: id, ...(routing === "" ? {} : { routing }) }));
      const answer = await this.#json("POST", `${this.#path}/_mget?_source=false`, printJson({ docs }));
      const found = at(answer, "docs");
      for (const [i, doc] of (isArray(found) ? found : []).entries()) {
        const name = names[start + i];
        const place = isObject(doc) && member(doc, "found") === true ? placeOf(doc) : null;
        if (isObject(doc) && member(doc, "error") !== undefined)
          throw new ElasticsearchAway(`Elasticsearch can't tell where document ${name?.id} is`);
        if (name !== undefined && place !== null) places.set(documentKey(name), place);
      }
    }
    return places;
  }

  #search(shard: number, body: JsonValue, filter: string): Promise<Uint8Array> {
    const query = `preference=_shards:${shard}&request_cache=false&allow_partial_search_results=false&ignore_unavailable=false`;
    const path = `${this.#path}/_search?${query}${filter === "" ? "" : `&${filter}`}`;
    return this.#patiently(async () => {
      const answer = await this.#elasticsearch.request("POST", path, printJson(body));
      if (PASSING.has(answer.status))
        throw new ElasticsearchAway(`Elasticsearch gave ${answer.status} to a search of ${this.#description.name}`);
      if (answer.status < 400) return answer.body;
      throw new ElasticsearchRefused(
        answer.status,
        `a search of ${this.#description.name} gave ${answer.status}: ${textOf(answer.body).slice(0, 300)}`,
      );
    });
  }

  #json(method: string, path: string, body?: string): Promise<JsonObject> {
    return this.#patiently(async () => {
      try {
        return await this.#elasticsearch.json(method, path, body);
      } catch (error) {
        throw error instanceof ElasticsearchRefused && PASSING.has(error.status) ? new ElasticsearchAway(error.message) : error;
      }
    });
  }

  #patiently<T>(work: () => Promise<T>): Promise<T> {
    return whileAway(() => {
      this.#signal.throwIfAborted();
      return work();
    });
  }
}

/** A document of an index: with custom routing one `_id` may be on several shards. */
export function documentKey({ id, routing }: DocumentName): string {
  return `${routing}\0${id}`;
}

/** All that a live document is told apart by, beside its number. */
export function documentMark(name: DocumentName, primaryTerm: string, version: string): string {
  return `${documentKey(name)}\0${primaryTerm}\0${version}`;
}

const BY_NUMBER = Object.freeze([{ _seq_no: "asc" }]);

function between(from: number, to: number): JsonObject {
  return { range: { _seq_no: { gte: from, lte: to } } };
}

function counted(bucket: JsonValue): Counted {
  const number = (...path: readonly string[]): number => numberOf(at(bucket, ...path)) ?? 0;
  const [least, greatest, sum] = [number("of", "min"), number("of", "max"), number("of", "sum")];
  return { bucket: Math.floor(number("key") / 2 ** BUCKET_BITS), count: number("doc_count"), least, greatest, sum };
}

function sortNumber(hit: JsonValue): number {
  const sort = at(hit, "sort");
  return (isArray(sort) ? numberOf(sort[0]) : null) ?? -1;
}

function marked(hit: JsonValue): Numbered {
  const text = (name: string): string => String(at(hit, name) ?? "");
  const mark = documentMark({ id: text("_id"), routing: text("_routing") }, text("_primary_term"), text("_version"));
  return { seqNo: Number(text("_seq_no")), mark };
}

function numbersOf(copies: JsonValue | undefined, name: string): readonly number[] {
  return (isArray(copies) ? copies : []).map((copy) => numberOf(at(copy, "seq_no", name)) ?? -2).filter((number) => number >= -1);
}

function at(value: JsonValue | undefined, ...path: readonly string[]): JsonValue | undefined {
  let inner = value;
  for (const name of path) inner = isObject(inner) ? member(inner, name) : undefined;
  return inner;
}

function numberOf(value: JsonValue | undefined): number | null {
  if (typeof value === "string" && value !== "") return Number(value);
  return isNumber(value) ? Number(value) : null;
}
