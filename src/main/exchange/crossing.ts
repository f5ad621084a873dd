// Values that cross to another thread. A structured clone keeps Maps and Sets, but not what a RawNumber is: it crosses as a String object,
// which no other value is.
import { RawNumber } from "../../shared/json.ts";

/** The value as it can be cloned; itself where it has no RawNumber. */
export function crossing<T>(value: T): T;
export function crossing(value: unknown): unknown {
  return mapped(value, (one) => (one instanceof RawNumber ? new String(one.text) : undefined));
}

/** What was given to `crossing`, on the other side. */
export function arrived<T>(value: T): T;
export function arrived(value: unknown): unknown {
  return mapped(value, (one) => (one instanceof String ? new RawNumber(String(one)) : undefined));
}

type Replace = (value: object) => object | undefined;

// Copies only what holds something that is replaced: tables and mappings mostly hold nothing of it.
function mapped(value: unknown, replace: Replace): unknown {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  const own = replace(value);
  if (own !== undefined) return own;
  if (Array.isArray(value)) return changedItems(value, replace) ?? value;
  if (value instanceof Map) {
    const entries = changedItems([...value].flat(), replace);
    return entries === null ? value : new Map(entries.flatMap((key, at) => (at % 2 === 0 ? [[key, entries[at + 1]]] : [])));
  }
  if (value instanceof Set) return new Set(changedItems([...value], replace) ?? value);
  const entries = Object.entries(value);
  const items = changedItems(
    entries.map(([, item]) => item),
    replace,
  );
  return items === null ? value : Object.fromEntries(entries.map(([name], at) => [name, items[at]]));
}

function changedItems(items: readonly unknown[], replace: Replace): readonly unknown[] | null {
  let changed: unknown[] | null = null;
  for (const [at, item] of items.entries()) {
    const own = mapped(item, replace);
    if (own === item) continue;
    changed ??= [...items];
    changed[at] = own;
  }
  return changed;
}
