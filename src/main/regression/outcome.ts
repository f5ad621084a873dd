// What became of a search since its verdict was kept, and which of that is a regression. Pure.
import type { Verdict } from "../../shared/exchange.ts";
import type { JudgedSearch } from "../../shared/shrink.ts";
import { louder } from "../exchange/outcome.ts";

/** One search judged anew. */
export interface Outcome {
  /** The file that it is of. */
  readonly source: string;
  /** `#12 POST /logs/_search`, `#12 POST /_msearch [1]`, or a case's name. */
  readonly name: string;
  /** null where none was kept. */
  readonly before: Verdict | null;
  readonly now: Verdict;
  readonly reason: string;
  readonly differences: JudgedSearch["differences"];
  readonly differenceCount: number;
  readonly ms: number;
}

export interface Report {
  readonly outcomes: readonly Outcome[];
  /** Searches that could not be asked again, and why, with how many there are of each. */
  readonly leftOut: ReadonlyMap<string, number>;
}

/** True where the verdict is another one than was kept; one without a kept verdict counts where it is worth a look. */
export function isChanged({ before, now }: Pick<Outcome, "before" | "now">): boolean {
  return before === null ? now === "different" || now === "failed" : before !== now;
}

/** What `--fail-on-difference` fails for: a search that differs or fails now, that was better when it was kept, or that is not compared any more. */
export function isRegression({ before, now }: Pick<Outcome, "before" | "now">): boolean {
  if (now === "equal" || now === "equivalent") return false;
  if (now === "different" || now === "failed") return true;
  return before !== null && (louder(now, before) || (now === "not_compared" && before !== now));
}

/** `412 searches were judged: 2 changed, 3 differ or fail. Left out: 4 not captured whole.` */
export function sentenceOf({ outcomes, leftOut }: Report): string {
  const differing = outcomes.filter(({ now }) => now === "different" || now === "failed").length;
  const worse = outcomes.filter(isRegression).length - differing;
  const parts = [
    `${outcomes.filter(isChanged).length} changed`,
    `${differing} differ or fail`,
    ...(worse === 0 ? [] : [`${worse} were better before or are not compared any more`]),
  ];
  const omitted = [...leftOut].map(([why, count]) => `${count} ${why}`);
  const left = omitted.length === 0 ? "" : ` Left out: ${omitted.join("; ")}.`;
  return `${outcomes.length} ${outcomes.length === 1 ? "search was" : "searches were"} judged: ${parts.join(", ")}.${left}`;
}
