// Changes to one value or one member.
import {
  isArray,
  isNumber,
  isObject,
  type JsonNumber,
  type JsonObject,
  type JsonValue,
  jsonObject,
  member,
  printJson,
  RawNumber,
} from "../../../src/shared/json.ts";
import type { Random } from "../random.ts";
import { type Change, type Changing, type Expected, replaced } from "./change.ts";
import { bucketLabels, hitLabels, pathOf, type Spot, step } from "./spots.ts";

const LOOSE: Readonly<Record<string, string>> = { score: "score", distance: "geo_distance", sum: "float_sum", doc: "doc_order" };

export const LEAF_CHANGES: Readonly<Record<string, Changing>> = {
  null: (root, spot) => (isLeaf(spot) && spot.value !== null ? valueChange("null", root, spot, null) : null),
  count: (root, spot) =>
    isNumber(spot.value) && spot.steps.at(-1)?.at === "doc_count" ? valueChange("count", root, spot, Number(spot.value) + 1) : null,
  "last digit": (root, spot, random) => {
    if (!isNumber(spot.value) || spot.meaning.kind in LOOSE) return null;
    const value = otherDigit(spot.value, random);
    return value === null ? null : valueChange("last digit", root, spot, value);
  },
  "digit past 2^53": (root, spot, random) => {
    if (!isNumber(spot.value) || spot.meaning.kind in LOOSE || !/^-?\d{16,19}$/.test(printJson(spot.value))) return null;
    const value = otherDigit(spot.value, random);
    return value === null ? null : valueChange("digit past 2^53", root, spot, value);
  },
  "beyond tolerance": (root, spot) => {
    if (!isNumber(spot.value) || !(spot.meaning.kind in LOOSE) || spot.meaning.kind === "doc") return null;
    const value = Number(spot.value);
    return Number.isFinite(value) ? valueChange("beyond tolerance", root, spot, value * 1.001 + 1) : null;
  },
  "within tolerance": (root, spot) => {
    const rule = LOOSE[spot.meaning.kind];
    if (rule === undefined || !isNumber(spot.value)) return null;
    const own = Number(spot.value);
    const value = spot.meaning.kind === "doc" ? own + 1 : neighbour(own);
    // Whole numbers below 2^53 add up exactly.
    const exact = spot.meaning.kind === "sum" && Number.isSafeInteger(own) && Number.isSafeInteger(value);
    if (value === null || value === own || exact) return null;
    return { what: "within tolerance", changed: replaced(root, spot.steps, value), expected: { verdict: "equivalent", rule } };
  },
  text: (root, spot) => (typeof spot.value === "string" ? valueChange("text", root, spot, `${spot.value}x`) : null),
  type: (root, spot) => {
    if (isNumber(spot.value) || typeof spot.value === "boolean") return valueChange("type", root, spot, printJson(spot.value));
    if (typeof spot.value !== "string" || !/^-?\d{1,9}$/.test(spot.value)) return null;
    return valueChange("type", root, spot, new RawNumber(String(Number(spot.value))));
  },
  boolean: (root, spot) => (typeof spot.value === "boolean" ? valueChange("boolean", root, spot, !spot.value) : null),
  "member gone": (root, spot) => {
    if (!isObject(spot.parent) || isEmptyTotal(spot) || (spot.meaning.kind === "name" && spot.meaning.open)) return null;
    const expected = expectedAt(root, spot, undefined);
    return expected === null ? null : { what: "member gone", changed: replaced(root, spot.steps, undefined), expected };
  },
  "member renamed": (root, spot) => {
    const last = spot.steps.at(-1);
    if (!isObject(spot.parent) || last === undefined || spot.meaning.kind === "name" || isEmptyTotal(spot)) return null;
    const around = spot.steps.slice(0, -1);
    const members = Object.entries(spot.parent).map(([name, value]) => [name === last.at ? `${name}_x` : name, value] as const);
    const paths = [pathOf(spot.steps), pathOf([...around, step(`${last.at}_x`)])];
    return { what: "member renamed", changed: replaced(root, around, jsonObject(members)), expected: { verdict: "different", paths } };
  },
  "member added": (root, spot) => {
    if (!isObject(spot.value) || spot.meaning.kind === "name") return null;
    const changed = replaced(root, spot.steps, jsonObject([...Object.entries(spot.value), ["x-added", 1]]));
    return { what: "member added", changed, expected: { verdict: "different", paths: [pathOf([...spot.steps, step("x-added")])] } };
  },
};

function isLeaf({ value }: Spot): boolean {
  return !isArray(value) && !isObject(value);
}

