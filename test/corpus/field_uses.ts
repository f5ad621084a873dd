// What a set of requests says of the documents that it asks about: which fields there are, of which type, with which values.
import { isArray, isNumber, isObject, type JsonObject, type JsonValue, member } from "../../src/shared/json.ts";

export type FieldKind = "keyword" | "long" | "date" | "geo_point" | "ip" | "text";

export interface FieldUse {
  kind: FieldKind;
  readonly values: Set<string | number>;
}

/** A request's own conditions: field → value, and its stretch of time. */
export interface Conditions {
  readonly equal: Map<string, string | number>;
  from: number;
  to: number;
}

const NUMERIC = new Set([
  "avg",
  "sum",
  "percentiles",
  "histogram",
  "stats",
  "extended_stats",
  "percentile_ranks",
  "median_absolute_deviation",
]);
const GEO = new Set(["geohash_grid", "geotile_grid", "geo_centroid", "geo_bounds"]);
const EQUALITY = new Set(["match", "match_phrase", "term", "prefix"]);
const RANK: readonly FieldKind[] = ["keyword", "text", "long", "ip", "date", "geo_point"];

export class FieldUses {
  readonly fields = new Map<string, FieldUse>();

  /** Reads one request body; returns what a document must have to be found by it. */
  read(body: JsonObject): Conditions {
    const conditions: Conditions = { equal: new Map(), from: Number.NaN, to: Number.NaN };
    this.#walk(body, conditions);
    return conditions;
  }

  #use(name: string, kind: FieldKind, value?: JsonValue): void {
    if (name.startsWith("_") || name.includes("*") || name === "") return;
    const guessed = /(^|\.)ip$/.test(name) ? "ip" : kind;
    const use = this.fields.get(name) ?? { kind: guessed, values: new Set() };
    if (RANK.indexOf(guessed) > RANK.indexOf(use.kind)) use.kind = guessed;
    if (typeof value === "string" || isNumber(value)) use.values.add(typeof value === "string" ? value : Number(value));
    this.fields.set(name, use);
  }

  #walk(value: JsonValue, conditions: Conditions): void {
    if (isArray(value)) {
      for (const item of value) this.#walk(item, conditions);
      return;
    }
    if (!isObject(value)) return;
    for (const [name, inner] of Object.entries(value)) {
      if (isObject(inner)) this.#clause(name, inner, conditions);
      this.#walk(inner, conditions);
    }
  }

  #clause(name: string, clause: JsonObject, conditions: Conditions): void {
    const field = member(clause, "field");
    if (typeof field === "string") {
      this.#use(field, GEO.has(name) ? "geo_point" : NUMERIC.has(name) ? "long" : name.includes("date_histogram") ? "date" : "keyword");
      return;
    }
    if (EQUALITY.has(name)) this.#equality(clause, conditions);
    if (name === "terms")
      for (const [path, values] of Object.entries(clause)) if (isArray(values)) for (const one of values) this.#use(path, "keyword", one);
    if (name === "range") this.#range(clause, conditions);
    if (name === "geo_bounding_box") for (const [path, box] of Object.entries(clause)) if (isObject(box)) this.#use(path, "geo_point");
    if (name === "query_string") this.#typed(String(member(clause, "query") ?? ""), conditions);
  }

  #equality(clause: JsonObject, conditions: Conditions): void {
    for (const [path, given] of Object.entries(clause)) {
      const value = isObject(given) ? (member(given, "query") ?? member(given, "value")) : given;
      if (typeof value !== "string" && !isNumber(value)) continue;
      this.#use(path, isNumber(value) ? "long" : "keyword", value);
      conditions.equal.set(path, typeof value === "string" ? value : Number(value));
    }
  }

  #range(clause: JsonObject, conditions: Conditions): void {
    for (const [path, bounds] of Object.entries(clause)) {
      if (!isObject(bounds)) continue;
      const low = member(bounds, "gte") ?? member(bounds, "gt");
      const high = member(bounds, "lte") ?? member(bounds, "lt");
      const isDate = member(bounds, "format") !== undefined || (typeof low === "string" && /^\d{4}-/.test(low));
      this.#use(path, isDate ? "date" : "long");
      if (!isDate) continue;
      const time = (bound: JsonValue | undefined): number => (isNumber(bound) ? Number(bound) : Date.parse(String(bound)));
      conditions.from = time(low);
      conditions.to = time(high);
    }
  }

  #typed(text: string, conditions: Conditions): void {
    for (const [, path = "", quoted, plain] of text.matchAll(/([A-Za-z@_][\w.]*):(?:"([^"]*)"|([\w./-]+))/g)) {
      const value = quoted ?? plain ?? "";
      this.#use(path, "keyword", value);
      conditions.equal.set(path, value);
    }
  }
}
