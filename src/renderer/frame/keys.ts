// Keys of the page that is open. Typing in a field or an editor is never taken for a key.
import { useEffect, useRef } from "react";

/** Keys and what they do: `["j", () => …]`. */
export type KeyMap = readonly (readonly [key: string, run: () => void])[];

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const readOnlyEditor = target.closest(".cm-editor.read-only") !== null;
  return (target.isContentEditable && !readOnlyEditor) || target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("button, a, [role=menu], [role=dialog]") !== null;
}

// By the path, since a pop-up that Escape has closed is no longer in the page when the key comes here.
function inPopUp(event: KeyboardEvent): boolean {
  return event.composedPath().some((node) => node instanceof Element && node.matches('[role="dialog"], [role="menu"], [aria-haspopup]'));
}

/** Listens for single keys (`j`, `N`, `Escape`, `?`) while the component is there. */
export function useKeys(keys: KeyMap): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (inPopUp(event)) return;
      if ((event.key === "Enter" || event.key === " ") && isControl(event.target)) return;
      const run = latest.current.find(([key]) => key === event.key)?.[1];
      if (run === undefined) return;
      event.preventDefault();
      run();
    };
    addEventListener("keydown", listener);
    return () => removeEventListener("keydown", listener);
  }, []);
}
