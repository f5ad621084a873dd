// The contract's handlers of the list of exchanges: its pages, the strip over it, one exchange and its bodies, and how searches came out.
import type { RequestName } from "../../shared/contract.ts";
import type { Session } from "../capture/session.ts";
import { filterOf, missing } from "./capture_handlers.ts";
import type { Handlers } from "./handlers.ts";

type TrafficRequestName = Extract<RequestName, `exchanges.${string}` | "exchange.get" | "exchange.body" | "verdicts.get">;

/** Handlers over the session that `shown` gives; it throws ContractFailure where there is none. */
export function trafficHandlers(shown: () => Session): Pick<Handlers, TrafficRequestName> {
  return {
    "exchanges.list": ({ filter, ...bounds }, gone) => shown().ask({ kind: "list", query: { ...filterOf(filter), ...bounds } }, gone),
    "exchanges.ranges": ({ filter, ...bounds }, gone) => shown().ask({ kind: "ranges", query: { ...filterOf(filter), ...bounds } }, gone),
    "exchanges.timeline": ({ filter }, gone) => shown().ask({ kind: "timeline", ...filterOf(filter) }, gone),
    "exchange.get": ({ id }) => shown().get(id) ?? missing(id),
    "exchange.body": async ({ id, side, offset }) => {
      await shown().prepareBody(id, side);
      return shown().body(id, side, offset ?? 0) ?? missing(id);
    },
    "verdicts.get": (_, gone) => shown().ask({ kind: "verdicts" }, gone),
  };
}
