// The exchanges that are handed on, without what was chosen, as a session file of their own. Files of the other forms are made from it.
import { setImmediate as turn } from "node:timers/promises";
import { redactedExchange } from "../capture/redact/exchange.ts";
import { keptExchange } from "../capture/redact/kept.ts";
import type { RedactionRules } from "../capture/redact/rules.ts";
import { openSession, type Session } from "../capture/session.ts";

/** Exchanges after which others get a turn. */
const AT_ONCE = 20;

export interface Progress {
  /** Told after each exchange; throws to stop. */
  readonly each: (done: number) => void;
}

// A session goes on where it can't write, and counts what it misses: here nothing is left out in silence.
function refuseLoss({ problem }: Session): void {
  if (problem !== null) throw new NoRoom();
}

/** The disk has no room for what is made on the way to the file. */
export class NoRoom extends Error {
  override readonly name = "NoRoom";
}

/** Writes `ids` of `source` to the session `file`, which must not be there yet. `rules` null: with all that they have. */
export async function writeSharedSession(
  source: Session,
  ids: readonly number[],
  rules: RedactionRules | null,
  file: string,
  { each }: Progress,
): Promise<void> {
  const target = openSession(file, { capBytes: Number.MAX_SAFE_INTEGER / 4, onCorrupt: "refuse" });
  try {
    for (const [i, id] of ids.entries()) {
      const kept = keptExchange(source, id);
      if (kept !== null && rules !== null) {
        const { detail, bodies } = redactedExchange(kept, rules);
        target.put(detail, bodies);
      } else if (kept !== null) {
        target.put(kept.detail, Object.fromEntries(Object.entries(kept.bodies).map(([side, { raw }]) => [side, raw])));
      }
      each(i + 1);
      if (i % AT_ONCE !== 0) continue;
      refuseLoss(target);
      await turn();
    }
    target.flush();
    refuseLoss(target);
  } finally {
    target.close();
  }
}
