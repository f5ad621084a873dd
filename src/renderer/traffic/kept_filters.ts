// Filters that someone keeps, in this browser: chips under the filter bar, and found by the palette.
import { useSyncExternalStore } from "react";

const KEY = "parallax.filters";
const MOST = 30;
const listeners = new Set<() => void>();
let last: { readonly text: string; readonly filters: readonly string[] } = { text: "", filters: [] };

/** The last kept first; a line each where they lie. */
export function keptFilters(): readonly string[] {
  const text = localStorage.getItem(KEY) ?? "";
  if (text !== last.text) last = { text, filters: text.split("\n").filter((line) => line !== "") };
  return last.filters;
}

export function keepFilter(filter: string): void {
  const line = filter.replaceAll(/\s+/g, " ").trim();
  if (line !== "") store([line, ...keptFilters().filter((kept) => kept !== line)].slice(0, MOST));
}

export function forgetFilter(filter: string): void {
  store(keptFilters().filter((kept) => kept !== filter));
}

function store(filters: readonly string[]): void {
  localStorage.setItem(KEY, filters.join("\n"));
  for (const listener of listeners) listener();
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useKeptFilters(): readonly string[] {
  return useSyncExternalStore(listen, keptFilters);
}
