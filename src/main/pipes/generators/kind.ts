// What a generator makes. One kind: one file, one line in the table of kinds.ts.
import type { JsonObject } from "../../../shared/json.ts";

export interface GeneratorKind {
  readonly name: string;
  /** What it makes, in a sentence. */
  readonly title: string;
  /** The index that it writes to where none is named. */
  readonly index: string;
  /** As of `PUT INDEX`: the `mappings`. */
  readonly mappings: JsonObject;
  /** Document `number` (from 0) of a seed, made at `time` (epoch ms). The same arguments make the same document. */
  document(number: number, time: number, seed: number): JsonObject;
  /** How much more than on average comes in the second `second` (epoch s). @default as much */
  burst?(second: number, seed: number): number;
}

export const KEYWORD: JsonObject = { type: "keyword" };
export const TEXT: JsonObject = { type: "text" };
export const LONG: JsonObject = { type: "long" };
export const INTEGER: JsonObject = { type: "integer" };
export const DOUBLE: JsonObject = { type: "double" };
export const FLOAT: JsonObject = { type: "float" };
export const BOOLEAN: JsonObject = { type: "boolean" };
export const DATE: JsonObject = { type: "date" };
export const IP: JsonObject = { type: "ip" };
export const GEO_POINT: JsonObject = { type: "geo_point" };

/** An object of a mapping. */
export function fields(properties: JsonObject): JsonObject {
  return { properties };
}

export function isoTime(time: number): string {
  return new Date(time).toISOString();
}

export function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
