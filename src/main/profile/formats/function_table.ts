// What each function cost and whom it called, over all threads: what profilers count that keep no stacks. Pure.
import type { ThreadProfile } from "../../../shared/profile.ts";
import { type TracedFunction, type TreeNode, treeOf } from "./tree.ts";

export interface FunctionCosts {
  readonly traced: TracedFunction;
  readonly calls: number;
  /** Without those by itself, directly or not. */
  readonly outerCalls: number;
  readonly selfUs: number;
  /** With all that it called, counted once where it called itself. */
  readonly totalUs: number;
  /** `selfUs` by line (from 1). */
  readonly lines: ReadonlyMap<number, number>;
  readonly called: readonly CalledPair[];
}

/** What one function spent in another. */
export interface CalledPair {
  readonly traced: TracedFunction;
  readonly calls: number;
  readonly outerCalls: number;
  /** Of the called one itself. */
  readonly selfUs: number;
  readonly totalUs: number;
}

type Counted = { -readonly [K in keyof CalledPair]: CalledPair[K] };
interface Counting extends Counted {
  readonly lines: Map<number, number>;
  readonly called: Map<string, Counted>;
}

/** A thread as the function that calls what it ran. */
export function threadFunction(thread: string): TracedFunction {
  return { name: `(thread ${thread})`, file: "", line: 0 };
}

/** Threads first, each as a function that calls what the thread ran. */
export function functionTable(profiles: readonly ThreadProfile[]): readonly FunctionCosts[] {
  const table = new Map<string, Counting>();
  const trees = profiles.map(({ thread, profile }): TreeNode => {
    const children = treeOf(profile);
    const totalUs = children.reduce((sum, child) => sum + child.totalUs, 0);
    return { traced: threadFunction(thread), samples: 0, selfUs: 0, totalUs, calls: 1, lines: new Map(), children };
  });
  for (const tree of trees) entryOf(table, tree.traced);
  for (const tree of trees) count(table, tree, new Set());
  return [...table.values()].map((entry) => ({ ...entry, called: [...entry.called.values()] }));
}

function keyOf({ file, name, line }: TracedFunction): string {
  return `${line} ${file} ${name}`;
}

function entryOf(table: Map<string, Counting>, traced: TracedFunction): Counting {
  const found = table.get(keyOf(traced)) ?? { ...nothingOf(traced), lines: new Map(), called: new Map() };
  table.set(keyOf(traced), found);
  return found;
}

function nothingOf(traced: TracedFunction): Counted {
  return { traced, calls: 0, outerCalls: 0, selfUs: 0, totalUs: 0 };
}

/** `above`: the functions that are on the stack. */
function count(table: Map<string, Counting>, node: TreeNode, above: ReadonlySet<string>): void {
  const key = keyOf(node.traced);
  const entry = entryOf(table, node.traced);
  add(entry, node, above.has(key));
  for (const [line, us] of node.lines) entry.lines.set(line, (entry.lines.get(line) ?? 0) + us);
  const stack = new Set(above).add(key);
  for (const child of node.children) {
    const called = entry.called.get(keyOf(child.traced)) ?? nothingOf(child.traced);
    entry.called.set(keyOf(child.traced), called);
    add(called, child, stack.has(keyOf(child.traced)));
    count(table, child, stack);
  }
}

/** `again`: the function is on the stack already, so that its time is counted there. */
function add(counted: Counted, { calls, selfUs, totalUs }: TreeNode, again: boolean): void {
  counted.calls += calls;
  counted.outerCalls += again ? 0 : calls;
  counted.selfUs += selfUs;
  counted.totalUs += again ? 0 : totalUs;
}
