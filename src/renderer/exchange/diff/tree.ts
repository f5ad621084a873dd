// Two answers as one tree, keyed by bucket `key` and hit `_id`, with the matcher's differences and rules marked in it.
// Pure. Every difference of the comparison has a node: what the tree can't place is listed at its end.
import type { Comparison, Difference } from "../../../shared/exchange.ts";
import { isArray, isObject, type JsonObject, type JsonValue, member, pointerToken, printJson } from "../../../shared/json.ts";
import { type ItemName, itemNames } from "./item_names.ts";
import { ruleAt, sameText } from "./rules.ts";

export type NodeKind = "equal" | "different" | "missing" | "extra" | "moved" | "ruled" | "branch";

export interface DiffNode {
  readonly path: string;
  readonly name: string;
  readonly note: string;
  readonly kind: NodeKind;
  /** JSON text of a leaf, a summary of a branch; null: not there. */
  readonly elasticsearch: string | null;
  readonly clickhouse: string | null;
  readonly children: readonly DiffNode[];
  /** Differing nodes here and below. */
  readonly differences: number;
  /** Leaves that a rule let pass, here and below. */
  readonly ruled: number;
}

const LONGEST = 400;

interface Marks {
  readonly byPath: ReadonlyMap<string, Difference>;
  readonly used: Set<string>;
  readonly comparison: Comparison;
}

/** The tree's top: one node without a name whose children are the answers' members. */
export function buildTree(elasticsearch: JsonValue, clickhouse: JsonValue, comparison: Comparison): DiffNode {
  const byPath = new Map(comparison.differences.map((difference) => [difference.path, difference]));
  const marks: Marks = { byPath, used: new Set(), comparison };
  const top = pair({ path: "", name: "", note: "" }, elasticsearch, clickhouse, marks);
  const unplaced = comparison.differences.filter((difference) => !marks.used.has(difference.path)).map(fromDifference);
  if (unplaced.length === 0) return top;
  return { ...top, children: [...top.children, ...unplaced], differences: top.differences + unplaced.length };
}

/** A flat tree of the differences alone, for answers too large to lay side by side. */
export function treeOfDifferences(comparison: Comparison): DiffNode {
  const children = comparison.differences.map(fromDifference);
  return branch({ path: "", name: "", note: "" }, null, null, children);
}

function fromDifference(difference: Difference): DiffNode {
  const { path, elasticsearch, clickhouse } = difference;
  return { path, name: path, note: "", kind: kindOf(difference), elasticsearch, clickhouse, children: [], differences: 1, ruled: 0 };
}

function kindOf(difference: Difference): NodeKind {
  if (difference.kind === "order") return "moved";
  if (difference.clickhouse === null) return "missing";
  return difference.elasticsearch === null ? "extra" : "different";
}

interface Place {
  readonly path: string;
  readonly name: string;
  readonly note: string;
}

function pair(place: Place, es: JsonValue | undefined, ch: JsonValue | undefined, marks: Marks): DiffNode {
  const marked = marks.byPath.get(place.path);
  if (isObject(es) && isObject(ch)) {
    return withMark(branch(place, summary(place, es), summary(place, ch), members(place, es, ch, marks)), marked, marks);
  }
  if (isArray(es) && isArray(ch) && (es.some(isBranch) || ch.some(isBranch) || es.length !== ch.length || es.length > 12)) {
    return withMark(branch(place, summary(place, es), summary(place, ch), items(place, es, ch, marks)), marked, marks);
  }
  return leaf(place, es, ch, marked, marks);
}

function isBranch(value: JsonValue): boolean {
  return isObject(value) || isArray(value);
}

function branch(place: Place, elasticsearch: string | null, clickhouse: string | null, children: readonly DiffNode[]): DiffNode {
  const sum = (of: (node: DiffNode) => number) => children.reduce((total, child) => total + of(child), 0);
  return {
    ...place,
    kind: "branch",
    elasticsearch,
    clickhouse,
    children,
    differences: sum((child) => child.differences),
    ruled: sum((child) => child.ruled),
  };
}

/** A branch that itself differs, as by its place in an order. */
function withMark(node: DiffNode, marked: Difference | undefined, marks: Marks): DiffNode {
  if (marked === undefined) return node;
  marks.used.add(marked.path);
  return {
    ...node,
    kind: kindOf(marked),
    elasticsearch: marked.elasticsearch ?? node.elasticsearch,
    clickhouse: marked.clickhouse ?? node.clickhouse,
    differences: node.differences + 1,
  };
}

function leaf(place: Place, es: JsonValue | undefined, ch: JsonValue | undefined, marked: Difference | undefined, marks: Marks): DiffNode {
  const elasticsearch = es === undefined ? null : short(es);
  const clickhouse = ch === undefined ? null : short(ch);
  const node = { ...place, elasticsearch, clickhouse, children: [], differences: 0, ruled: 0 };
  if (marked !== undefined) {
    marks.used.add(marked.path);
    return { ...node, kind: kindOf(marked), differences: 1 };
  }
  const inside = es === undefined || ch === undefined ? pathsUnder(place.path, marks.byPath) : [];
  if (inside.length > 0) {
    for (const path of inside) marks.used.add(path);
    return { ...node, kind: ch === undefined ? "missing" : "extra", differences: inside.length };
  }
  if (es !== undefined && ch !== undefined && sameText(es, ch)) return { ...node, kind: "equal" };
  return { ...node, kind: "ruled", note: ruleAt(place.path, marks.comparison.rules), ruled: 1 };
}

function pathsUnder(path: string, byPath: ReadonlyMap<string, Difference>): readonly string[] {
  return [...byPath.keys()].filter((each) => each.startsWith(`${path}/`));
}

/** A leaf's text; of a bucket or another object that stands on one side only, what it holds. */
function short(value: JsonValue): string {
  if (isObject(value)) {
    const docs = member(value, "doc_count");
    return docs === undefined ? "{…}" : `${printJson(docs)} ${docs === 1 ? "doc" : "docs"}`;
  }
  const text = printJson(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function members(place: Place, es: JsonObject, ch: JsonObject, marks: Marks): readonly DiffNode[] {
  const names = [...Object.keys(es), ...Object.keys(ch).filter((name) => !Object.hasOwn(es, name))];
  return names.map((name) =>
    pair({ path: `${place.path}/${pointerToken(name)}`, name, note: "" }, member(es, name), member(ch, name), marks),
  );
}

/** `57 buckets`, `10 hits`, `3 items`; nothing for an object. */
function summary(place: Place, value: JsonValue): string | null {
  if (!isArray(value)) return null;
  const what = place.name === "buckets" || place.name === "hits" ? place.name : "items";
  return `${value.length} ${what}`;
}

function items(place: Place, es: readonly JsonValue[], ch: readonly JsonValue[], marks: Marks): readonly DiffNode[] {
  const [esNames, chNames] = itemNames(es, ch);
  const chByKey = new Map(chNames.map(({ key }, i) => [key, ch[i]]));
  const esKeys = new Set(esNames.map(({ key }) => key));
  const node = (name: ItemName, a: JsonValue | undefined, b: JsonValue | undefined) =>
    pair({ path: `${place.path}/${pointerToken(name.step)}`, name: name.label, note: name.note }, a, b, marks);
  const both = esNames.map((name, i) => node(name, es[i], chByKey.get(name.key)));
  const extra = chNames.flatMap((name, i) => (esKeys.has(name.key) ? [] : [node(name, undefined, ch[i])]));
  return [...both, ...extra];
}
