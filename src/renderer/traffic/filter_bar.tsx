// The filter: one line of CodeMirror. Accepted terms get a ground and stay text; completion shows term and meaning; the
// first mistake is underlined and said under the bar.
import {
  acceptCompletion,
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  completionStatus,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { EditorState, Prec, RangeSetBuilder } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, keymap, placeholder, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import { type ReactElement, type Ref, useEffect, useImperativeHandle, useRef, useState } from "react";
import { CommandKey } from "../frame/command_key.tsx";
import { strings } from "../strings.ts";
import { Icon } from "../ui/icon.tsx";
import { type FilterMistake, findMistake, TERMS, takesValue, tokens } from "./filter_language.ts";

export interface FilterBarHandle {
  focus(): void;
}

interface FilterBarProps {
  readonly value: string;
  /** What the engine said about the filter that is in force, "" when it took it. */
  readonly refusal: string;
  readonly onChange: (filter: string) => void;
  readonly ref?: Ref<FilterBarHandle>;
}

export function FilterBar({ value, refusal, onChange, ref }: FilterBarProps): ReactElement {
  const holder = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView | null>(null);
  const change = useRef(onChange);
  const inForce = useRef(value);
  const [mistake, setMistake] = useState<FilterMistake | null>(null);
  change.current = onChange;
  inForce.current = value;

  useEffect(() => {
    if (holder.current === null) return undefined;
    const view = createEditor(holder.current, {
      commit: (text) => {
        const found = findMistake(text);
        setMistake(found);
        if (found === null) change.current(text.trim());
      },
      edited: (text) => {
        // A mistake is told when someone stops at it (Enter), and taken back as soon as it is mended.
        setMistake((shown) => (shown === null ? null : findMistake(text)));
        // The address may have taken the filter away itself: on the way to another page.
        if (text.trim() === "" && inForce.current !== "") change.current("");
      },
    });
    editor.current = view;
    return () => view.destroy();
  }, []);

  useEffect(() => {
    const view = editor.current;
    if (view === null || view.state.doc.toString().trim() === value) return;
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: value } });
    setMistake(null);
  }, [value]);

  useImperativeHandle(ref, () => ({ focus: () => editor.current?.focus() }), []);
  const message = mistake?.message ?? refusal;
  return (
    <div className="filter-holder grow">
      <div className={`filter${message === "" ? "" : " wrong"}`}>
        <Icon name="search" />
        <div ref={holder} className="grow" />
        {value === "" ? (
          <CommandKey of="filter" />
        ) : (
          <button type="button" aria-label={strings.traffic.clearFilter} title={strings.traffic.clearFilter} onClick={() => onChange("")}>
            <Icon name="close" size={14} />
          </button>
        )}
      </div>
      {message === "" ? null : (
        <div className="filter-mistake pop" role="alert">
          {message}
        </div>
      )}
    </div>
  );
}

interface EditorEvents {
  readonly commit: (text: string) => void;
  readonly edited: (text: string) => void;
}

function createEditor(parent: HTMLElement, events: EditorEvents): EditorView {
  const commit = (view: EditorView) => {
    events.commit(view.state.doc.toString());
    return true;
  };
  const leave = (view: EditorView) => {
    if (completionStatus(view.state) !== null) return false;
    view.contentDOM.blur();
    return true;
  };
  return new EditorView({
    parent,
    state: EditorState.create({
      extensions: [
        EditorState.transactionFilter.of((transaction) => (transaction.newDoc.lines > 1 ? [] : transaction)),
        Prec.highest(
          keymap.of([
            { key: "Tab", run: acceptCompletion },
            { key: "Enter", run: commit },
            { key: "Escape", run: leave },
          ]),
        ),
        keymap.of([...defaultKeymap, ...historyKeymap]),
        history(),
        autocompletion({ override: [complete], icons: false, activateOnTyping: true, defaultKeymap: true }),
        placeholder(strings.traffic.filterHint),
        grounds,
        EditorView.contentAttributes.of({ "aria-label": strings.traffic.filter, spellcheck: "false" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) events.edited(update.state.doc.toString());
        }),
      ],
    }),
  });
}

function complete(context: CompletionContext): CompletionResult | null {
  const text = context.state.doc.toString();
  const all = tokens(text);
  const here = all.find((token) => token.from < context.pos && token.to >= context.pos);
  const before = all.filter((token) => token.to <= (here?.from ?? context.pos)).at(-1);
  const term = takesValue(before) ? TERMS.find((known) => known.name === before?.text) : undefined;
  if (term?.values !== undefined && here?.kind !== "term") {
    return { from: here?.from ?? context.pos, options: term.values.map(({ value, meaning }) => ({ label: value, detail: meaning })) };
  }
  if (here === undefined ? !context.explicit : !here.text.startsWith("~")) return null;
  return {
    from: here?.from ?? context.pos,
    options: TERMS.map(({ name, takes, meaning }) => ({
      label: name,
      displayLabel: takes === "" ? name : `${name} ${takes}`,
      detail: meaning,
      apply: takes === "" ? name : `${name} `,
    })),
  };
}

const TERM = Decoration.mark({ class: "filter-term" });
const OPERATOR = Decoration.mark({ class: "filter-operator" });
const WRONG = Decoration.mark({ class: "filter-wrong" });

/** Grounds under whole terms (with their value), a wavy line under the first mistake. */
const grounds = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = decorate(view.state.doc.toString());
    }
    update(update: ViewUpdate): void {
      if (update.docChanged) this.decorations = decorate(update.state.doc.toString());
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

function decorate(text: string): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  const mistake = findMistake(text);
  const all = tokens(text);
  for (let i = 0; i < all.length; i += 1) {
    const token = all[i];
    if (token === undefined) break;
    const value = takesValue(token) && all[i + 1]?.kind === "word" ? all[i + 1] : undefined;
    const to = value?.to ?? token.to;
    const wrong = mistake !== null && mistake.from >= token.from && mistake.to <= to;
    builder.add(token.from, to, wrong ? WRONG : token.kind === "operator" ? OPERATOR : TERM);
    if (value !== undefined) i += 1;
  }
  return builder.finish();
}
