// Whether a mirrored index holds all that Elasticsearch has. Elasticsearch numbers the changes of a shard without gaps, so
// the highest number that it gave says what must have been seen. Writes on their way are waited for, for a moment.
import { numberAt, objectAt, printJson } from "../../shared/json.ts";
import { ElasticsearchAway, type ElasticsearchClient } from "../elasticsearch/client.ts";
import { agreementOn } from "./agreement.ts";
import type { IndexDescription } from "./index_description.ts";
import { type Gap, Sequence } from "./sequence.ts";
import { readStatistics } from "./statistics.ts";
import type { Store } from "./store.ts";
import { countDocuments, presentNumbers, type TableFacts } from "./table.ts";
import { visibleDocuments } from "./visible_documents.ts";

interface Sources {
  readonly clickhouse: Store;
  readonly elasticsearch: ElasticsearchClient;
  readonly database: string;
  /** Whether another Parallax writes to the same tables. @default false */
  readonly shared?: () => boolean;
}

/** Numbers that are looked up in ClickHouse at most: more of them are not there by another one's hand. */
const MOST_LOOKED_UP = 1_000_000;

/** How long a look that found all in place holds before the next one, which no search waits for. */
const LOOK_EVERY_MS = 15_000;
/** How soon a look that found something missing is repeated. */
const LOOK_AGAIN_MS = 1_000;
/** How long a look waits for writes that are on their way, and how often it looks meanwhile. */
const PATIENCE_MS = 2_000;
const POLL_MS = 50;

/** Ranges of numbers that Elasticsearch is asked for at once. */
const MOST_GAPS = 500;

/** As many documents are on their way as are missing. */
const ON_THE_WAY = "on the way";

export class Completeness {
  readonly #sources: Sources;
  readonly #name: string;
  readonly #sequences = new Map<number, Sequence>();
  /** The table was met with documents in it: they have been counted against Elasticsearch's, or it was empty. */
  #counted: boolean;
  /** Documents were on their way when they were counted. */
  #toCount = false;
  #remade: boolean;
  #refused = 0;
  #lost = "";
  #losses = 0;
  #lookedAt = 0;
  #problem = "";
  #looking: Promise<void> | null = null;
  /** When writes that no operation names were last noticed, another Parallax's or those by query, epoch ms. */
  noticedAt = 0;

  /** `facts` is null for a table that was just made, `remade` true where that is because the one before had another layout. */
  constructor(sources: Sources, description: IndexDescription, facts: TableFacts | null, remade = false) {
    this.#sources = sources;
    this.#name = description.name;
    this.#counted = facts === null;
    this.#remade = remade;
    for (const [shard, highest] of facts?.highest ?? []) this.#sequences.set(shard, new Sequence(highest));
    this.#lost = description.problem === "" ? "" : `index ${description.name} is not mirrored: ${description.problem}`;
  }

  seen(shard: number, seqNo: number): void {
    this.#sequence(shard).add(seqNo);
  }

  /** Elasticsearch refused documents: some of them may have taken a number all the same. */
  refused(count: number): void {
    this.#refused += count;
  }

  /** Some documents could not be mirrored: the index stays incomplete until it is reconciled. */
  lost(reason: string): void {
    this.#losses += 1;
    this.#lost ||= `index ${this.#name} is mirrored in part: ${reason}`;
  }

