// The contract's handlers of exchange profiles: what is known, and what is asked once more.
import type { RequestName } from "../../shared/contract.ts";
import type { ExchangeDetail } from "../../shared/exchange.ts";
import { PROFILE_MEMBERS } from "../../shared/exchange_profile.ts";
import type { Session } from "../capture/session.ts";
import type { Engine } from "../engine.ts";
import { ExchangeProfiles, ProfileRefusal } from "../profile/exchange/exchange_profiles.ts";
import type { RunBackends } from "../profile/exchange/run.ts";
import { startRecording } from "../profile/recording.ts";
import { missing } from "./capture_handlers.ts";
import { ContractFailure, type Handlers } from "./handlers.ts";

type ExchangeProfileRequestName = Extract<RequestName, `exchange.profile${string}`>;

const RECORDED =
  "The sample's Elasticsearch is a recording: it can't be asked for a profile. Connect Parallax to an Elasticsearch for that.";

/** Profiles of the engine's exchanges. */
export function exchangeProfilesOf(engine: Engine): ExchangeProfiles {
  return new ExchangeProfiles({ clickhouse: () => engine.clickhouse.client, backends: () => backendsOf(engine) });
}

export function profileHandlersOf(shown: () => Session, profiles: ExchangeProfiles): Pick<Handlers, ExchangeProfileRequestName> {
  const detailOf = (id: number): ExchangeDetail => shown().get(id) ?? missing(id);
  return {
    "exchange.profile": ({ id }) => profiles.known(shown(), detailOf(id)),
    "exchange.profile_again": async ({ id, members = PROFILE_MEMBERS }) => {
      try {
        return await profiles.record(shown(), detailOf(id), new Set(members));
      } catch (error) {
        if (error instanceof ProfileRefusal) throw new ContractFailure(error.code, error.message, error.code === "no_body" ? 404 : 409);
        throw error;
      }
    },
  };
}

function backendsOf(engine: Engine): RunBackends | string {
  const { workspace } = engine;
  if (workspace === null) return "No session is open yet.";
  return {
    elasticsearch: engine.sampleVersion === null ? workspace.ask : RECORDED,
    clickhouse: engine.clickhouse.client,
    judged: (exchange) => workspace.exchanges.judged(exchange),
    startRecording,
  };
}
