// A rule: when two values that are not the same still do not make the answers different, and why.
import type { Disagreement } from "../disagreement.ts";

export interface Rule {
  /** As it stands in the interface: `float_sum`. */
  readonly name: string;
  /** Plain words for a person: why this is no difference. */
  readonly reason: string;
  /** It sets aside what is not part of the answer: never makes an answer `equivalent` rather than `equal`. */
  readonly housekeeping: boolean;
  /** The values were still compared, within bounds: they count as covered. */
  readonly compares: boolean;
  /** It is an entry of the user's, not one of ours. */
  readonly byEntry?: true;
  /** True when the rule explains this disagreement. Only asked where the values do differ. */
  explains(found: Disagreement): boolean;
}

/** A rule whose values were compared within bounds. */
export function tolerance(name: string, reason: string, explains: (found: Disagreement) => boolean): Rule {
  return Object.freeze({ name, reason, housekeeping: false, compares: true, explains });
}

/** A rule about what the request leaves open: nothing to compare there. */
export function leftOpen(name: string, reason: string, explains: (found: Disagreement) => boolean): Rule {
  return Object.freeze({ name, reason, housekeeping: false, compares: false, explains });
}

/** A rule about members that tell of the answer's making. */
export function housekeeping(name: string, reason: string, explains: (found: Disagreement) => boolean): Rule {
  return Object.freeze({ name, reason, housekeeping: true, compares: false, explains });
}
