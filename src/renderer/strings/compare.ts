// The page Compare.
import { plural } from "./plural.ts";

export const compare = {
  compare: {
    label: "Verdicts by query shape",
    unavailable: "The verdicts can’t be shown.",
    empty: "No search has been compared yet.",
    emptyAdvice: "Each search that goes through Parallax gets a verdict; they are counted here by the shape of the query.",
    searches: (n: string) => `${n} searches`,
    agree: (share: string) => `${share} agree`,
    ofCompared: (n: string) => `of ${n} compared`,
    shapes: (n: number) => plural(n, "query shape", "query shapes"),
    only: "Only where something differs",
    allAgree: "Every shape agrees.",
    open: "Show its exchanges in Traffic",
    columns: {
      shape: "Shape",
      index: "Index",
      searches: "searches",
      verdicts: "verdicts",
      agree: "agree",
      es: "ES ms",
      ch: "CH ms",
      chIs: "CH is",
      reason: "Why",
    },
  },
} as const;
