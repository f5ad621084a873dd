// Reconciling an index by its name: the mirror of it as Elasticsearch has it now is found, or why there is none, and forgets what it had
// lost where both sides are equal afterwards.
import { messageOf } from "../../../shared/thrown.ts";
import type { Log } from "../../report/log.ts";
import type { Catalog } from "../catalog.ts";
import { foreignReason, isForeign } from "../foreign.ts";
import type { IndexMirror } from "../index_mirror.ts";
import type { LostWrites } from "../lost_writes.ts";
import type { OpenIndices } from "../open_indices.ts";
import { whileAway } from "../patience.ts";
import type { TappedIndices } from "../tapped.ts";
import { takeChanges } from "./changes.ts";
import { type Engines, reconcile } from "./reconcile.ts";
import { NOTHING_COMPARED, type ReconcileOptions, type Reconciliation } from "./report.ts";
import { RunningReconciliations } from "./running.ts";

/** How long a reconciliation waits for writes that are on their way, and how often it looks. */
const SETTLE_MS = 2_000;
const POLL_MS = 25;

export interface ReconcilingOptions {
  readonly engines: Engines;
  readonly catalog: Catalog;
  readonly indices: OpenIndices;
  readonly lostWrites: LostWrites;
  readonly tapped: TappedIndices;
  readonly log: Log;
  /** How many operations Elasticsearch has acknowledged that wait to be handed over. */
  readonly announced: () => number;
}

export class Reconciling {
  readonly #options: ReconcilingOptions;
  readonly #running = new RunningReconciliations();

  constructor(options: ReconcilingOptions) {
    this.#options = options;
  }

  /**
   * Makes the table of one index, by its own name, equal to Elasticsearch: copies what it lacks, deletes what Elasticsearch does not
   * have. Made when missing. Who asks while that is under way gets the same, by the options of the first. Never throws.
   */
  reconcile(name: string, options: ReconcileOptions = {}): Promise<Reconciliation> {
    return this.#running.run(name, () => this.#work(name, options, reconcile));
  }

  /** The same after writes that named no documents, at the cost of what these changed. Refuses where that can't be told. Never throws. */
  takeChanges(name: string, mostMissing: number, options: ReconcileOptions = {}): Promise<Reconciliation> {
    const work: typeof reconcile = (index, engines, own = {}) => takeChanges(index, engines, own, mostMissing);
    return this.#running.next(name, () => this.#work(name, options, work));
  }

  async #work(name: string, options: ReconcileOptions, work: typeof reconcile): Promise<Reconciliation> {
    const { engines, lostWrites, tapped, log } = this.#options;
    if (isForeign(name)) return { kind: "refused", reason: foreignReason(name) };
    const opened = await this.#met(name).catch((error: unknown) => new Error(messageOf(error)));
    if (opened instanceof Error) return { kind: "failed", reason: opened.message, again: true, report: NOTHING_COMPARED };
    if (typeof opened === "string") return { kind: "refused", reason: opened };
    const settled = options.settled ?? (() => this.#settled(opened));
    const result = await work(opened, engines, { ...options, settled });
    const { kind } = result;
    const told = kind === "refused" ? { reason: result.reason } : { ...result.report, reason: kind === "failed" ? result.reason : "" };
    log.write(kind === "failed" ? "warn" : "info", "reconciled", { index: name, kind, ...told });
    if (result.kind !== "equal") return result;
    lostWrites.forget(name);
    tapped.forget(name);
    opened.notMirrored = 0;
    return result;
  }

  /** The index as it is now; why there is none. */
  async #met(name: string): Promise<IndexMirror | string> {
    const { catalog, indices } = this.#options;
    const time = Date.now();
    const description = await whileAway(() => catalog.describe(name));
    if (description === undefined) return `there is no index ${name}`;
    const index = await indices.current(description, time);
    await index?.form.adopt(description, time);
    return index ?? `index ${name} is gone`;
  }

  /** Resolves when nothing is on its way to the index, or after a moment. */
  async #settled(index: IndexMirror): Promise<void> {
    const deadline = Date.now() + SETTLE_MS;
    while (Date.now() < deadline && (index.pending > 0 || this.#options.announced() > 0)) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}
