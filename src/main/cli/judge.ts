// `parallax judge [ID…]`: has the Parallax that runs compare kept answers again by the rules of now, and tells which verdicts changed.
import type { JudgedAgainCounts } from "../../shared/judge_again.ts";
import { type RunningParallax, VerbFailure } from "./running_parallax.ts";
import { readVerbOptions, runVerb } from "./verb_options.ts";

/** Runs the verb; returns the exit code. */
export function judgeCommand(argv: readonly string[]): Promise<number> {
  return runVerb("judge", async () => {
    const { parallax, names, text } = readVerbOptions("judge", argv, { filter: "string" });
    const filter = text("filter");
    if (names.length > 0 && filter !== null) throw new VerbFailure(2, "Ids or --filter, not both.");
    if (names.length === 0) return judgeAll(parallax, filter ?? "~kind search");
    for (const id of names.map(idOf)) {
      const { before, now } = await parallax.call("exchange.judge_again", { id });
      process.stdout.write(`#${id} ${before === now ? `still ${now}` : `${before ?? "not judged"} → ${now}`}\n`);
    }
    return 0;
  });
}

async function judgeAll(parallax: RunningParallax, filter: string): Promise<number> {
  let judged = 0;
  const [changed, left] = [new Map<string, number>(), new Map<string, number>()];
  for (let next: number | null = 0; next !== null; ) {
    const counts: JudgedAgainCounts = await parallax.call("session.judge_again", { filter, ...(next === 0 ? {} : { after: next }) });
    judged += counts.judged;
    for (const { turn, exchanges } of counts.changed) changed.set(turn, (changed.get(turn) ?? 0) + exchanges);
    for (const { why, exchanges } of counts.left) left.set(why, (left.get(why) ?? 0) + exchanges);
    next = counts.next;
  }
  const lines = [
    `${judged} judged again`,
    ...[...changed].map(([turn, exchanges]) => `  ${exchanges} ${turn.replace(" ", " → ")}`),
    ...[...left].map(([why, exchanges]) => `  ${exchanges} left: ${why}`),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
  return 0;
}

function idOf(name: string): number {
  if (/^#?[1-9]\d{0,14}$/.test(name)) return Number(name.replace("#", ""));
  throw new VerbFailure(2, `${JSON.stringify(name)} is no id of an exchange: those are whole numbers.`);
}
