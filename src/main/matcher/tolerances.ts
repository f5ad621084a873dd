// Where Elasticsearch itself only approximates, the translator says within which bounds. Looked up by pointer.
import type { Tolerance } from "../translate/types.ts";

export interface Tolerances {
  /** The tolerance at a plain JSON pointer, or at a path with keyed steps. */
  at(pointer: string): Tolerance | undefined;
  /** Of the scores of the whole answer, and the order by them. */
  readonly ofScores: Tolerance | undefined;
  readonly size: number;
}

/** An index over the tolerances of one answer. */
export function indexTolerances(tolerances: readonly Tolerance[]): Tolerances {
  const byPointer = new Map(tolerances.map((tolerance) => [tolerance.pointer, tolerance]));
  const ofScores = tolerances.find(({ rule }) => rule === "stale_statistics");
  return { ofScores, at: (pointer) => byPointer.get(pointer), size: byPointer.size };
}
