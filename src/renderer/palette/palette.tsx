// The palette (Ctrl/Cmd+K): all that can be done and seen, found by a few letters, by keys alone.
import { type KeyboardEvent, type ReactElement, useEffect, useId, useMemo, useRef, useState } from "react";
import { useAction, useCall } from "../api/hooks.ts";
import { shownKeys } from "../frame/commands.ts";
import { givenCommands } from "../frame/keys.ts";
import { go } from "../route.ts";
import { strings } from "../strings.ts";
import { keptFilters } from "../traffic/kept_filters.ts";
import { Icon } from "../ui/icon.tsx";
import { type Entry, entriesFor, type Findable } from "./entries.ts";
import "./palette.css";

const WORDS = strings.palette;
const SCREEN = 8;

export function Palette({ onClose }: { readonly onClose: () => void }): ReactElement {
  const dialog = useRef<HTMLDialogElement>(null);
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const from = useFindable();
  const entries = useMemo(() => entriesFor(typed, from), [typed, from]);
  const prefix = useId();
  const chosen = entries[at];
  useEffect(() => dialog.current?.showModal(), []);
  // What it returns (a promise, lately) is nothing to clean up by.
  useEffect(() => {
    document.getElementById(`${prefix}${at}`)?.scrollIntoView({ block: "nearest" });
  }, [prefix, at]);
  const type = (text: string): void => {
    setTyped(text);
    setAt(0);
  };
  // Closed first: the focus is back where it was when the command moves it on.
  const take = (entry: Entry): void => {
    dialog.current?.close();
    entry.run();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = nextPlace(event.key, at, entries.length);
    if (next !== null) setAt(next);
    else if (event.key === "Enter" && chosen !== undefined) take(chosen);
    else return;
    event.preventDefault();
  };
  return (
    <dialog ref={dialog} className="palette" aria-label={WORDS.title} onClose={onClose} onMouseDown={closeOutside}>
      <div className="palette-field">
        <Icon name="search" />
        <input
          autoFocus
          role="combobox"
          aria-label={WORDS.title}
          aria-expanded="true"
          aria-controls={`${prefix}list`}
          aria-activedescendant={chosen === undefined ? undefined : `${prefix}${at}`}
          aria-autocomplete="list"
          placeholder={WORDS.hint}
          spellCheck={false}
          value={typed}
          onChange={({ target }) => type(target.value)}
          onKeyDown={onKeyDown}
        />
        <kbd>{shownKeys("Escape")}</kbd>
      </div>
      <Results prefix={prefix} entries={entries} at={at} onTake={take} />
      <span className="unseen" role="status">
        {typed === "" ? "" : WORDS.found(entries.length)}
      </span>
    </dialog>
  );
}

interface ResultsProps {
  readonly prefix: string;
  readonly entries: readonly Entry[];
  readonly at: number;
  readonly onTake: (entry: Entry) => void;
}

function Results({ prefix, entries, at, onTake }: ResultsProps): ReactElement {
  const groups = [...Map.groupBy(entries, ({ group }) => group)];
  return (
    <>
      {entries.length === 0 ? (
        <div className="state">
          <h2>{WORDS.none}</h2>
          <p>{WORDS.noneAdvice}</p>
        </div>
      ) : null}
      <div className="palette-list scroll" id={`${prefix}list`} role="listbox" aria-label={WORDS.results} tabIndex={-1}>
        {groups.map(([group, members]) => (
          <div key={group} role="group" aria-label={group}>
            <div className="palette-group" aria-hidden="true">
              {group}
            </div>
            {members.map((entry) => (
              <Option
                key={entry.id}
                id={`${prefix}${entries.indexOf(entry)}`}
                entry={entry}
                selected={entries[at] === entry}
                onTake={onTake}
              />
            ))}
          </div>
        ))}
      </div>
    </>
  );
}

interface OptionProps {
  readonly id: string;
  readonly entry: Entry;
  readonly selected: boolean;
  readonly onTake: (entry: Entry) => void;
}

function Option({ id, entry, selected, onTake }: OptionProps): ReactElement {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the field's, which has the focus
    <div className="palette-option" id={id} role="option" aria-selected={selected} title={entry.detail} onClick={() => onTake(entry)}>
      <span className="cut">{entry.label}</span>
      {entry.detail === undefined || entry.detail === entry.label ? null : <span className="cut mono mut">{entry.detail}</span>}
      {entry.key === undefined ? null : (
        <span className="keys-of">
          {shownKeys(entry.key).map((key) => (
            <kbd key={key}>{key}</kbd>
          ))}
        </span>
      )}
    </div>
  );
}

/** A press beside the palette closes it: the dialog itself is hit only there and at its edge. */
function closeOutside(event: { readonly target: EventTarget; readonly currentTarget: HTMLDialogElement }): void {
  if (event.target === event.currentTarget) event.currentTarget.close();
}

function nextPlace(key: string, at: number, length: number): number | null {
  if (length === 0) return null;
  if (key === "ArrowDown") return (at + 1) % length;
  if (key === "ArrowUp") return (at - 1 + length) % length;
  if (key === "PageDown") return Math.min(at + SCREEN, length - 1);
  if (key === "PageUp") return Math.max(at - SCREEN, 0);
  return null;
}

function useFindable(): Findable {
  const indices = useCall("indices.list", {}, { staleMs: 10_000 });
  const recent = useCall("session.recent", {}, { staleMs: 10_000 });
  const open = useAction("session.open");
  // Asked once: the commands of what was open when the palette came.
  const [given] = useState(givenCommands);
  const { mutate } = open;
  return useMemo(
    () => ({
      given,
      keptFilters: keptFilters(),
      indices: (indices.data ?? []).map(({ name }) => name).toSorted(),
      sessions: (recent.data ?? []).map(({ file }) => file),
      filterBy: (filter: string) => go({ page: "traffic", filter }),
      openExchange: (id: number) => go({ page: "exchange", id }),
      openSession: (file: string) => mutate({ file }, { onSuccess: () => go({ page: "traffic" }) }),
    }),
    [given, indices.data, recent.data, mutate],
  );
}
