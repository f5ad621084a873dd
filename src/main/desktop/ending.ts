// The end of the app: clients are refused first, what the journal still keeps goes to ClickHouse for as long as that may take, then the engine
// stops. What is left then waits in the journal, on disk, for the next start: nothing is lost by an end that is cut short.
import { setTimeout as pause } from "node:timers/promises";
import { within } from "../time_limit.ts";

/** What an end needs of the engine. */
export interface Endable {
  /** Says in the window that the end has begun. */
  told(): void;
  stopListening(): Promise<void>;
  /** Writes that ClickHouse could take now and has not. */
  waiting(): number;
  stop(): Promise<void>;
}

export interface EndLimits {
  /** For the journal to run empty. */
  readonly drainMs: number;
  /** For each of the other steps. */
  readonly stepMs: number;
}

export const USUAL_END: EndLimits = Object.freeze({ drainMs: 5_000, stepMs: 4_500 });
/** The system goes down and waits for no one: the journal stays as it is. */
export const HURRIED_END: EndLimits = Object.freeze({ drainMs: 0, stepMs: 1_500 });

const LOOK_AGAIN_MS = 50;

/** Resolves within `drainMs + 2 * stepMs`, whatever hangs. Never rejects. */
export async function endInOrder(engine: Endable, { drainMs, stepMs }: EndLimits): Promise<void> {
  engine.told();
  await within(
    engine.stopListening().catch(() => undefined),
    stepMs,
  );
  const deadline = performance.now() + drainMs;
  while (engine.waiting() > 0 && performance.now() < deadline) await pause(LOOK_AGAIN_MS);
  await within(
    engine.stop().catch(() => undefined),
    stepMs,
  );
}
