// What a campaign comes to, and whether it holds the measure.
import type { Tally } from "./campaign.ts";
import type { Outcome } from "./trial.ts";

/** Largest share of requests that may differ. */
const DIFFERENT = 0.005;

/** Prints the counts; true when nothing was wrong or dropped, and next to nothing different. */
export function printTally(tally: Tally): boolean {
  const counts = [...tally.outcomes].sort(([, a], [, b]) => b - a).map(([outcome, count]) => `${outcome} ${count}`);
  console.log(`\n${tally.requests} requests: ${counts.join(", ")}`);
  for (const [reason, count] of [...tally.reasons].sort(([, a], [, b]) => b - a))
    console.log(`  unsupported ${String(count).padStart(4)}  ${reason}`);
  return holds(tally);
}

export function holds({ outcomes, requests }: Tally): boolean {
  const of = (outcome: Outcome): number => outcomes.get(outcome) ?? 0;
  const differing = of("different") + of("overlooked") + of("failed");
  return of("wrong") === 0 && of("dropped") === 0 && differing < DIFFERENT * requests;
}
