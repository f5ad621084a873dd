// A tap whose faults cost nothing but what they are about.
import { traceOf } from "../../shared/thrown.ts";
import type { Tap } from "./tap.ts";

/** A tap that fails is reported and loses no exchange but the one it failed at. */
export function protectedTap(tap: Tap, problem: (message: string) => void): Tap {
  const attempt = (step: () => void): void => {
    try {
      step();
    } catch (error) {
      problem(`The tap failed: ${traceOf(error)}`);
    }
  };
  return {
    requested: (id, time, request) => attempt(() => tap.requested(id, time, request)),
    exchanged: (exchange) => attempt(() => tap.exchanged(exchange)),
    missed: (count) => attempt(() => tap.missed(count)),
  };
}
