// Writes that Elasticsearch has answered: each is handed to the mirror in its turn, and what could not be is left to the journal.
// Bounded by the octets of bodies that wait.
import type { MirrorNote } from "../../shared/exchange.ts";
import { messageOf } from "../../shared/thrown.ts";
import type { Route } from "../elasticsearch/route.ts";
import type { Mirror } from "../mirror/mirror.ts";
import type { Written } from "../mirror/written.ts";
import type { TappedExchange } from "../proxy/tap.ts";
import type { Log } from "../report/log.ts";
import type { Statistics } from "../report/statistics.ts";
import type { Mirrored } from "./cluster_mirror.ts";
import type { Findings } from "./findings.ts";
import type { KeptWrites } from "./kept_writes.ts";
import type { MirrorTurns } from "./mirror_turns.ts";
import { lost, mirrorWrite, type ReadyWrite, readyWrite } from "./mirror_write.ts";
import type { OpenWrites } from "./open_writes.ts";
import type { Works } from "./works.ts";

/** Bodies of writes that may wait for the mirror to open or for their turn; past them writes are left to the journal. */
const WAITING_LIMIT_BYTES = 64 * 1024 * 1024;
const TOO_MUCH = "more documents wait to be mirrored than memory allows";
const STOPPED = "the mirror is stopped";

export interface WritesOptions {
  readonly turns: MirrorTurns;
  readonly openWrites: OpenWrites;
  /** null without a journal. */
  readonly kept: KeptWrites | null;
  readonly findings: Findings;
  readonly works: Works;
  readonly statistics: Pick<Statistics, "inserted">;
  readonly log: Log;
}

/** A write on its way. */
interface Going {
  readonly write: ReadyWrite;
  /** The journal has it. */
  readonly kept: boolean;
  /** More waits than may. */
  readonly tooMuch: boolean;
  /** To be called as soon as it is handed over. */
  readonly goesOn: () => void;
}

export class Writes {
  readonly #options: WritesOptions;
  readonly #writing = new Set<Promise<void>>();
  #waitingBytes = 0;

  constructor(options: WritesOptions) {
    this.#options = options;
  }

  /** Takes the write of an exchange that is over: what becomes of it is found later. */
  take(exchange: TappedExchange, routed: Route): void {
    const { turns, findings, works, log } = this.#options;
    const { id } = exchange;
    const going = this.#begin(exchange, routed);
    works.begin(id);
    const work = turns
      .write((mirrored) => this.#hand(going, mirrored))
      .then((note) => {
        if (note !== null) findings.mirrored(id, note);
      })
      .catch((error: unknown) => {
        const message = messageOf(error);
        log.write("error", "mirroring failed", { exchange: id, message });
        findings.notMirrored(id, message);
      })
      .finally(() => {
        going.goesOn();
        this.#writing.delete(work);
        works.end(id);
      });
    this.#writing.add(work);
  }

  /** Resolves when what is under way by now is over. */
  async drained(): Promise<void> {
    await Promise.all(this.#writing);
  }

  #begin(exchange: TappedExchange, routed: Route): Going {
    const { openWrites, kept: journal } = this.#options;
    const { id, request } = exchange;
    const bytes = request.body.byteLength;
    const tooMuch = this.#waitingBytes > 0 && this.#waitingBytes + bytes > WAITING_LIMIT_BYTES;
    this.#waitingBytes += bytes;
    const write = readyWrite(exchange, routed);
    const kept = journal?.keeps(request.method, request.target) === true;
    if (kept) journal?.claim(id);
    openWrites.begin(id, exchange.time, routed);
    openWrites.acknowledged(id, write.operations);
    let waits = true;
    const goesOn = (): void => {
      if (waits) this.#waitingBytes -= bytes;
      waits = false;
      openWrites.end(id);
    };
    return { write, kept, tooMuch, goesOn };
  }

  /** Hands it over at once. Resolves with what is said of it. */
  async #hand({ write, kept, tooMuch, goesOn }: Going, mirrored: Mirrored | string): Promise<MirrorNote | null> {
    const { kept: journal, statistics } = this.#options;
    const { exchange, routed, operations } = write;
    const left = (written: Written, mirror: Mirror | null) => this.#left(exchange, mirror, { ...written, kept, documents: operations });
    if (typeof mirrored === "string") return left(lost(exchange, routed, mirrored), null);
    // Handed over before it is forgotten here: at no moment is it nowhere.
    const obstacle = tooMuch ? TOO_MUCH : kept && journal?.held === true ? STOPPED : "";
    const started = performance.now();
    const written = obstacle === "" ? mirrorWrite(mirrored.mirror, write, kept) : lost(exchange, routed, obstacle);
    goesOn();
    const outcome = await written;
    if (obstacle === "") statistics.inserted(performance.now() - started, outcome.left !== "nothing");
    return left(outcome, mirrored.mirror);
  }

  /** What is said of a write once the journal has heard what is left of it. */
  async #left(
    exchange: TappedExchange,
    mirror: Mirror | null,
    { note, left, expression, kept, documents }: Written & { readonly kept: boolean; readonly documents: number },
  ): Promise<MirrorNote | null> {
    const { kept: journal } = this.#options;
    if (left === "nothing") {
      if (kept) journal?.done(exchange.id);
      return note;
    }
    if (kept && (await journal?.leave(exchange.id, expression, left === "ask", documents))) {
      return note === null ? null : { ...note, reason: `${note.reason}; it waits in the journal` };
    }
    if (note !== null && journal?.lost(exchange, note.reason) === true) return note;
    if (mirror !== null && note !== null) mirror.skipped(expression, note.reason);
    return note;
  }
}
