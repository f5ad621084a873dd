// The contract's handlers of when pipes run by themselves.
import type { RequestName } from "../../shared/contract.ts";
import { urlProblem } from "../config/url.ts";
import type { Engine } from "../engine.ts";
import { FASTEST, filterOf } from "./capture_handlers.ts";
import { ContractFailure, type Handlers } from "./handlers.ts";
import { RECORDED, refused } from "./index_handlers.ts";

type ScheduleRequestName = Extract<RequestName, `schedule${string}`>;

export function scheduleHandlers(engine: Engine): Pick<Handlers, ScheduleRequestName> {
  return {
    "schedules.list": () => engine.schedules.list(),
    "schedule.put": ({ pipe, ...schedule }) => {
      const { url, filter, speed = 1 } = schedule;
      if (pipe.startsWith("generate-") && engine.sampleVersion !== null) throw new ContractFailure("recorded", RECORDED, 409);
      const problem = url === undefined ? "" : urlProblem(url);
      if (problem !== "") throw new ContractFailure("bad_url", `"url" ${problem}`);
      if (speed > FASTEST) throw new ContractFailure("bad_request", `"speed" is at most ${FASTEST}; 0 is as fast as can be.`);
      filterOf(filter);
      return engine.schedules.put(pipe, schedule).catch(refused);
    },
    "schedule.remove": ({ pipe }) => {
      try {
        engine.schedules.remove(pipe);
      } catch (error) {
        refused(error);
      }
      return engine.schedules.list();
    },
  };
}
