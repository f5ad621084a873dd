// The rows of the tree that are shown: what differs with its ancestors, equal siblings folded into one row with their count.
import type { DiffNode } from "./tree.ts";

export interface TreeRow {
  readonly id: string;
  readonly depth: number;
  readonly node: DiffNode | null;
  /** For a folded run of siblings: how many. */
  readonly folded: number;
  readonly foldedRuled: number;
  readonly open: boolean;
  readonly canOpen: boolean;
}

export interface Shown {
  readonly differencesOnly: boolean;
  /** Rows opened or closed by hand: true open, false closed. */
  readonly toggled: ReadonlyMap<string, boolean>;
}

/** The tree's rows from the top, depth first. */
export function treeRows(top: DiffNode, shown: Shown): readonly TreeRow[] {
  const rows: TreeRow[] = [];
  addChildren(top, 0, shown, rows);
  return rows;
}

function addChildren(parent: DiffNode, depth: number, shown: Shown, rows: TreeRow[]): void {
  const equal = parent.children.filter((child) => child.differences === 0);
  const foldId = `${parent.path}#equal`;
  // Members of an object that are equal need no row of their own; items of a list and the answer's own members are counted.
  const counted = parent.path === "" || parent.elasticsearch !== null;
  const fold = shown.differencesOnly && equal.length > 0;
  const foldOpen = shown.toggled.get(foldId) ?? false;
  let folded = false;
  for (const child of parent.children) {
    if (!fold || child.differences > 0 || (foldOpen && folded)) {
      addNode(child, depth, shown, rows);
      continue;
    }
    if (folded || !counted) continue;
    folded = true;
    rows.push(foldRow(foldId, depth, equal, foldOpen));
    if (foldOpen) addNode(child, depth, shown, rows);
  }
}

function foldRow(id: string, depth: number, equal: readonly DiffNode[], open: boolean): TreeRow {
  const ruled = equal.filter((node) => node.ruled > 0).length;
  return { id, depth, node: null, folded: equal.length, foldedRuled: ruled, open, canOpen: true };
}

function addNode(given: DiffNode, depth: number, shown: Shown, rows: TreeRow[]): void {
  const node = shown.differencesOnly ? joined(given) : given;
  const canOpen = node.children.length > 0;
  const open = canOpen && (shown.toggled.get(node.path) ?? opensByItself(node, depth));
  rows.push({ id: node.path, depth, node, folded: 0, foldedRuled: 0, open, canOpen });
  if (open) addChildren(node, depth + 1, shown, rows);
}

/**
 * A branch and its one differing member as one row (`total.value`, `1.value`); a list of buckets or hits belongs to what
 * holds it. What lies beside the member is equal, and comes back when everything is shown.
 */
function joined(node: DiffNode): DiffNode {
  if (node.kind !== "branch" || node.elasticsearch !== null || node.differences === 0) return node;
  const differing = node.children.filter((child) => child.differences > 0);
  const only = differing[0];
  if (only === undefined || differing.length > 1 || only.kind === "missing" || only.kind === "extra") return node;
  const inner = joined(only);
  const list = inner.name === "buckets" || inner.name === "hits";
  return { ...inner, name: list ? node.name : `${node.name}.${inner.name}`, note: node.note === "" ? inner.note : node.note };
}

function opensByItself(node: DiffNode, depth: number): boolean {
  return node.differences > 0 || depth < 1;
}
