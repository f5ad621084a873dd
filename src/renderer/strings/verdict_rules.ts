// Rules of the comparison: what they mean, where they are off, and what is ignored. Not those that rewrite requests.
import type { VerdictRuleKind } from "../../shared/verdict_rules.ts";
import { plural } from "./plural.ts";

const KINDS: Readonly<Record<VerdictRuleKind, string>> = {
  housekeeping: "left aside in every answer",
  "left open": "not determined by the request",
  tolerance: "compared within bounds",
  yours: "as you said",
};

const SCOPES = { shape: "this query shape", index: "this index", everywhere: "everything" } as const;

export const verdictRules = {
  verdictRules: {
    kindOf: (kind: VerdictRuleKind) => KINDS[kind],
    scopeOf: (scope: keyof typeof SCOPES, index: string) => (scope === "index" ? `${SCOPES.index} (${index})` : SCOPES[scope]),
    scope: "For",
    path: "Path",
    field: "Field",
    pathHint: "* is any one step, ** any number of them",
    reason: "Why, in a word or two",
    switchOff: "Switch off",
    ignore: "Ignore…",
    ignoreHere: "Ignore differences at this path",
    save: "Ignore",
    cancel: "Cancel",
    close: "Close",
    on: "on",
    off: "off",
    offByEntry: (reason: string) => `It is switched off here: ${reason}`,
    wouldExplain: "Switched off:",
    byEntry: "your entry",
    uses: (n: number) => plural(n, "value", "values"),
    fromNowOn: "Kept. It counts for what is compared from now on.",
    byFlag: "They are given by the flag --verdict-rules, which wins: change its file.",
    title: "Verdict rules",
    lead: "By these rules answers that differ may still say the same. A rule that is off explains nothing: what it would have explained is a difference.",
    entries: "Off, on and ignored, by place: the first that fits decides",
    noEntries: "Nothing is ignored, and no rule is switched for a place alone.",
    remove: "Remove",
    allIndices: "all indices",
    listBelow: "listed below",
  },
};
