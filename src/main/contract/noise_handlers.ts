// The contract's handlers of noise: a search asked several times of each side, and what is remembered of that.
import type { RequestName } from "../../shared/contract.ts";
import { FEWEST_TIMES, MOST_TIMES, type NoiseProbe, type RememberedNoise } from "../../shared/noise.ts";
import { REPLAY_HEADER } from "../capture/rows.ts";
import type { Session } from "../capture/session.ts";
import { UndecodableBody } from "../elasticsearch/body.ts";
import type { Engine } from "../engine.ts";
import { runSearch } from "../exchange/run_search.ts";
import type { NoiseBook } from "../noise/noise_book.ts";
import type { ProbedSides } from "../noise/probe.ts";
import { ProbeRefusal, Prober, type ProbeState } from "../noise/prober.ts";
import { headersAgain } from "../replay/session_requests.ts";
import { missing, shownSession } from "./capture_handlers.ts";
import { backendsOf } from "./explain_handlers.ts";
import { ContractFailure, type Handlers } from "./handlers.ts";

type NoiseRequestName = Extract<RequestName, `exchange.probe${string}` | `noise.${string}`>;

const RECORDED =
  "The sample's Elasticsearch is a recording: it answers the same each time. Connect Parallax to an Elasticsearch to ask that for noise.";

export function noiseHandlers(engine: Engine): Pick<Handlers, NoiseRequestName> {
  return noiseHandlersOf({ session: () => shownSession(engine), sides: (id, session) => sidesOf(engine, id, session), book: engine.noise });
}

export interface NoiseSources {
  readonly session: () => Session;
  /** To ask for an exchange. Rejects with ContractFailure where there is nobody to ask. */
  readonly sides: (id: number, session: Session) => Promise<ProbedSides>;
  readonly book: NoiseBook;
}

/** The handlers over any session, sides and book. */
export function noiseHandlersOf({ session, sides, book }: NoiseSources): Pick<Handlers, NoiseRequestName> {
  const prober = new Prober();
  const detailOf = (id: number) => session().get(id) ?? missing(id);
  const told = (state: ProbeState): NoiseProbe => {
    const { result } = state;
    return { ...state, remembered: result !== null && book.of(result.shape)?.time === result.time };
  };
  const remember = (id: number): RememberedNoise => {
    const { result } = prober.state(session(), id);
    if (result === null) throw new ContractFailure("not_probed", `Exchange ${id} has not been probed: do that first.`, 409);
    const { shape, sketch, index, time, known, disturbed, elasticsearch, clickhouse } = result;
    if (disturbed !== "") throw new ContractFailure("disturbed", `This may be no noise: ${disturbed}. Probe it again.`, 409);
    if (known.length === 0)
      throw new ContractFailure(
        "no_noise",
        `Exchange ${id}: neither side disagrees with itself in a value or an order that could be left open.`,
        409,
      );
    const noise = { shape, sketch, index, time, times: Math.max(elasticsearch.answers, clickhouse.answers), paths: known };
    book.remember(noise);
    return noise;
  };
  return {
    "exchange.probe": async ({ id, position, times, remember: keeps }) => {
      if (times !== undefined && (times < FEWEST_TIMES || times > MOST_TIMES))
        throw new ContractFailure("bad_request", `"times" is from ${FEWEST_TIMES} to ${MOST_TIMES}: fewer can't tell noise from a change.`);
      const own = session();
      const detail = detailOf(id);
      if (detail.request.truncated)
        throw new ContractFailure(
          "truncated",
          `The request of exchange ${id} was longer than the capture limit and can't be asked again.`,
          409,
        );
      const body = own.rawBody(id, "request") ?? new Uint8Array();
      try {
        const state = await prober.probe({ session: own, detail, body, sides: await sides(id, own), position, times });
        if (keeps === true && state.result?.disturbed === "" && state.result.known.length > 0) remember(id);
        return told(state);
      } catch (error) {
        if (error instanceof ProbeRefusal) throw new ContractFailure(error.code, error.message, 409);
        if (error instanceof UndecodableBody) throw new ContractFailure("no_body", error.message, 404);
        throw error;
      }
    },
    "exchange.probe_state": ({ id }) => told(prober.state(session(), detailOf(id).id)),
    "exchange.probe_stop": ({ id }) => told(prober.stop(session(), detailOf(id).id)),
    "noise.list": () => book.list(),
    "noise.remember": ({ id }) => remember(detailOf(id).id),
    "noise.forget": ({ shape }) => {
      if (!book.forget(shape)) throw new ContractFailure("no_noise", `No noise of the shape ${JSON.stringify(shape)} is remembered.`, 404);
      return book.list();
    },
  };
}

async function sidesOf(engine: Engine, id: number, session: Session): Promise<ProbedSides> {
  const { workspace } = engine;
  if (workspace === null) throw new ContractFailure("no_session", "No session is open yet; try again in a moment.", 503);
  if (engine.sampleVersion !== null) throw new ContractFailure("recorded", RECORDED, 409);
  const mirrored = await workspace.mirrored();
  if (typeof mirrored === "string") throw new ContractFailure("away", `It can't be probed now: ${mirrored}.`, 503);
  const own = session.get(id)?.request.headers ?? [];
  const headers = headersAgain(id, own).filter(([name]) => ![REPLAY_HEADER, "accept"].includes(name.toLowerCase()));
  const { elasticsearch, running } = backendsOf(workspace, mirrored, id, headers);
  return {
    elasticsearch,
    clickhouse: (search) => runSearch(running, search, Date.now()),
    unsettled: (...when) => workspace.exchanges.unsettled(mirrored.mirror, ...when),
  };
}
