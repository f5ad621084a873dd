// Writes that Elasticsearch acknowledged, handed to the mirrors of the indices that they changed. Bounded by the octets that wait.
import { messageOf } from "../../shared/thrown.ts";
import type { Operation } from "../elasticsearch/bulk.ts";
import type { Log } from "../report/log.ts";
import { foreignReason, isForeign } from "./foreign.ts";
import type { Handover } from "./index_mirror.ts";
import type { LastWrites } from "./last_writes.ts";
import type { LostWrites } from "./lost_writes.ts";
import type { MadeAnew } from "./made_anew.ts";
import type { OpenIndices } from "./open_indices.ts";
import { acknowledged, type WriteRequest } from "./operations.ts";
import { isPassing } from "./patience.ts";
import type { Pending, PendingWrites } from "./pending_writes.ts";
import { TAPPED, type TappedIndices } from "./tapped.ts";
import type { WriteOutcome } from "./write_outcome.ts";
import { unmirrored, type Written } from "./written.ts";

/** Bodies that may wait for ClickHouse or Elasticsearch; past them writes are left to the journal. */
const WAITING_LIMIT_BYTES = 96 * 1024 * 1024;
/** What is known of each document takes more memory than a short one itself: some times what its answer does. */
const ANSWER_WEIGHT = 4;

export interface HandedWritesOptions {
  readonly indices: OpenIndices;
  readonly pending: PendingWrites;
  readonly lastWrites: LastWrites;
  readonly lostWrites: LostWrites;
  readonly madeAnew: MadeAnew;
  readonly tapped: TappedIndices;
  readonly log: Log;
}

/** `kept`: a journal has it. `again`: some of it may be in ClickHouse already. */
export type How = Pick<Handover, "kept" | "again">;

interface IndexOutcome extends WriteOutcome {
  /** Elasticsearch has to be asked whether the index has anything of it. */
  readonly unclear?: true;
}

export class HandedWrites {
  readonly #options: HandedWritesOptions;
  #waitingBytes = 0;

  constructor(options: HandedWritesOptions) {
    this.#options = options;
  }

  /** What waits to be mirrored, in octets as it came, with what it becomes by then. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Resolves when ClickHouse has the documents of the write, or what is left to do is known. */
  async hand(request: WriteRequest, how: How): Promise<Written> {
    const bytes = request.body.byteLength + ANSWER_WEIGHT * request.answer.byteLength;
    if (this.#waitingBytes > 0 && this.#waitingBytes + bytes > WAITING_LIMIT_BYTES) {
      const note = unmirrored("more documents wait to be mirrored than memory allows");
      return { note, left: "replay", expression: request.route.index };
    }
    this.#waitingBytes += bytes;
    return this.#options.pending
      .pend((pending) => this.#write(request, pending, how))
      .finally(() => {
        this.#waitingBytes -= bytes;
      });
  }

  async #write(request: WriteRequest, pending: Pending, how: How): Promise<Written> {
    const { indices } = this.#options;
    const { operations, failed, unknown, reason, unknownIn } = acknowledged(request);
    const byIndex = Map.groupBy(operations, ({ index }) => index);
    pending.indices = unknown > 0 ? null : new Set(byIndex.keys());
    const pipeline = request.route.params.get("pipeline");
    const byPipeline = pipeline !== undefined && pipeline !== "_none";
    const handover = { acknowledged: request.time, time: Date.now(), byPipeline, ...how };
    const named = await Promise.all(
      [...byIndex].map(async ([index, own]) => [index, await this.#writeIndex(index, own, handover, request)] as const),
    );
    pending.highest = new Map(named.map(([index, { highest }]) => [index, highest]));
    const outcomes = named.map(([, outcome]) => outcome);
    if (failed > 0) for (const name of [...byIndex.keys(), request.route.index]) indices.open.get(name)?.completeness.refused(failed);
    const sum = (pick: (outcome: WriteOutcome) => number): number => outcomes.reduce((total, outcome) => total + pick(outcome), 0);
    const note = {
      indexed: sum((outcome) => outcome.indexed),
      deleted: sum((outcome) => outcome.deleted),
      failed,
      notMirrored: unknown + sum((outcome) => outcome.notMirrored),
      reason: reason || (outcomes.find((outcome) => outcome.reason !== "")?.reason ?? ""),
    };
    const unclear = named.flatMap(([index, outcome]) => (outcome.unclear === true ? [index] : []));
    if (unknown + unclear.length > 0) return { note, left: "ask", expression: [...unknownIn, ...unclear].join(",") };
    const replay = how.kept && outcomes.some(({ notMirrored, passing }) => notMirrored > 0 && passing);
    return { note, left: replay ? "replay" : "nothing", expression: [...byIndex.keys()].join(",") };
  }

  async #writeIndex(name: string, operations: readonly Operation[], handover: Handover, request: WriteRequest): Promise<IndexOutcome> {
    const { indices, lastWrites, lostWrites, madeAnew, tapped, log } = this.#options;
    const nothing = { indexed: 0, deleted: 0, notMirrored: operations.length, passing: false, highest: new Map() };
    if (isForeign(name)) return { ...nothing, reason: foreignReason(name) };
    lastWrites.written(name, request);
    try {
      if (request.asked !== true && tapped.any && (await tapped.has(name))) {
        tapped.count(name, operations.length);
        lostWrites.lost(name, TAPPED);
        return { ...nothing, reason: TAPPED };
      }
      const index = await indices.index(name);
      if (index === null) return { ...nothing, reason: `index ${name} is gone` };
      if (index.description.problem !== "") {
        index.notMirrored += operations.length;
        return { ...nothing, reason: index.description.problem };
      }
      const { time, began = time } = request;
      const standing = handover.again ? await madeAnew.standing(index.description.created, began, time) : "same";
      if (standing === "before") return { ...nothing, reason: `index ${name} was deleted and made anew since` };
      if (standing === "unclear") return { ...nothing, reason: `index ${name} was made while it was written`, unclear: true };
      return await index.write(operations, handover);
    } catch (error) {
      const passing = isPassing(error);
      const reason = messageOf(error);
      log.write("warn", "documents not mirrored", { index: name, documents: operations.length, message: reason });
      if (!(handover.kept && passing)) lostWrites.unopened(name, reason);
      return { ...nothing, reason, passing };
    }
  }
}
