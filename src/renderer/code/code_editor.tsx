// Text to change: the SQL console and the edited statement. Ctrl/Cmd+Enter runs it.
import { autocompletion, closeBrackets, completionKeymap, completionStatus } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching } from "@codemirror/language";
import { EditorState, Prec } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { type ReactElement, useEffect, useRef } from "react";
import { editorTheme } from "./editor_theme.ts";
import { type LanguageName, language } from "./languages.ts";

interface CodeEditorProps {
  readonly value: string;
  readonly label: string;
  /** @default "sql" */
  readonly language?: LanguageName;
  readonly onChange: (text: string) => void;
  readonly onRun: () => void;
}

export function CodeEditor({ value, label, language: name = "sql", onChange, onRun }: CodeEditorProps): ReactElement {
  const holder = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView | null>(null);
  const latest = useRef({ onChange, onRun });
  const initial = useRef(value);
  useEffect(() => {
    latest.current = { onChange, onRun };
  });
  useEffect(() => {
    if (holder.current === null) return undefined;
    const run = () => {
      latest.current.onRun();
      return true;
    };
    // Tab indents: Escape is the way out, where it does not close the completion.
    const leave = (from: EditorView) => {
      if (completionStatus(from.state) !== null) return false;
      from.contentDOM.blur();
      return true;
    };
    const view = new EditorView({
      parent: holder.current,
      state: EditorState.create({
        doc: initial.current,
        extensions: [
          Prec.highest(
            keymap.of([
              { key: "Mod-Enter", run },
              { key: "Escape", run: leave },
            ]),
          ),
          lineNumbers(),
          history(),
          bracketMatching(),
          closeBrackets(),
          autocompletion(),
          keymap.of([...completionKeymap, indentWithTab, ...defaultKeymap, ...historyKeymap]),
          language(name),
          editorTheme,
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ "aria-label": label }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    editor.current = view;
    view.focus();
    return () => view.destroy();
  }, [label, name]);
  useEffect(() => {
    const view = editor.current;
    if (view === null || view.state.doc.toString() === value) return;
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: value } });
  }, [value]);
  return <div ref={holder} className="code-view fill" />;
}
