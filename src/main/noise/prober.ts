// Probes searches for noise, one at a time, bounded in time: how far it is, what came out, and an end to it.
import type { ExchangeDetail } from "../../shared/exchange.ts";
import { DEFAULT_TIMES, type NoiseFound, type NoiseProbe } from "../../shared/noise.ts";
import { OneAtATime } from "../capture/one_at_a_time.ts";
import { askedSearch } from "./asked_search.ts";
import { type ProbedSides, probeNoise } from "./probe.ts";

const MOST_MS = 60_000;

export type ProbeState = Omit<NoiseProbe, "remembered">;

type Progress = Pick<NoiseProbe, "position" | "times" | "asked">;

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
  readonly #works: OneAtATime<Progress, NoiseFound>;

  constructor(mostMs = MOST_MS) {
    this.#works = new OneAtATime({ position: 0, times: 0, asked: 0 }, mostMs);
  }

  state(session: object, id: number): ProbeState {
    return this.#works.state(session, id);
  }

  /** Ends it with what was asked by then. */
  stop(session: object, id: number): ProbeState {
    return this.#works.stop(session, id);
  }

  /** Resolves when it is over; `state` tells the rest meanwhile. Throws ProbeRefusal and UndecodableBody. */
  async probe({ session, detail, body, sides, position, times = DEFAULT_TIMES }: ToProbe): Promise<ProbeState> {
    const { id, searches } = detail;
    const { running } = this.#works;
    if (running !== null) throw new ProbeRefusal("probing", `Exchange ${running} is being probed; try again when that is done.`);
    const differing = searches.find(({ comparison }) => comparison.verdict === "different");
    const part = position === undefined ? (differing ?? searches[0]) : searches.find((one) => one.position === position);
    if (part === undefined) throw new ProbeRefusal("no_search", `Exchange ${id} has no such search.`);
    const asked = askedSearch(detail, body, part.position);
    if (typeof asked === "string") throw new ProbeRefusal("not_probed", asked);
    await this.#works.run(session, id, { position: part.position, times, asked: 0 }, ({ goOn, come }) => {
      let count = 0;
      const counted = (): void => {
        count += 1;
        come({ asked: count });
      };
      return probeNoise(asked, part.comparison, sides, { times, goOn, asked: counted });
    });
    return this.state(session, id);
  }
}
