// Seeded changes to right answers, each judged by the matcher: what was missed, what was named elsewhere.
import type { JsonObject } from "../../../src/shared/json.ts";
import type { Random } from "../random.ts";
import { type Change, type Changing, complaintAbout } from "./change.ts";
import { LEAF_CHANGES } from "./leaf_changes.ts";
import { LIST_CHANGES } from "./list_changes.ts";
import { spotsOf } from "./spots.ts";

export interface RightAnswer {
  readonly answer: JsonObject;
  readonly request: JsonObject;
}

export interface ChangeTally {
  /** By what was changed, and whether that is a difference. */
  readonly counts: Map<string, number>;
  readonly complaints: string[];
}

export function emptyTally(): ChangeTally {
  return { counts: new Map(), complaints: [] };
}

const CHANGES: readonly Changing[] = [...Object.values(LEAF_CHANGES), ...Object.values(LIST_CHANGES)];

/** Changes one answer `count` times, each time anew. The kind is drawn first, so that rare ones come as often. */
export function changeAnswer({ answer, request }: RightAnswer, count: number, random: Random, tally: ChangeTally): void {
  const spots = spotsOf(answer, request);
  if (spots.length === 0) return;
  for (let made = 0; made < count; made += 1) {
    const change = draw();
    if (change === null) return;
    const kind = change.expected.verdict === "different" ? change.what : `${change.what} (open: ${change.expected.rule})`;
    tally.counts.set(kind, (tally.counts.get(kind) ?? 0) + 1);
    const complaint = complaintAbout(answer, request, change);
    if (complaint !== null) tally.complaints.push(complaint);
  }

  function draw(): Change | null {
    for (let turn = 0; turn < 4 * CHANGES.length; turn += 1) {
      const changing = CHANGES[random.below(CHANGES.length)];
      const from = random.below(spots.length);
      for (let i = 0; i < spots.length; i += 1) {
        const spot = spots[(from + i) % spots.length];
        const change = spot === undefined || changing === undefined ? null : changing(answer, spot, random);
        if (change !== null) return change;
      }
    }
    return null;
  }
}

/** `12 null, 9 order of hits, …`. */
export function printCounts({ counts }: ChangeTally): string {
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([what, count]) => `${count} ${what}`)
    .join(", ");
}
