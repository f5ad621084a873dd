// A line of figures for each way of a client's day: medians over the rounds, and from where to where they went.
import type { SeenDay } from "./seen_day.ts";

/** One round: by way (`direct`, or the mode of Parallax) the time that the client took, and what was seen of it. */
export type DayRound = ReadonlyMap<string, SeenDay & { readonly ms: number }>;

const AGREEING: readonly string[] = ["equal", "equivalent"];
const REASON_LENGTH = 200;

/** Prints the lines, and one for each search of mode `compare` that neither agrees. */
export function printDays(title: string, ways: readonly string[], rounds: readonly DayRound[]): void {
  for (const way of ways) {
    const days = rounds.flatMap((round) => round.get(way) ?? []);
    const last = days.at(-1);
    if (last === undefined) continue;
    const requests = last.exchanges.length === 0 ? "" : `, ${last.exchanges.length} requests`;
    const ms = spread(
      days.map((day) => day.ms),
      0,
    );
    // Of each round on its own: what else the machine does comes and goes, and takes both ways of a round alike.
    const times = rounds.map((round) => (round.get(way)?.ms ?? Number.NaN) / (round.get("direct")?.ms ?? Number.NaN));
    const ratio = way === "direct" ? "" : `, ${spread(times, 2)} times direct`;
    console.log(`${title}, ${way}: ${last.documents} documents${requests}, ${ms} ms${ratio}${verdictsOf(last)}`);
    if (way === "compare") printOpen(last);
  }
}

function verdictsOf({ judged }: SeenDay): string {
  if (judged.length === 0) return "";
  const counts = Object.entries(Object.groupBy(judged, ({ verdict }) => verdict)).map(([verdict, list]) => `${verdict} ${list.length}`);
  return `, ${judged.length} searches: ${counts.join(", ")}`;
}

function printOpen({ judged }: SeenDay): void {
  for (const { name, verdict, reason } of judged.filter((one) => !AGREEING.includes(one.verdict))) {
    console.log(`  ${verdict} ${name}: ${reason.slice(0, REASON_LENGTH)}`);
  }
}

/** The median, and where there are several the least and the most. */
function spread(values: readonly number[], digits: number): string {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
  const around = sorted.length === 1 ? "" : ` (${sorted[0]?.toFixed(digits)} to ${sorted.at(-1)?.toFixed(digits)})`;
  return median.toFixed(digits) + around;
}
