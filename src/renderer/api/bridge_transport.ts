// The contract over Electron's preload bridge. The engine lives in the same application: it is always there.
import { messageOf } from "../../shared/thrown.ts";
import { type Bridge, type Transport, unreachable } from "./transport.ts";

export function bridgeTransport(bridge: Bridge): Transport {
  return {
    call: async (name, request) => {
      try {
        return await bridge.call(name, request);
      } catch (error) {
        return unreachable(messageOf(error));
      }
    },
    on: (event, listener) => bridge.on(event, listener),
    onConnection: (listener) => {
      listener(true);
      return () => undefined;
    },
  };
}
