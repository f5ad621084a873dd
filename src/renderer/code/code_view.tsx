// Text to read: line numbers, folding, search (Ctrl/Cmd+F); long documents cost only what is in view.
import { foldGutter, foldKeymap } from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { type ReactElement, useEffect, useRef } from "react";
import { editorTheme } from "./editor_theme.ts";
import { type LanguageName, language } from "./languages.ts";

interface CodeViewProps {
  readonly text: string;
  readonly language: LanguageName;
  readonly label: string;
  readonly wrap?: boolean;
}

/** Beyond this many characters a syntax tree costs more than its colours are worth. */
const MOST_HIGHLIGHTED = 4_000_000;

export function CodeView({ text, language: name, label, wrap = false }: CodeViewProps): ReactElement {
  const holder = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (holder.current === null) return undefined;
    const view = new EditorView({
      parent: holder.current,
      state: EditorState.create({
        doc: text,
        extensions: [
          lineNumbers(),
          foldGutter(),
          search({ top: true }),
          highlightSelectionMatches(),
          keymap.of([...foldKeymap, ...searchKeymap]),
          language(text.length > MOST_HIGHLIGHTED ? "text" : name),
          editorTheme,
          EditorState.readOnly.of(true),
          EditorView.editable.of(false),
          EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
          ...(wrap ? [EditorView.lineWrapping] : []),
        ],
      }),
    });
    return () => view.destroy();
  }, [text, name, label, wrap]);
  return <div ref={holder} className="code-view fill" />;
}
