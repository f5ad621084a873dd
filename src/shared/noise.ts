// Noise: what a side answers otherwise each time it is asked the same. Plain data of the contract.

/** `presence`: an element of a list comes and goes. `type`: null and a number, say. */
export type NoiseKind = "value" | "order" | "presence" | "type";

/** How often each side is asked: no less tells noise from a change, no more is worth the load. */
export const FEWEST_TIMES = 3;
export const MOST_TIMES = 20;
export const DEFAULT_TIMES = 5;

/** A place, or places of hits and buckets that disagree alike, in which one side's answers disagree with each other. */
export interface NoisyPath {
  /** Path with keyed steps as differences have it; `*` where several hits or buckets disagree alike. */
  readonly path: string;
  readonly kind: NoiseKind;
  /** How many places that is; 10,000 at most are counted. */
  readonly places: number;
  /** The most different values that one place had. */
  readonly distinct: number;
  /** Of one place, JSON text; of `order` positions from 0; none of `presence`. */
  readonly examples: readonly string[];
  /** How far apart numbers of one place (or positions) were at most: as a share of the larger, and as such. null: no numbers. */
  readonly spread: { readonly share: number; readonly distance: number } | null;
  /** The sides are further apart here than either strays: that is no noise. */
  readonly apart: boolean;
}

export interface Latency {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export interface NoiseSide {
  /** Answers that could be compared with each other. */
  readonly answers: number;
  /** "" or why an answer could not, in words: of the last such. */
  readonly problem: string;
  /** ms; null without an answer. */
  readonly latencyMs: Latency | null;
  /** The first 200. */
  readonly noisy: readonly NoisyPath[];
  readonly noisyCount: number;
}

/** What the differences of the exchange stand on. `none`: it has none. */
export type Standing = "none" | "noise" | "partly" | "beyond noise";

/** A search, asked several times of each side. */
export interface NoiseFound {
  readonly position: number;
  readonly index: string;
  readonly shape: string;
  readonly sketch: string;
  /** Epoch ms. */
  readonly time: number;
  readonly elasticsearch: NoiseSide;
  readonly clickhouse: NoiseSide;
  /** "" or why what was found may be no noise: writes went on, say. Such can't be remembered. */
  readonly disturbed: string;
  readonly standing: Standing;
  /** Differences of the exchange that are kept, and how many of them are within the noise. */
  readonly differences: number;
  readonly withinNoise: number;
  /** The first 20 paths of those that are not. */
  readonly beyond: readonly string[];
  /** What the rule `noise` leaves open once this is remembered; the first 200. */
  readonly known: readonly KnownNoise[];
}

export interface NoiseProbe {
  readonly state: "none" | "running" | "done" | "stopped" | "failed";
  readonly position: number;
  /** How often each side is to be asked, and how often they were asked together. */
  readonly times: number;
  readonly asked: number;
  /** "" or why it failed. */
  readonly problem: string;
  /** null until it is over. */
  readonly result: NoiseFound | null;
  /** Its noise is remembered. */
  readonly remembered: boolean;
}

export type NoisySide = "elasticsearch" | "clickhouse";

/** What the rule `noise` sets aside: values or positions at these places, no further apart than they were seen to be. */
export interface KnownNoise {
  readonly path: string;
  readonly kind: "value" | "order";
  readonly spread: NoisyPath["spread"];
  /** Who disagreed with itself. */
  readonly sides: readonly NoisySide[];
}

/** The noise of one query shape. */
export interface RememberedNoise {
  readonly shape: string;
  readonly sketch: string;
  readonly index: string;
  /** When it was seen, epoch ms, in how many answers of each side. */
  readonly time: number;
  readonly times: number;
  readonly paths: readonly KnownNoise[];
}
