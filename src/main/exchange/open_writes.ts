// Writes that Elasticsearch may have carried out and the mirror has not been handed: those that wait for their answer, and
// those that wait for the searches before them. A search that ran beside one may have seen it or not.
import type { Route } from "../elasticsearch/route.ts";
import { expressionNames } from "../mirror/expression.ts";

interface OpenWrite {
  /** Start of its request, epoch ms. */
  readonly time: number;
  readonly expression: string;
  /** Acknowledged operations; 0 until the answer has come. */
  operations: number;
}

export class OpenWrites {
  readonly #open = new Map<number, OpenWrite>();
  #operations = 0;

  /** Operations that are acknowledged and not handed over, in all. */
  get operations(): number {
    return this.#operations;
  }

  /** A request has begun, or is met with its answer. */
  begin(id: number, time: number, { kind, index }: Route): void {
    if (kind === "write" && !this.#open.has(id)) this.#open.set(id, { time, expression: index, operations: 0 });
  }

  acknowledged(id: number, operations: number): void {
    const write = this.#open.get(id);
    if (write === undefined) return;
    this.#operations += operations - write.operations;
    write.operations = operations;
  }

  /** It has been handed over, or never will be. */
  end(id: number): void {
    this.#operations -= this.#open.get(id)?.operations ?? 0;
    this.#open.delete(id);
  }

  /** Those that are open now, whatever ends or begins later. */
  now(): Pick<OpenWrites, "changing"> {
    const now = new OpenWrites();
    for (const [id, write] of this.#open) now.#open.set(id, write);
    return now;
  }

  /** The first of `indices` that an open write from before `time` (epoch ms) may have changed; "" when there is none. */
  changing(indices: readonly string[], time: number): string {
    for (const write of this.#open.values()) {
      if (write.time > time) continue;
      const changed = indices.find((index) => expressionNames(write.expression, index));
      if (changed !== undefined) return changed;
    }
    return "";
  }
}