  /** The highest number of each shard that is known. */
  get highest(): ReadonlyMap<number, number> {
    return new Map([...this.#sequences].flatMap(([shard, { highest }]) => (highest < 0 ? [] : [[shard, highest]])));
  }

  /** How often something was lost, to be told apart from what is lost later. */
  get losses(): number {
    return this.#losses;
  }

  /** Which numbers up to these, by shard, nobody has seen; null where more may be missing than has such a number. */
  gaps(upTo: ReadonlyMap<number, number>): ReadonlyMap<number, readonly Gap[]> | null {
    if (this.#lost !== "" || !this.#counted || this.#remade) return null;
    return new Map([...upTo].map(([shard, seqNo]) => [shard, this.#sequence(shard).gaps(seqNo)]));
  }

  /** Elasticsearch and ClickHouse have the same documents up to these numbers, by shard; `since`: the losses before these were read. */
  whole(upTo: ReadonlyMap<number, number>, since: number): void {
    for (const [shard, seqNo] of upTo) this.#sequence(shard).settle(seqNo);
    this.#counted = true;
    this.#remade = false;
    this.#problem = "";
    this.#lookedAt = 0;
    if (this.#losses === since) this.#lost = "";
  }

  /** What a write changed that named no documents comes into the table, or has just come. */
  noticed(): void {
    this.noticedAt = Date.now();
  }

  /** A write went by whose outcome is not known: Elasticsearch is asked again before the next search is compared. */
  doubt(): void {
    this.#lookedAt = 0;
  }

  /** What `reason` last found, without looking again; "" also where nobody has looked. */
  get known(): string {
    return this.#lost || this.#problem;
  }

  /** "" when the mirror holds all; else why not. `onTheWay`: operations that came through Parallax and are not all seen yet, at most. */
  async reason(onTheWay: () => number): Promise<string> {
    if (this.#lost !== "") return this.#lost;
    if (this.#shared) return this.lookAgain(onTheWay);
    const age = Date.now() - this.#lookedAt;
    const gap = this.#problem === "" && (this.#toCount || [...this.#sequences.values()].some((sequence) => sequence.missing > 0));
    if (this.#lookedAt === 0 || gap || (this.#problem !== "" && age > LOOK_AGAIN_MS)) await this.#look(onTheWay);
    else if (age > LOOK_EVERY_MS) void this.#look(onTheWay);
    return this.#lost || this.#problem;
  }

  /** The same, after a look that begins now. */
  async lookAgain(onTheWay: () => number): Promise<string> {
    await this.#looking;
    await this.#look(onTheWay);
    return this.#lost || this.#problem;
  }

  get #shared(): boolean {
    return this.#sources.shared?.() === true;
  }

  #look(onTheWay: () => number): Promise<void> {
    this.#looking ??= this.#find(onTheWay).finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  async #find(onTheWay: () => number): Promise<void> {
    const wasWhole = this.#lookedAt !== 0 && this.#problem === "";
    const problem = await this.#compare(onTheWay).catch((error: unknown) => {
      // While Elasticsearch is away nothing is written to it: what was whole is.
      if (error instanceof ElasticsearchAway && wasWhole) return "";
      return error instanceof Error ? error.message : String(error);
    });
    this.#lookedAt = Date.now();
    // Slow to arrive is not missing.
    if (problem === "" || !wasWhole || onTheWay() === 0) this.#problem = problem;
  }

  async #compare(onTheWay: () => number): Promise<string> {
    const deadline = Date.now() + PATIENCE_MS;
    const { documents, highest } = await readStatistics(this.#sources.elasticsearch, this.#name);
    if (highest === null || !this.#counted) {
      const problem = await this.#count(deadline, onTheWay);
      this.#toCount = problem === ON_THE_WAY;
      if (problem !== "" || highest === null) return this.#toCount ? "" : problem;
      this.#counted = true;
    }
    while (!this.#covers(highest)) {
      if (this.#shared && (await this.#foundThere(highest))) continue;
      // What was acknowledged after the search that asks waits for its end: nothing of it is missing.
      if (this.#unseen(highest) <= onTheWay()) return "";
      if (Date.now() > deadline) return this.#uncovered(highest, documents);
      await pause();
    }
    return "";
  }

  async #count(deadline: number, onTheWay: () => number): Promise<string> {
    const found = await agreementOn(this.#sources, this.#name, { deadline, onTheWay });
    switch (found.kind) {
      case "equal":
        return "";
      case "on the way":
        return ON_THE_WAY;
      case "behind":
        return `mirror behind: writes to ${this.#name} are on their way`;
      case "apart": {
        const { theirs, ours } = found;
        if (ours === 0) return this.#unmirrored(theirs);
        const what =
          theirs === ours ? `other versions of some of its ${theirs} documents; reconcile it` : `${theirs} documents, ClickHouse ${ours}`;
        return `index ${this.#name} is mirrored in part: Elasticsearch has ${what}`;
      }
    }
  }

  async #visible(): Promise<number> {
    return (await visibleDocuments(this.#sources.elasticsearch, [this.#name])).get(this.#name) ?? 0;
  }

  /** Takes what ClickHouse has as seen. True when that is something new. */
  async #foundThere(highest: ReadonlyMap<number, number>): Promise<boolean> {
    const before = this.#unseen(highest);
    const open = [...highest].filter(([shard, seqNo]) => !this.#sequence(shard).covers(seqNo));
    const least = Math.min(...open.map(([shard]) => this.#sequence(shard).firstUnseen));
    const greatest = Math.max(...open.map(([, seqNo]) => seqNo));
    if (open.length === 0 || greatest - least > MOST_LOOKED_UP) return false;
    const { clickhouse, database } = this.#sources;
    for (const place of await presentNumbers(clickhouse, database, this.#name, [{ from: least, to: greatest }])) {
      const [shard = "", seqNo = ""] = place.split(" ");
      this.seen(Number(shard), Number(seqNo));
    }
    const found = this.#unseen(highest) < before;
    if (found) this.noticed();
    return found;
  }

  #covers(highest: ReadonlyMap<number, number>): boolean {
    return [...highest].every(([shard, seqNo]) => this.#sequence(shard).covers(seqNo));
  }

  #unseen(highest: ReadonlyMap<number, number>): number {
    return [...highest].reduce((sum, [shard, seqNo]) => sum + this.#sequence(shard).unseen(seqNo), 0);
  }

  async #uncovered(highest: ReadonlyMap<number, number>, documents: number): Promise<string> {
    const unseen = this.#unseen(highest);
    if ([...this.#sequences.values()].every((sequence) => sequence.empty)) {
      return this.#unmirrored(documents);
    }
    if (this.#remade && unseen > this.#refused) return this.#unmirrored(documents);
    // Numbers that left nothing: Lucene itself refused the document, or it was written over or deleted since. Where no document of
    // Elasticsearch's has such a number, ClickHouse has the others in their versions; then the counts say whether it has more.
    if (!(await this.#noneLives(highest)) || (await this.#documents()) !== (await this.#visible())) {
      return this.#shared
        ? `mirror behind: ${unseen} writes to ${this.#name} are not in ClickHouse, by any Parallax`
        : `index ${this.#name} is mirrored in part: ${unseen} of its writes did not come through Parallax`;
    }
    for (const [shard, seqNo] of highest) this.#sequence(shard).settle(seqNo);
    return "";
  }

  /** Whether no document of Elasticsearch's has a number that nobody has seen; false, too, where there are too many of these to ask for. */
  async #noneLives(highest: ReadonlyMap<number, number>): Promise<boolean> {
    const { elasticsearch } = this.#sources;
    const path = `/${encodeURIComponent(this.#name)}`;
    await elasticsearch.json("POST", `${path}/_refresh`);
    for (const [shard, seqNo] of highest) {
      const gaps = this.#sequence(shard).gaps(seqNo);
      if (gaps.length === 0) continue;
      if (gaps.length > MOST_GAPS) return false;
      const should = gaps.map(({ from, to }) => ({ range: { _seq_no: { gte: from, lte: to } } }));
      const body = printJson({ size: 0, track_total_hits: 1, query: { bool: { should } } });
      const answer = await elasticsearch.json(
        "POST",
        `${path}/_search?preference=_shards:${shard}&allow_partial_search_results=false`,
        body,
      );
      if (numberAt(objectAt(objectAt(answer, "hits"), "total"), "value") !== 0) return false;
    }
    return true;
  }

  #unmirrored(documents: number): string {
    return this.#remade
      ? `index ${this.#name} is not mirrored: its table was of another version of Parallax and was made anew; reconcile it to copy its ${documents} documents`
      : `index ${this.#name} is not mirrored: it had documents before Parallax started (${documents}); reconcile it to copy them`;
  }

  #documents(): Promise<number> {
    return countDocuments(this.#sources.clickhouse, this.#sources.database, this.#name);
  }

  #sequence(shard: number): Sequence {
    const known = this.#sequences.get(shard);
    if (known !== undefined) return known;
    const made = new Sequence();
    this.#sequences.set(shard, made);
    return made;
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, POLL_MS));
}
