// The options of fuzzy words: how many edits are allowed, which beginning must be kept, how many words are taken.
import { isArray, isNumber, isObject, type JsonObject, type JsonValue } from "../../../shared/json.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { booleanOption, numberOption, scalarText, textOption } from "../parameters.ts";
import { lengthOf } from "./edit_distance.ts";

/** Allowed edits: a number, or by the length of the word: none below `low` characters, one below `high`, else two. */
export type Fuzziness = { readonly edits: 0 | 1 | 2 } | { readonly low: number; readonly high: number };

export const AUTO: Fuzziness = Object.freeze({ low: 3, high: 6 });

export interface FuzzyOptions {
  readonly fuzziness: Fuzziness;
  /** Characters at the beginning that must be equal. */
  readonly prefixLength: number;
  /** How many words of a shard are taken, the nearest first; null: all. */
  readonly most: number | null;
  readonly swaps: boolean;
  /** True when all matches score the boost. */
  readonly constant: boolean;
  /** What the words score: as words of one frequency, by their own, or no more than their nearness. */
  readonly scores: "blended" | "own" | "boosts";
}

/** Names of the options, which differ from clause to clause. */
export interface FuzzyNames {
  readonly prefixLength: string;
  readonly most: string;
  readonly swaps: string;
  readonly rewrite: string;
}

/** Reads the options beside the fuzziness. Throws RejectedRequest as Elasticsearch refuses them. */
export function fuzzyOptions(fuzziness: Fuzziness, options: JsonObject, names: FuzzyNames, pointer: string): FuzzyOptions {
  const prefixLength = numberOption(options, names.prefixLength, 0);
  const most = numberOption(options, names.most, 50);
  if (prefixLength < 0) throw new RejectedRequest("query_shard_exception", "failed to create query: prefixLength cannot be negative.");
  if (most <= 0) throw new RejectedRequest("query_shard_exception", "failed to create query: maxExpansions must be positive.");
  const swaps = booleanOption(options, names.swaps, true);
  return { fuzziness, prefixLength, swaps, ...rewriting(textOption(options, names.rewrite, ""), most, `${pointer}/${names.rewrite}`) };
}

const CONSTANT = new Set(["constant_score", "constant_score_boolean", "constant_score_blended"]);

function rewriting(rewrite: string, most: number, pointer: string): Pick<FuzzyOptions, "most" | "constant" | "scores"> {
  if (rewrite === "") return { most, constant: false, scores: "blended" };
  if (CONSTANT.has(rewrite)) return { most: null, constant: true, scores: "boosts" };
  if (rewrite === "scoring_boolean") return { most: null, constant: false, scores: "own" };
  const [, kind = "", count] = /^top_terms_(boost_|blended_freqs_)?(\d+)$/.exec(rewrite) ?? [];
  const scores = kind === "boost_" ? "boosts" : kind === "" ? "own" : "blended";
  if (count !== undefined) return { most: Number(count), constant: false, scores };
  if (rewrite.startsWith("top_terms_")) throw new UnsupportedClause(pointer, `[${rewrite}] has no SQL`);
  throw new RejectedRequest("query_shard_exception", `failed to create query: Failed to parse rewrite_method [${rewrite}]`);
}

/** Reads `fuzziness`: 0, 1, 2, `AUTO`, `AUTO:low,high`. Numbers are cut, text must be whole. */
export function readFuzziness(value: JsonValue): Fuzziness {
  if (isNumber(value)) return editsOf(Math.trunc(Number(value)));
  if (value === null || typeof value === "boolean" || isObject(value) || isArray(value)) {
    throw new RejectedRequest(value === null ? "parsing_exception" : "illegal_argument_exception", "Can't parse fuzziness");
  }
  const text = scalarText(value);
  const upper = text.toUpperCase();
  if (upper === "AUTO") return AUTO;
  if (upper.startsWith("AUTO:")) return lengthsOf(text, upper.slice("AUTO:".length));
  const number = text.trim() === "" ? Number.NaN : Number(text);
  if (Number.isNaN(number)) throw new RejectedRequest("illegal_argument_exception", `fuzziness cannot be [${text}].`);
  if (!Number.isInteger(number)) {
    throw new RejectedRequest("illegal_argument_exception", `fuzziness needs to be one of 0.0, 1.0 or 2.0 but was ${number}`);
  }
  return editsOf(number);
}

function editsOf(number: number): Fuzziness {
  if (number === 0 || number === 1 || number === 2) return { edits: number };
  throw new RejectedRequest("illegal_argument_exception", `Valid edit distances are [0, 1, 2] but was [${number}]`);
}

function lengthsOf(text: string, list: string): Fuzziness {
  const [low = Number.NaN, high = Number.NaN, ...others] = list
    .split(",")
    .map((part) => (/^-?\d+$/.test(part) ? Number(part) : Number.NaN));
  if (Number.isNaN(low + high) || others.length > 0) {
    throw new RejectedRequest("parse_exception", "failed to find low and high distance values");
  }
  if (low < 0 || high < 0 || low > high) {
    throw new RejectedRequest("parse_exception", `fuzziness wrongly configured [${text}]. Must be 0 < lower value <= higher value.`);
  }
  return { low, high };
}

/** How many edits a word may differ by. Nothing but itself is near an empty text. */
export function editsFor(term: string, fuzziness: Fuzziness): number {
  const length = lengthOf(term);
  if (length === 0) return 0;
  if ("edits" in fuzziness) return fuzziness.edits;
  return length < fuzziness.low ? 0 : length < fuzziness.high ? 1 : 2;
}
