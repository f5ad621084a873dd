// Probes searches for noise, one at a time, bounded in time: how far it is, what came out, and an end to it.
import type { ExchangeDetail } from "../../shared/exchange.ts";
import { DEFAULT_TIMES, type NoiseProbe } from "../../shared/noise.ts";
import { messageOf } from "../../shared/thrown.ts";
import { ByExchange } from "../capture/by_exchange.ts";
import { askedSearch } from "./asked_search.ts";
import { type ProbedSides, probeNoise } from "./probe.ts";

const MOST_MS = 60_000;

export type ProbeState = Omit<NoiseProbe, "remembered">;

const NONE: ProbeState = { state: "none", position: 0, times: 0, asked: 0, problem: "", result: null };

/** A search that can't be probed: which of these, and why in words. */
export class ProbeRefusal extends Error {
  override readonly name = "ProbeRefusal";
  readonly code: "no_search" | "not_probed" | "probing";

  constructor(code: ProbeRefusal["code"], message: string) {
    super(message);
    this.code = code;
  }
}

export interface ToProbe {
  readonly session: object;
  readonly detail: ExchangeDetail;
  /** As sent. */
  readonly body: Uint8Array;
  readonly sides: ProbedSides;
  /** Which search of several; the first that differs by default, else the first. */
  readonly position?: number | undefined;
  readonly times?: number | undefined;
}

export class Prober {
  readonly #mostMs: number;
  readonly #states = new ByExchange<ProbeState>(NONE);
  #running: { readonly id: number; stopped: boolean } | null = null;

  constructor(mostMs = MOST_MS) {
    this.#mostMs = mostMs;
  }

  state(session: object, id: number): ProbeState {
    return this.#states.get(session, id);
  }

  /** Ends it with what was asked by then. */
  stop(session: object, id: number): ProbeState {
    if (this.#running?.id === id) this.#running.stopped = true;
    return this.state(session, id);
  }

  /** Resolves when it is over; `state` tells the rest meanwhile. Throws ProbeRefusal and UndecodableBody. */
  async probe({ session, detail, body, sides, position, times = DEFAULT_TIMES }: ToProbe): Promise<ProbeState> {
    const { id, searches } = detail;
    if (this.#running !== null)
      throw new ProbeRefusal("probing", `Exchange ${this.#running.id} is being probed; try again when that is done.`);
    const differing = searches.find(({ comparison }) => comparison.verdict === "different");
    const part = position === undefined ? (differing ?? searches[0]) : searches.find((one) => one.position === position);
    if (part === undefined) throw new ProbeRefusal("no_search", `Exchange ${id} has no such search.`);
    const asked = askedSearch(detail, body, part.position);
    if (typeof asked === "string") throw new ProbeRefusal("not_probed", asked);
    const running = { id, stopped: false };
    this.#running = running;
    this.#states.set(session, id, { ...NONE, state: "running", position: part.position, times });
    const until = performance.now() + this.#mostMs;
    try {
      const result = await probeNoise(asked, part.comparison, sides, {
        times,
        goOn: () => !running.stopped && performance.now() < until,
        asked: () => this.#states.change(session, id, { asked: this.state(session, id).asked + 1 }),
      });
      this.#states.change(session, id, { state: running.stopped ? "stopped" : "done", result });
    } catch (error) {
      this.#states.change(session, id, { state: "failed", problem: messageOf(error) });
    } finally {
      this.#running = null;
    }
    return this.state(session, id);
  }
}
