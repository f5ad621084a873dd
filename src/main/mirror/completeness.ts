// Whether a mirrored index holds all that Elasticsearch has. Elasticsearch numbers the changes of a shard without gaps, so
// after one look at its statistics it is enough to follow the numbers.
import type { ElasticsearchClient } from "../elasticsearch/client.ts";
import type { IndexDescription } from "./index_description.ts";
import { Sequence } from "./sequence.ts";
import { readStatistics, type Statistics } from "./statistics.ts";
import type { Store } from "./store.ts";
import { countDocuments, type TableFacts } from "./table.ts";

interface Sources {
  readonly clickhouse: Store;
  readonly elasticsearch: ElasticsearchClient;
  readonly database: string;
}

/** How long a good look holds before the next one is taken, beside the searches. */
const LOOK_EVERY_MS = 15_000;
/** A bad look is repeated, at most this often. */
const LOOK_AGAIN_MS = 1_000;

export class Completeness {
  readonly #sources: Sources;
  readonly #name: string;
  readonly #sequences = new Map<number, Sequence>();
  readonly #born: boolean;
  #refused = 0;
  #lost = "";
  #lookedAt = 0;
  #problem = "";
  #looking: Promise<void> | null = null;

  /** `facts` is null for a table that was just made. */
  constructor(sources: Sources, description: IndexDescription, facts: TableFacts | null) {
    this.#sources = sources;
    this.#name = description.name;
    this.#born = facts === null;
    for (const [shard, highest] of facts?.highest ?? []) this.#sequences.set(shard, new Sequence(highest));
    this.#problem = description.problem;
    this.#lost = description.problem === "" ? "" : `index ${description.name} is not mirrored: ${description.problem}`;
  }

  seen(shard: number, seqNo: number): void {
    this.#sequence(shard).add(seqNo);
  }

  /** Elasticsearch refused documents: some of them may have taken a number all the same. */
  refused(count: number): void {
    this.#refused += count;
  }

  /** Some documents could not be mirrored: the index stays incomplete until it is made anew. */
  lost(reason: string): void {
    this.#lost ||= `index ${this.#name} is mirrored in part: ${reason}`;
  }

  /** "" when the mirror holds all; else why not. `busy`: writes are on their way, so that numbers may still be missing. */
  async reason(busy: boolean): Promise<string> {
    if (this.#lost !== "") return this.#lost;
    const now = Date.now();
    const missing = this.#missing();
    if (this.#lookedAt === 0 || missing > 0 || (this.#problem !== "" && now - this.#lookedAt > LOOK_AGAIN_MS)) await this.#look();
    else if (now - this.#lookedAt > LOOK_EVERY_MS) void this.#look().catch(() => {});
    if (this.#lost !== "" || this.#problem === "") return this.#lost;
    return busy ? `writes to ${this.#name} are on their way` : this.#problem;
  }

  /** True when the last look found all in place. */
  get whole(): boolean {
    return this.#lost === "" && this.#problem === "" && this.#missing() === 0;
  }

  #missing(): number {
    let missing = 0;
    for (const sequence of this.#sequences.values()) missing += sequence.missing;
    return missing;
  }

  #look(): Promise<void> {
    this.#looking ??= this.#compare().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  async #compare(): Promise<void> {
    const statistics = await readStatistics(this.#sources.elasticsearch, this.#name).catch((error: unknown) => String(error));
    this.#lookedAt = Date.now();
    this.#problem = typeof statistics === "string" ? statistics : await this.#problemOf(statistics);
  }

  async #problemOf({ documents, highest }: Statistics): Promise<string> {
    if (highest !== null && this.#born) {
      const unseen = this.#unseen(highest);
      if (unseen === 0) return "";
      // A document that Lucene itself refused took a number too, and left nothing: then the counts say that all is there.
      if (unseen > this.#refused || (await this.#documents()) !== documents) return this.#unseenReason(unseen, documents);
      for (const [shard, seqNo] of highest) this.#sequence(shard).settle(seqNo);
      return "";
    }
    const own = await this.#documents();
    if (own !== documents) {
      return own === 0
        ? this.#unseenReason(documents, documents)
        : `index ${this.#name} is mirrored in part: it has ${documents} documents, ClickHouse ${own}`;
    }
    if (highest !== null && this.#unseen(highest) > 0) return this.#unseenReason(this.#unseen(highest), documents);
    return "";
  }

  #unseen(highest: ReadonlyMap<number, number>): number {
    let unseen = 0;
    for (const [shard, seqNo] of highest) {
      const sequence = this.#sequence(shard);
      unseen += sequence.missing + Math.max(0, seqNo - sequence.highest);
    }
    return unseen;
  }

  #seenNone(): boolean {
    return [...this.#sequences.values()].every((sequence) => sequence.highest === -1);
  }

  #unseenReason(unseen: number, documents: number): string {
    return this.#seenNone()
      ? `index ${this.#name} is not mirrored: it had documents before Parallax started (${documents})`
      : `index ${this.#name} is mirrored in part: ${unseen} of its writes did not come through Parallax`;
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
