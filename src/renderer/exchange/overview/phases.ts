// What an exchange's times mean on the two lanes of the waterfall. Milliseconds since the request began.
import type { Timings } from "../../../shared/exchange.ts";

export type PhaseKind = "own" | "es-wait" | "es-read" | "ch-wait" | "ch-query" | "ch-read" | "wait";

export interface Phase {
  readonly kind: PhaseKind;
  readonly lane: "es" | "ch";
  readonly from: number;
  readonly to: number;
}

/** The phases that happened, in order of time. `alone`: ClickHouse answered the client, and nobody else was asked. */
export function phasesOf(timings: Timings, alone = false): readonly Phase[] {
  const {
    forwarded = 0,
    firstByte,
    lastByte,
    compareStarted,
    taken = compareStarted,
    translated,
    clickhouseDone,
    shaped,
    matched,
  } = timings;
  const phases: Phase[] = [];
  const add = (lane: "es" | "ch", kind: PhaseKind, from: number | undefined, to: number | undefined) => {
    if (from !== undefined && to !== undefined && to > from) phases.push({ lane, kind, from, to });
  };
  if (alone) {
    add("ch", "ch-wait", 0, firstByte ?? lastByte);
    add("ch", "ch-read", firstByte, lastByte);
    return phases;
  }
  add("es", "own", 0, forwarded);
  add("es", "es-wait", forwarded, firstByte ?? lastByte);
  add("es", "es-read", firstByte, lastByte);
  add("ch", "wait", 0, taken);
  add("ch", "own", taken, translated);
  add("ch", "ch-query", translated, clickhouseDone);
  add("ch", "ch-read", clickhouseDone, shaped);
  const ready = shaped ?? clickhouseDone ?? translated;
  const bothThere = Math.max(ready ?? 0, lastByte ?? 0);
  add("ch", "wait", ready, matched === undefined ? undefined : Math.min(bothThere, matched));
  add("ch", "own", bothThere, matched);
  return phases;
}
