// The order in which Elasticsearch gives out equals that went through its hash table and its heap: neither is stable, but both
// are the same every time.

/** Most of a table's slots that are filled before it doubles. */
const LOAD = Math.fround(0.6);

/** Items in the order of the slots that texts get in a table with linear probing, made for `expected` of them. */
export function inHashOrder<T>(items: readonly T[], text: (item: T) => string, expected: number): readonly T[] {
  let table: (T | undefined)[] = new Array(slotsFor(expected)).fill(undefined);
  const put = (item: T): void => {
    let slot = hashOf(text(item)) & (table.length - 1);
    while (table[slot] !== undefined) slot = (slot + 1) & (table.length - 1);
    table[slot] = item;
  };
  items.forEach((item, size) => {
    if (size >= Math.trunc(table.length * LOAD)) {
      const before = table;
      table = [...before, ...new Array(before.length).fill(undefined)];
      const again = (i: number): void => {
        const moved = table[i];
        table[i] = undefined;
        if (moved !== undefined) put(moved);
      };
      for (let i = 0; i < before.length; i += 1) again(i);
      for (let i = before.length; table[i] !== undefined; i += 1) again(i);
    }
    put(item);
  });
  return table.filter((item) => item !== undefined);
}

function slotsFor(expected: number): number {
  let slots = 1;
  while (slots < 1 + Math.trunc(expected / LOAD)) slots *= 2;
  return expected === 0 ? 1 : slots;
}

// String.hashCode of Java.
function hashOf(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i += 1) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}

/** The `size` items of the highest scores, highest first, as a heap of that size gives them. `equalsWait`: an item that is no better
 * than the least one stays out. */
export function topOfHeap<T>(items: readonly T[], size: number, score: (item: T) => number, equalsWait = false): readonly T[] {
  const heap: T[] = [];
  const less = (a: T, b: T): boolean => score(a) < score(b);
  for (const item of items) {
    if (heap.length < size) {
      heap.push(item);
      siftUp(heap, less);
    } else if (heap[0] !== undefined && (equalsWait ? less(heap[0], item) : !less(item, heap[0]))) {
      heap[0] = item;
      siftDown(heap, less);
    }
  }
  const out: T[] = [];
  for (let least = heap[0]; least !== undefined; least = heap[0]) {
    out.push(least);
    const last = heap.pop();
    if (heap.length > 0 && last !== undefined) {
      heap[0] = last;
      siftDown(heap, less);
    }
  }
  return out.toReversed();
}

function siftUp<T>(heap: T[], less: (a: T, b: T) => boolean): void {
  let at = heap.length - 1;
  const item = heap[at];
  if (item === undefined) return;
  for (let parent = (at - 1) >> 1; at > 0; parent = (at - 1) >> 1) {
    const above = heap[parent];
    if (above === undefined || !less(item, above)) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = item;
}

function siftDown<T>(heap: T[], less: (a: T, b: T) => boolean): void {
  const item = heap[0];
  if (item === undefined) return;
  let at = 0;
  for (;;) {
    const [left, right] = [heap[2 * at + 1], heap[2 * at + 2]];
    if (left === undefined) break;
    const next = right !== undefined && less(right, left) ? { item: right, at: 2 * at + 2 } : { item: left, at: 2 * at + 1 };
    if (!less(next.item, item)) break;
    heap[at] = next.item;
    at = next.at;
  }
  heap[at] = item;
}
