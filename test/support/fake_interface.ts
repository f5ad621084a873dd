// A debugging interface whose contract is never called, for tests of what it serves beside that.
import { EventHub } from "../../src/main/contract/events.ts";
import type { Handlers } from "../../src/main/contract/handlers.ts";
import type { InterfaceOptions } from "../../src/main/contract/http_server.ts";

function unused(): never {
  throw new Error("nobody is to ask for this");
}

/** Of events that nobody is to be told of. */
export const NO_PRODUCERS = {
  exchanges: unused,
  status: unused,
  verdicts: unused,
  pipes: unused,
  rules: unused,
  kibana: unused,
  profiles: unused,
  log: unused,
} as const;

/** On a free port, without a token. */
export function fakeInterface(): InterfaceOptions {
  return {
    handlers: new Proxy({} as Handlers, { get: () => unused }),
    events: new EventHub(NO_PRODUCERS),
    raw: unused,
    har: unused,
    page: "/nowhere",
    token: null,
    version: "1.2.3",
    port: 0,
    exactPort: true,
  };
}
