// The reconciliations that are under way: one at a time an index, shared by all who ask for it.
import type { Reconciliation } from "./report.ts";

export class RunningReconciliations {
  readonly #running = new Map<string, Promise<Reconciliation>>();

  /** Runs `begin` unless a reconciliation of the index is under way: then that one's end is this one's, too. */
  run(index: string, begin: () => Promise<Reconciliation>): Promise<Reconciliation> {
    const met = this.#running.get(index);
    if (met !== undefined) return met;
    const running = begin().finally(() => this.#running.delete(index));
    this.#running.set(index, running);
    return running;
  }

  /** Runs `begin` once none is under way: what an earlier one had passed by then is looked at again. */
  async next(index: string, begin: () => Promise<Reconciliation>): Promise<Reconciliation> {
    for (let met = this.#running.get(index); met !== undefined; met = this.#running.get(index)) await met;
    return this.run(index, begin);
  }
}
