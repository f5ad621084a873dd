// A differing search made small, on the page Exchange.
import { plural } from "./plural.ts";
export const shrink = {
  shrink: {
    title: "Smallest request",
    advice: "Asks both sides ever smaller requests, for a minute at most, until nothing more can go. Nothing of it is captured.",
    start: "Shrink",
    again: "Shrink again",
    stop: "Stop",
    progress: (trials: number, before: string, now: string) =>
      `${plural(trials, "request", "requests")} asked; ${before} → ${now} characters`,
    cut: "Time or requests were used up: more may be left out.",
    failed: "It could not be made small.",
    request: "The smallest request that differs alike",
    name: "Name of the case",
    namePlaceholder: "name-of-the-case",
    keep: "Keep as regression case",
    kept: (file: string, documents: number) => `Kept with ${plural(documents, "document", "documents")}: ${file}`,
    leftOut: (n: string) => `${n} more that it matches are left out.`,
  },
} as const;