function valueChange(what: string, root: JsonObject, spot: Spot, value: JsonValue): Change | null {
  if (spot.meaning.kind === "name" && spot.meaning.open) return null;
  const changed = replaced(root, spot.steps, value);
  const { meaning } = spot;
  if (isOpenBest(spot, value)) return { what, changed, expected: { verdict: "equivalent", rule: "empty_max_score" } };
  // A larger total than a lower bound is the same answer.
  if (
    meaning.kind === "total" &&
    isObject(spot.parent) &&
    member(spot.parent, "relation") === "gte" &&
    member(meaning.search, "track_total_hits") !== true
  ) {
    const larger = spot.steps.at(-1)?.at === "value" && isNumber(value) && Number(value) > Number(spot.value);
    if (larger) return { what, changed, expected: { verdict: "equivalent", rule: "total_lower_bound" } };
  }
  const expected = expectedAt(root, spot, value);
  return expected === null ? null : { what, changed, expected };
}

// Without hits, the best score is nothing or 0.
function isOpenBest({ steps, parent, value }: Spot, changed: JsonValue): boolean {
  const isNothing = (one: JsonValue) => one === null || (isNumber(one) && Number(one) === 0);
  const hits = isObject(parent) ? member(parent, "hits") : undefined;
  return steps.at(-1)?.at === "max_score" && isArray(hits) && hits.length === 0 && isNothing(value) && isNothing(changed);
}

/** A total of 0 that may be there or not. */
function isEmptyTotal({ steps, parent }: Spot): boolean {
  const hits = isObject(parent) ? member(parent, "hits") : undefined;
  return steps.at(-1)?.at === "total" && isArray(hits) && hits.length === 0;
}

/** A change to what names an element makes it another element: the list then lacks one and has one too many. null: it has that one already. */
function expectedAt(root: JsonObject, spot: Spot, value: JsonValue | undefined): Expected | null {
  if (spot.meaning.kind !== "name") return { verdict: "different", paths: [pathOf(spot.steps)] };
  const depth = spot.steps.findLastIndex(({ at }, i) => typeof at === "number" && /^\[/.test(spot.steps[i]?.shown ?? ""));
  const element = spot.steps.slice(0, depth + 1);
  const list = valueAt(replaced(root, spot.steps, value), element.slice(0, -1));
  const items = isArray(list) ? list : [];
  const at = Number(element.at(-1)?.at);
  const labels = spot.steps[depth - 1]?.at === "buckets" ? bucketLabels(items) : hitLabels(items);
  if (labels.some((label) => /#\d+\]$/.test(label))) return null;
  const around = element.slice(0, -1);
  const others = [labels[at] ?? "", String(at)].map((shown) => pathOf([...around, { at, shown }]));
  // Where one id stands for two documents by the change, both are called with their index.
  const own = element.at(-1)?.shown ?? "";
  const index = isObject(spot.parent) ? member(spot.parent, "_index") : undefined;
  const withIndex = pathOf([...around, { at, shown: `[_index=${index},${own.slice(1)}` }]);
  return { verdict: "different", paths: [pathOf(element), withIndex, ...others] };
}

function valueAt(root: JsonValue, steps: Spot["steps"]): JsonValue | undefined {
  let at: JsonValue | undefined = root;
  for (const { at: name } of steps) at = isArray(at) ? at[Number(name)] : isObject(at) ? member(at, String(name)) : undefined;
  return at;
}

/** Another last digit, which makes another value. */
function otherDigit(value: JsonNumber, random: Random): JsonNumber | null {
  const text = printJson(value);
  const digits = /^(-?[\d.]*)(\d)(E-?\d+|e[-+]?\d+)?$/.exec(text);
  if (digits === null) return null;
  const [, before = "", digit = "", exponent = ""] = digits;
  const first = 1 + random.below(9);
  for (let step = 0; step < 9; step += 1) {
    const other = `${before}${(Number(digit) + 1 + ((first + step) % 9)) % 10}${exponent}`;
    const isSame = /^-?\d+$/.test(text) ? other === text : Object.is(Number(other), Number(text));
    if (!isSame && !(/^-0$/.test(other) || other === "-0.0")) return new RawNumber(other);
  }
  return null;
}

/** The next double, away from 0; null where there is none to speak of. */
function neighbour(value: number): number | null {
  if (!Number.isFinite(value) || value === 0 || Math.abs(value) < 1e-300) return null;
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  bits.setBigInt64(0, bits.getBigInt64(0) + 1n);
  return bits.getFloat64(0);
}
