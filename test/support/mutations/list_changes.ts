// Changes to lists: of hits and buckets, whose elements have names and an order, and of others, which go by position.
import { isArray, isObject, type JsonObject, type JsonValue, member, printJson } from "../../../src/shared/json.ts";
import { type Change, type Changing, type Expected, replaced } from "./change.ts";
import { endOf, type Order, orderOfBuckets, orderOfHits } from "./order.ts";
import { bucketLabels, hitLabels, type Meaning, pathOf, type Spot } from "./spots.ts";

export const LIST_CHANGES: Readonly<Record<string, Changing>> = {
  "element gone": (root, spot, random) => {
    if (!isArray(spot.value) || spot.value.length === 0 || spot.meaning.kind === "name") return null;
    const labels = labelsOf(spot, spot.value);
    // The later ones of a list without names take its place.
    const at = isNamed(spot, labels) ? random.below(spot.value.length) : spot.value.length - 1;
    return listChange("element gone", root, spot, spot.value.toSpliced(at, 1), [labels[at] ?? ""]);
  },
  "element added": (root, spot, random) => {
    if (!isArray(spot.value) || spot.value.length === 0 || spot.meaning.kind === "name") return null;
    const last = spot.value.at(-1) ?? null;
    const named = isNamed(spot, labelsOf(spot, spot.value));
    const at = named ? random.below(spot.value.length + 1) : spot.value.length;
    const list = spot.value.toSpliced(at, 0, named ? renamed(spot, last) : last);
    return listChange("element added", root, spot, list, [labelsOf(spot, list)[at] ?? ""]);
  },
  order: (root, spot, random) => {
    const { value: list, meaning } = spot;
    if (!isArray(list) || list.length < 2 || meaning.kind === "name") return null;
    const labels = labelsOf(spot, list);
    const at = random.below(list.length - 1);
    const [a, b] = [list[at], list[at + 1]];
    if (a === undefined || b === undefined || printJson(a) === printJson(b)) return null;
    const turned = list.with(at, b).with(at + 1, a);
    if (meaning.kind === "names")
      return { what: "order", changed: replaced(root, spot.steps, turned), expected: { verdict: "equivalent", rule: "name_order" } };
    const order = isNamed(spot, labels) ? orderOf(meaning, a, b) : "determined";
    if (order === "unknown") return null;
    if (order === "determined") return listChange("order", root, spot, turned, [labels[at] ?? "", labels[at + 1] ?? ""]);
    const rule = meaning.kind === "hits" ? "tied_hits" : "tied_buckets";
    return { what: "order of a tie", changed: replaced(root, spot.steps, turned), expected: { verdict: "equivalent", rule } };
  },
  "another hit at the end": (root, spot) => {
    const { value: list, meaning } = spot;
    const last = isArray(list) ? list.at(-1) : undefined;
    if (!isArray(list) || last === undefined || meaning.kind !== "hits" || !isNamed(spot, labelsOf(spot, list))) return null;
    const other = list.with(-1, renamed(spot, last));
    const whole = endOf(meaning.search, meaning.container, list);
    if (whole === "unknown") return null;
    const changed = replaced(root, spot.steps, other);
    if (whole === "cut") return { what: "another tied hit at the end", changed, expected: { verdict: "equivalent", rule: "tied_hits" } };
    return listChange("another hit at the end", root, spot, other, [labelsOf(spot, list).at(-1) ?? "", labelsOf(spot, other).at(-1) ?? ""]);
  },
};

function listChange(what: string, root: JsonObject, spot: Spot, list: readonly JsonValue[], labels: readonly string[]): Change {
  const paths = labels.map((shown) => pathOf([...spot.steps, { at: 0, shown }]));
  const expected: Expected = { verdict: "different", paths };
  return { what: `${what} of ${spot.meaning.kind}`, changed: replaced(root, spot.steps, list), expected };
}

function labelsOf({ meaning }: Spot, list: readonly JsonValue[]): readonly string[] {
  if (meaning.kind === "hits") return hitLabels(list);
  return meaning.kind === "buckets" ? bucketLabels(list) : list.map((_, at) => String(at));
}

// Elements of the same name are told apart by their order alone.
function isNamed({ meaning }: Spot, labels: readonly string[]): boolean {
  return (
    (meaning.kind === "hits" || meaning.kind === "buckets") && labels.every((label) => label.startsWith("[") && !/#\d+\]$/.test(label))
  );
}

function renamed({ meaning }: Spot, item: JsonValue): JsonValue {
  if (!isObject(item)) return item;
  return meaning.kind === "hits" ? { ...item, _id: `${member(item, "_id")}-x` } : { ...item, key: "x-added" };
}

function orderOf(meaning: Meaning, a: JsonValue, b: JsonValue): Order {
  if (!isObject(a) || !isObject(b)) return "unknown";
  if (meaning.kind === "buckets") return orderOfBuckets(meaning.definition, a, b);
  return meaning.kind === "hits" ? orderOfHits(meaning.search, a, b) : "determined";
}
