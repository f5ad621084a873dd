// Takes note of what the tables hold at the turn of an exchange that opens a point in time or a scroll, for the searches that read it later.
import { messageOf } from "../../shared/thrown.ts";
import type { Route } from "../elasticsearch/route.ts";
import type { TappedExchange } from "../proxy/tap.ts";
import type { MirrorTurns } from "./mirror_turns.ts";
import type { Moment } from "./moment.ts";
import type { Moments } from "./moments.ts";
import { BoundedQueue, OVER_CAPACITY } from "./queue.ts";

/** Moments are held before the searches that wait; mostly they wait for ClickHouse. */
const CONCURRENCY = 8;
const CAPACITY = 2000;

export class HeldTables {
  readonly #turns: MirrorTurns;
  readonly #moments: Pick<Moments, "hold">;
  readonly #queue = new BoundedQueue(CONCURRENCY, CAPACITY);

  constructor(turns: MirrorTurns, moments: Pick<Moments, "hold">) {
    this.#turns = turns;
    this.#moments = moments;
  }

  /** What the tables hold, in the turn of an exchange that is over. Never rejects. */
  async hold(exchange: TappedExchange, routed: Route): Promise<Moment> {
    const obstacle = this.#turns.obstacle();
    if (obstacle !== "") return { kind: "not_compared", reason: obstacle };
    const turn = this.#turns.read();
    const mirrored = await turn.mirrored();
    if (typeof mirrored === "string") {
      turn.done();
      return { kind: "not_compared", reason: mirrored };
    }
    const hold = this.#moments.hold(mirrored, exchange, routed);
    // The writes after it go on where it is known now up to which numbers it reaches.
    if (hold.known) turn.done();
    const held = Promise.withResolvers<Moment>();
    const failed = (error: unknown) => ({ kind: "not_compared", reason: `what was held could not be told: ${messageOf(error)}` }) as const;
    const taken = this.#queue.offer(() => hold.tell().catch(failed).then(held.resolve).finally(turn.done));
    if (!taken) turn.done();
    return taken ? held.promise : { kind: "not_compared", reason: OVER_CAPACITY };
  }
}
