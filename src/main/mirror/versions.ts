// Whether a table may have several versions of a document, so that only the last of each counts: after a write that overwrote or deleted
// one, and while documents are copied to it from Elasticsearch.

export interface VersionsOptions {
  /** What the table was opened with. */
  readonly overwritten: boolean;
  /** True while no write is on its way. */
  readonly quiet: () => boolean;
  /** Looks at the whole table; null where that failed. */
  readonly look: () => Promise<boolean | null>;
}

export class Versions {
  readonly #options: VersionsOptions;
  #overwritten: boolean;
  /** How often a write was the reason. */
  #overwrites = 0;
  #mending: Promise<void> | null = null;
  /** By shard: numbers up to here may have been copied from Elasticsearch. */
  #copied: ReadonlyMap<number, number> = new Map();

  constructor(options: VersionsOptions) {
    this.#options = options;
    this.#overwritten = options.overwritten;
  }

  /** True when only the last version of each document counts. */
  get final(): boolean {
    return this.#overwritten || this.#mending !== null;
  }

  /** A write brings other versions of documents that may be there. */
  overwrote(): void {
    this.#overwritten = true;
    this.#overwrites += 1;
  }

  /** Whether a copy may have brought the change with this number of its shard. */
  mayBeCopied(seqNo: number, shard: () => number): boolean {
    return this.#copied.size > 0 && seqNo <= (this.#copied.get(shard()) ?? -1);
  }

  /** Resolves when nothing is copied to the table. */
  async mended(): Promise<void> {
    await this.#mending;
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
      if (overwrote === undefined) await this.#look();
      else this.#overwritten ||= overwrote();
      this.#mending = null;
      resolve();
    }
  }

  async #look(): Promise<void> {
    const { quiet, look } = this.#options;
    const [quietBefore, overwrites] = [quiet(), this.#overwrites];
    const overwritten = await look();
    if (overwritten !== false) this.#overwritten = true;
    else if (quietBefore && quiet() && overwrites === this.#overwrites) this.#overwritten = false;
  }
}
