// Compare of what is handed on, worked out before: the groups of every place that one can go to, and what stands beside them. Of many places
// the nearest come first, and those that no room is left for are not there.
import { setImmediate as turn } from "node:timers/promises";
import { CLOSER, COMPARE_BY, type CompareBy, type CompareWithin, insideGroup, type WhyAnswer } from "../../shared/compare.ts";
import { heldKey } from "../../shared/share.ts";
import type { Session } from "../capture/session.ts";

/** Characters of all answers, at most. */
const ROOM = 8 * 1024 * 1024;
const MOST_GROUPS = 500;

interface Table {
  readonly by: CompareBy;
  readonly within: CompareWithin;
}

/** Answers by `heldKey`. `why`: what was found of the searches of a place. */
export async function comparedAnswers(
  session: Session,
  why: (within: CompareWithin) => Promise<WhyAnswer>,
): Promise<Readonly<Record<string, unknown>>> {
  const answers = new Map<string, unknown>();
  let room = ROOM;
  const add = (name: string, request: object, answer: unknown): void => {
    const key = heldKey(name, request);
    if (!answers.has(key)) room -= JSON.stringify(answer).length;
    answers.set(key, answer);
  };
  const places = new Map<string, CompareWithin>([["", {}]]);
  const tables: Table[] = COMPARE_BY.map((by) => ({ by, within: {} }));
  // It grows while it is walked.
  for (const { by, within } of tables) {
    if (room <= 0) break;
    const answer = await session.ask({ kind: "groups", query: { by, limit: MOST_GROUPS, ...within } });
    add("compare.groups", { by, ...within }, answer);
    const closer = CLOSER[by];
    for (const { key } of answer.groups) {
      const inner = insideGroup(by, within, key, answer.bucketMs);
      places.set(heldKey("", inner), inner);
      if (closer !== null) tables.push({ by: closer, within: inner });
    }
    await turn();
  }
  for (const within of places.values()) {
    if (room <= 0) break;
    add("compare.why", within, await why(within));
    add(
      "compare.groups",
      { by: "time", ...within },
      await session.ask({ kind: "groups", query: { by: "time", limit: MOST_GROUPS, ...within } }),
    );
    add("compare.points", within, await session.ask({ kind: "points", within }));
    await turn();
  }
  return Object.fromEntries(answers);
}
