// High contrast: `data-contrast="more"` on <html>. Chosen by hand, else by the system's preference.
import { useSyncExternalStore } from "react";

const KEY = "parallax.contrast";
const preference = typeof matchMedia === "undefined" ? null : matchMedia("(prefers-contrast: more)");
const listeners = new Set<() => void>();

function wanted(): boolean {
  const chosen = localStorage.getItem(KEY);
  return chosen === null ? (preference?.matches ?? false) : chosen === "more";
}

/** Puts the attribute where the tokens look for it, now and whenever the system's preference changes; call once at the start. */
export function followContrast(): void {
  applyContrast();
  preference?.addEventListener("change", applyContrast);
}

function applyContrast(): void {
  if (wanted()) document.documentElement.setAttribute("data-contrast", "more");
  else document.documentElement.removeAttribute("data-contrast");
  for (const listener of listeners) listener();
}

export function setContrast(more: boolean): void {
  localStorage.setItem(KEY, more ? "more" : "normal");
  applyContrast();
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useContrast(): boolean {
  return useSyncExternalStore(listen, wanted);
}
