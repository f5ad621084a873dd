// Writes exchanges to the dump files when they are over. Nothing waits for it: where the disk is too slow, exchanges are left out and counted.
import { setImmediate as turn } from "node:timers/promises";
import type { DumpInfo } from "../../../shared/dump.ts";
import type { ExchangeDetail } from "../../../shared/exchange.ts";
import { messageOf } from "../../../shared/thrown.ts";
import type { Session } from "../session.ts";
import type { Filter } from "../types.ts";
import type { DumpFiles } from "./files.ts";
import { dumpText } from "./text.ts";

/** Exchanges that may wait to be written. */
const MOST_WAITING = 10_000;
const MOST_REMEMBERED = 50_000;
const GATHERED_BYTES = 1024 * 1024;

export class Dump {
  readonly #files: DumpFiles;
  readonly #session: () => Session | null;
  #on = false;
  #filter: Filter | null = null;
  #problem = "";
  #written = 0;
  #missed = 0;
  readonly #waiting = new Set<number>();
  /** Ids that were written, of `#of`: an exchange changes again when its mirroring is known. */
  readonly #done = new Set<number>();
  #of: Session | null = null;
  #working: Promise<void> | null = null;

  /** `session` gives the one that is captured into. */
  constructor(files: DumpFiles, session: () => Session | null) {
    this.#files = files;
    this.#session = session;
  }

  info(): DumpInfo {
    const missed = this.#missed === 0 ? "" : `${this.#missed} exchanges were left out: the disk is too slow for them.`;
    return {
      on: this.#on,
      filter: this.#filter?.text ?? "",
      file: this.#files.file,
      written: this.#written,
      problem: this.#problem || missed,
    };
  }

  /** `filter` null: everything. */
  set(on: boolean, filter: Filter | null): void {
    this.#on = on;
    this.#filter = filter;
    this.#problem = "";
    if (!on) this.#waiting.clear();
  }

  /** An exchange is new or changed. */
  changed(id: number): void {
    if (!this.#on || this.#done.has(id)) return;
    if (this.#waiting.size >= MOST_WAITING) {
      this.#missed += 1;
      return;
    }
    this.#waiting.add(id);
    this.#working ??= this.#work().finally(() => {
      this.#working = null;
    });
  }

  /** Resolves when all that is over is written. */
  async flushed(): Promise<void> {
    while (this.#working !== null) await this.#working;
  }

  async #work(): Promise<void> {
    while (this.#waiting.size > 0) {
      await turn();
      const session = this.#session();
      if (session === null) return this.#waiting.clear();
      this.#begin(session);
      try {
        await this.#files.append(this.#gather(session), Date.now());
        this.#problem = "";
      } catch (error) {
        this.#problem = `The dump ${this.#files.file} can't be written: ${messageOf(error)}`;
      }
    }
  }

  // Ids are a session's own.
  #begin(session: Session): void {
    if (this.#of !== session || this.#done.size > MOST_REMEMBERED) this.#done.clear();
    this.#of = session;
  }

  #gather(session: Session): string {
    let text = "";
    for (const id of [...this.#waiting].toSorted((a, b) => a - b)) {
      this.#waiting.delete(id);
      const detail = session.get(id);
      if (detail === null || !isOver(detail)) continue;
      this.#done.add(id);
      if (this.#filter !== null && !session.passes(id, this.#filter)) continue;
      const bodies = { request: session.decodedBody(id, "request"), elasticsearch: session.decodedBody(id, "elasticsearch") };
      text += dumpText(detail, bodies);
      this.#written += 1;
      if (text.length > GATHERED_BYTES) break;
    }
    return text;
  }
}

/** A search is over with its verdict, anything else with its answer or its failure. */
function isOver({ kind, status, error, verdict }: ExchangeDetail): boolean {
  return kind === "search" ? verdict !== null : status !== 0 || error !== "";
}
