// A source of documents for the sample: one index, how it is made and what goes in.
import type { JsonObject, JsonValue } from "../../src/shared/json.ts";

/** A line pair of a bulk: the action with its metadata, and the document (none for a delete). */
export interface BulkItem {
  readonly action: "index" | "create" | "update" | "delete";
  readonly meta: JsonObject;
  readonly document?: JsonValue;
}

export interface DocumentSource {
  readonly index: string;
  /** Body of `PUT /index`; undefined: the first bulk makes the index, with dynamic mappings. */
  readonly creation?: JsonObject;
  readonly items: readonly BulkItem[];
  readonly bulkSize: number;
}

export const keyword = { type: "keyword" } as const;
export const text = { type: "text" } as const;
export const textWithKeyword = { type: "text", fields: { keyword: { type: "keyword", ignore_above: 256 } } } as const;
export const long = { type: "long" } as const;
export const integer = { type: "integer" } as const;
export const double = { type: "double" } as const;
export const float = { type: "float" } as const;
export const date = { type: "date" } as const;
export const boolean = { type: "boolean" } as const;
export const geoPoint = { type: "geo_point" } as const;
export const ip = { type: "ip" } as const;

/** Mapping of an object field. */
export function object(properties: JsonObject): JsonObject {
  return { properties };
}
