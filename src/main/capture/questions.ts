// Questions to a session that may take a walk over all of it, and their answers: the same on the thread that writes and on others.
import type { ExchangePage, ExchangeRanges, Timeline, Verdicts } from "../../shared/contract.ts";
import { EVERYTHING, type Reader } from "./reader.ts";
import type { Filter, ListQuery } from "./types.ts";
import type { VerdictCounter } from "./verdict_counts.ts";

export interface Answers {
  readonly list: ExchangePage;
  readonly ranges: ExchangeRanges;
  readonly timeline: Timeline;
  readonly verdicts: Verdicts;
}

export type Question =
  | { readonly kind: "list"; readonly query: ListQuery }
  | { readonly kind: "ranges"; readonly query: Pick<ListQuery, "filter" | "before"> }
  | { readonly kind: "timeline"; readonly filter?: Filter }
  | { readonly kind: "verdicts" };

/** How far a session is: its exchanges, and how many times it was written to. */
export interface Known {
  readonly exchanges: number;
  readonly writes: number;
}

export interface Readers {
  readonly reader: Reader;
  readonly verdicts: VerdictCounter;
}

export function answerTo({ reader, verdicts }: Readers, question: Question, known: Known): Answers[Question["kind"]] {
  switch (question.kind) {
    case "list":
      return reader.list(question.query, known);
    case "ranges":
      return reader.ranges(question.query);
    case "timeline":
      return reader.timeline(question.filter ?? EVERYTHING, known.writes);
    case "verdicts":
      return verdicts.verdicts(known.writes);
  }
}
