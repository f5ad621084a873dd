// States that a page can be in, put over the made-up contract: nothing there yet, answers that never come, an engine that refuses.
import { ContractFailure, type Handlers } from "../../src/main/contract/handlers.ts";
import type { RequestName } from "../../src/shared/contract.ts";

export const PAGE_STATES = ["usual", "empty", "slow", "error"] as const;
export type PageState = (typeof PAGE_STATES)[number];

/** What the frame around the pages asks for: answered in each state. */
const FRAME: ReadonlySet<string> = new Set<RequestName>(["status.get", "health.get", "session.recent", "dump.get"]);

/** Answered with nothing where nothing is there yet. The session itself is empty by its number of exchanges. */
const EMPTY: Partial<Handlers> = {
  "indices.list": () => [],
  "pipes.list": () => [],
  "schedules.list": () => [],
  "routes.list": () => [],
  "profiles.list": () => [],
  "noise.list": () => [],
};

/** The handlers as `state` answers; it may change at any time. */
export function inState(handlers: Handlers, state: () => PageState): Handlers {
  return new Proxy(handlers, {
    get(all, name: RequestName) {
      if (FRAME.has(name)) return all[name];
      switch (state()) {
        case "usual":
          return all[name];
        case "empty":
          return EMPTY[name] ?? all[name];
        case "slow":
          return () => new Promise<never>(() => {});
        case "error":
          return () => {
            throw new ContractFailure(
              "clickhouse",
              "ClickHouse at http://127.0.0.1:8123 does not answer: the connection was refused.",
              503,
            );
          };
      }
    },
  });
}
