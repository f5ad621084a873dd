// Questions to a session that may take a walk over all of it, and their answers: the same on the thread that writes and on others.
import type { CompareAnswer, ComparePoints, CompareQuery, CompareWithin } from "../../shared/compare.ts";
import type { ExchangePage, ExchangeRanges, Timeline, Verdicts } from "../../shared/contract.ts";
import type { CompareGroups } from "./compare/groups.ts";
import type { DifferingKind } from "./compare/kinds.ts";
import { EVERYTHING, type Reader } from "./reader.ts";
import type { Filter, ListQuery } from "./types.ts";
import type { VerdictCounter } from "./verdict_counts.ts";

export interface Answers {
  readonly list: ExchangePage;
  readonly ranges: ExchangeRanges;
  readonly timeline: Timeline;
  readonly verdicts: Verdicts;
  readonly groups: CompareAnswer;
  readonly points: ComparePoints;
  readonly differing: readonly DifferingKind[];
}

export type Question =
  | { readonly kind: "list"; readonly query: ListQuery }
  | { readonly kind: "ranges"; readonly query: Pick<ListQuery, "filter" | "before"> }
  | { readonly kind: "timeline"; readonly filter?: Filter }
  | { readonly kind: "verdicts" }
  /** `filter` is the query's, compiled; none of these read bodies. */
  | { readonly kind: "groups"; readonly query: CompareQuery; readonly filter?: Filter }
  | { readonly kind: "points" | "differing"; readonly within: CompareWithin; readonly filter?: Filter };

/** How far a session is: its exchanges, and how many times it was written to. */
export interface Known {
  readonly exchanges: number;
  readonly writes: number;
}

export interface Readers {
  readonly reader: Reader;
  readonly verdicts: VerdictCounter;
  readonly groups: CompareGroups;
}

export function answerTo({ reader, verdicts, groups }: Readers, question: Question, known: Known): Answers[Question["kind"]] {
  switch (question.kind) {
    case "list":
      return reader.list(question.query, known);
    case "ranges":
      return reader.ranges(question.query);
    case "timeline":
      return reader.timeline(question.filter ?? EVERYTHING, known.writes);
    case "verdicts":
      return verdicts.verdicts(known.writes);
    case "groups":
      return groups.answer(question.query, question.filter, known.writes);
    case "points":
      return groups.points(question.within, question.filter);
    case "differing":
      return groups.differing(question.within, question.filter);
  }
}
