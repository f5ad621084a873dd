// Kept answers compared again by the rules of now, on the page Exchange and on Compare.
import { plural } from "./plural.ts";

export const judgeAgain = {
  judgeAgain: {
    title: "Rules of now",
    one: "Judge again",
    oneHint: "Compares the two kept answers by the rules of now. Nobody is asked: Resend does that.",
    all: "Judge again",
    allHint: "Compares the kept answers of all these searches by the rules of now. Nobody is asked.",
    stop: "Stop",
    same: (verdict: string) => `still ${verdict}`,
    turned: (now: string, before: string) => `${now}, was ${before}`,
    running: (judged: string) => `${judged} judged again`,
    done: (judged: number, changed: number) =>
      `${plural(judged, "search was", "searches were")} judged again: ${changed === 0 ? "no verdict changed" : `${plural(changed, "verdict", "verdicts")} changed`}`,
    left: (n: number) => `${n} left as they are`,
  },
} as const;
