// Documents that Elasticsearch acknowledged and that nothing keeps for ClickHouse: the journal was full, or its disk. They are counted
// exactly, by index, and copied by reconciling when ClickHouse is back.
import { ElasticsearchRefused } from "../elasticsearch/client.ts";
import type { Journal } from "../journal/journal.ts";
import type { Gap } from "../journal/messages.ts";
import type { Mirror } from "../mirror/mirror.ts";
import type { Log } from "../report/log.ts";

export interface GapsOptions {
  /** null: nothing is counted. */
  readonly journal: Pick<Journal, "addGaps" | "gaps" | "filled"> | null;
  readonly log: Log;
  /** There are more or less of them. */
  readonly changed: () => void;
}

/** What copies documents. */
type Copier = Pick<Mirror, "documents" | "reconcile">;

/** An index that lacks more than this beside what was counted, and half of its documents, was never mirrored whole. */
const LACKS_MOST = 100_000;

export class Gaps {
  readonly #options: GapsOptions;
  /** By index. */
  #lacking: ReadonlyMap<string, Gap> = new Map();

  constructor(options: GapsOptions) {
    this.#options = options;
  }

  /** How many documents of an index are not mirrored for that. */
  lacking(index: string): number {
    return this.#lacking.get(index)?.documents ?? 0;
  }

  /** "" or what is not mirrored, and why. */
  get problem(): string {
    const gaps = [...this.#lacking.values()];
    const [first] = gaps;
    if (first === undefined) return "";
    const listed = gaps.map(({ index, documents }) => `${documents} of ${index}`).join(", ");
    return `Documents that are not mirrored, since ${first.reason}: ${listed}. They are copied once ClickHouse takes them.`;
  }

  /** Counts documents that nothing keeps. */
  add(cluster: string, changed: ReadonlyMap<string, number>, reason: string): void {
    const since = Date.now();
    const gaps = [...changed].map(([index, documents]) => ({ index, documents, reason, since }));
    if (gaps.length === 0) return;
    this.#options.journal?.addGaps(cluster, gaps);
    this.#take([...this.#lacking.values(), ...gaps]);
  }

  /** Reads what the journal has counted. */
  async read(cluster: string): Promise<void> {
    this.#take((await this.#options.journal?.gaps(cluster)) ?? []);
  }

  #take(gaps: readonly Gap[]): void {
    const lacking = new Map<string, Gap>();
    for (const gap of gaps) {
      const { documents = 0, ...before } = lacking.get(gap.index) ?? {};
      lacking.set(gap.index, { ...gap, ...before, documents: documents + gap.documents });
    }
    const same = lacking.size === this.#lacking.size && [...lacking].every(([index, { documents }]) => documents === this.lacking(index));
    this.#lacking = lacking;
    if (!same) this.#options.changed();
  }

  /** Copies them. False when some have to be tried again later. */
  async fill(cluster: string, mirror: Copier, signal: AbortSignal): Promise<boolean> {
    await this.read(cluster);
    let all = true;
    for (const { index, documents } of this.#lacking.values()) {
      if (signal.aborted) return false;
      if (await this.#copied(mirror, index, documents, signal)) this.#options.journal?.filled(cluster, index, documents);
      else all = false;
    }
    if (this.#lacking.size > 0) await this.read(cluster);
    return all && this.#lacking.size === 0;
  }

  async #copied(mirror: Copier, index: string, documents: number, signal: AbortSignal): Promise<boolean> {
    try {
      const { elasticsearch, clickhouse } = await mirror.documents(index);
      const lacking = elasticsearch - clickhouse;
      if (lacking >= LACKS_MOST + documents && lacking >= elasticsearch / 2) return false;
      const result = await mirror.reconcile(index, { signal });
      // What can never be mirrored, or is gone, is not waited for.
      return result.kind === "equal" || result.kind === "refused" || (result.kind === "failed" && !result.again);
    } catch (error) {
      // With an index that is gone there is nothing left to copy.
      if (error instanceof ElasticsearchRefused && error.status === 404) return true;
      this.#options.log.write("warn", `what is not mirrored of ${index} could not be copied: ${String(error)}`);
      return false;
    }
  }
}
