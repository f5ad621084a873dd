// Commands of what is open: run by their keys, listed by the palette. Typing in a field or an editor is never taken for a key.
import { useEffect, useRef } from "react";
import { COMMAND_IDS, type CommandId, commandOf } from "./commands.ts";

/** What commands do now. One that is undefined can't be given at the moment. */
export type Bindings = { readonly [id in CommandId]?: (() => void) | undefined };

const open = new Set<{ readonly current: Bindings }>();
/** Of the first of two keys: a second one counts so long. */
const SECOND_KEY_MS = 1500;
let first: { readonly key: string; readonly at: number } | null = null;

/** Takes these commands while the component is there. */
export function useCommands(bindings: Bindings): void {
  const latest = useRef(bindings);
  useEffect(() => {
    latest.current = bindings;
  });
  useEffect(() => {
    if (open.size === 0) addEventListener("keydown", onKey);
    open.add(latest);
    return () => {
      open.delete(latest);
      if (open.size === 0) removeEventListener("keydown", onKey);
    };
  }, []);
}

/** Commands that can be given now, in the table's order, with what they do. */
export function givenCommands(): readonly (readonly [id: CommandId, run: () => void])[] {
  return COMMAND_IDS.flatMap((id) => {
    const run = actionOf(id);
    return run === undefined ? [] : [[id, run] as const];
  });
}

function actionOf(id: CommandId): (() => void) | undefined {
  for (const { current } of open) if (current[id] !== undefined) return current[id];
  return undefined;
}

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.altKey || inPopUp(event)) return;
  const held = event.ctrlKey || event.metaKey;
  if (!held && isTyping(event.target)) return;
  if ((event.key === "Enter" || event.key === " ") && isControl(event.target)) return;
  const before = first !== null && event.timeStamp - first.at < SECOND_KEY_MS ? first.key : null;
  first = null;
  const pressed = held ? `Mod+${event.key.toLowerCase()}` : before === null ? event.key : `${before} ${event.key}`;
  const given = givenCommands();
  const run = given.find(([id]) => commandOf(id).keys?.includes(pressed) === true)?.[1];
  if (run !== undefined) {
    event.preventDefault();
    run();
  } else if (given.some(([id]) => commandOf(id).keys?.some((key) => key.startsWith(`${pressed} `)) === true)) {
    first = { key: pressed, at: event.timeStamp };
  }
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const readOnlyEditor = target.closest(".cm-editor.read-only") !== null;
  if (target.isContentEditable && !readOnlyEditor) return true;
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("button, a, [role=menu], [role=dialog]") !== null;
}

// By the path, since a pop-up that Escape has closed is no longer in the page when the key comes here, and what opened it no longer says so.
function inPopUp(event: KeyboardEvent): boolean {
  const opener = event.key === "Escape" ? "[aria-haspopup]" : '[aria-haspopup][aria-expanded="true"]';
  return event.composedPath().some((node) => node instanceof Element && node.matches(`[role="dialog"], [role="menu"], ${opener}`));
}
