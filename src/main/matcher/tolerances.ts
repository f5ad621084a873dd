// Where Elasticsearch itself only approximates, the translator says within which bounds. Looked up by pointer.
import type { Tolerance } from "../translate/types.ts";
import type { Switches } from "./switches.ts";

export interface Tolerances {
  /** The tolerance at a plain JSON pointer, or at a path with keyed steps. */
  at(pointer: string): Tolerance | undefined;
  /** Of the scores of the whole answer, and the order by them. */
  readonly ofScores: Tolerance | undefined;
  readonly size: number;
  /** What of them leaves an order open: those whose rules are on. */
  readonly ofOrder: Pick<Tolerances, "at" | "ofScores">;
}

/** An index over the tolerances of one answer. */
export function indexTolerances(tolerances: readonly Tolerance[], switches: Switches): Tolerances {
  const all = lookUp(tolerances);
  return { ...all, size: tolerances.length, ofOrder: lookUp(tolerances.filter(({ rule, pointer }) => !switches.isOffAt(rule, pointer))) };
}

function lookUp(tolerances: readonly Tolerance[]): Pick<Tolerances, "at" | "ofScores"> {
  const byPointer = new Map(tolerances.map((tolerance) => [tolerance.pointer, tolerance]));
  const ofScores = tolerances.find(({ rule }) => rule === "stale_statistics");
  return { ofScores, at: (pointer) => byPointer.get(pointer) };
}
