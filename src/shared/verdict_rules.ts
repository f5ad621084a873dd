// The rules by which answers that differ may still say the same, in plain words, and what a user says of them. Plain data.

/** What a rule is about: see docs/verdicts.md. */
export type VerdictRuleKind = "housekeeping" | "left open" | "tolerance" | "set aside";

export interface VerdictRule {
  readonly name: string;
  readonly kind: VerdictRuleKind;
  /** Markdown, as docs/verdicts.md has it. */
  readonly means: string;
  /** `path`: only for a path, since it always has something to explain. */
  readonly switchable: "yes" | "path" | "no";
}

/** The setting that holds a user's entries. */
export const VERDICT_RULES_KEY = "verdicts.rules";

/** Name of the rule of what a user does not care about. */
export const IGNORED = "ignored";

/** One entry of the setting `verdicts.rules`. Of several that fit a place, the first decides. */
export interface VerdictEntry {
  /** Which rule; `ignored`: what the path or the field has is of no interest. */
  readonly rule: string;
  /** Of all but `ignored`: whether the rule explains anything there. */
  readonly on?: boolean;
  /** An index expression; absent: all indices. */
  readonly index?: string;
  /** Fingerprint of a query; absent: all queries. */
  readonly shape?: string;
  /** Pattern of paths in the answer; absent: the whole answer. */
  readonly path?: string;
  /** Of `ignored`: the name of a field of documents, in the place of `path`. */
  readonly field?: string;
  /** In plain words. */
  readonly reason: string;
}
