// The two answers as text, side by side, with CodeMirror's own comparison.
import { MergeView as Merge } from "@codemirror/merge";
import { EditorState } from "@codemirror/state";
import { EditorView, lineNumbers } from "@codemirror/view";
import { type ReactElement, useEffect, useRef } from "react";
import { editorTheme } from "../../code/editor_theme.ts";
import { language } from "../../code/languages.ts";
import { strings } from "../../strings.ts";

interface MergeViewProps {
  readonly elasticsearch: string;
  readonly clickhouse: string;
  readonly collapse: boolean;
}

const READ_ONLY = [
  lineNumbers(),
  language("json"),
  editorTheme,
  EditorState.readOnly.of(true),
  EditorView.editable.of(false),
  EditorView.lineWrapping,
];

export function MergeView({ elasticsearch, clickhouse, collapse }: MergeViewProps): ReactElement {
  const holder = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (holder.current === null) return undefined;
    const view = new Merge({
      parent: holder.current,
      a: { doc: elasticsearch, extensions: [READ_ONLY, EditorView.contentAttributes.of({ "aria-label": strings.side.es })] },
      b: { doc: clickhouse, extensions: [READ_ONLY, EditorView.contentAttributes.of({ "aria-label": strings.side.ch })] },
      gutter: true,
      // A bounded search for the shortest script: on answers that share little it stops early and says so by larger chunks.
      diffConfig: { scanLimit: 2000, timeout: 1500 },
      ...(collapse ? { collapseUnchanged: { margin: 3, minSize: 6 } } : {}),
    });
    return () => view.destroy();
  }, [elasticsearch, clickhouse, collapse]);
  return <div ref={holder} className="code-view fill" />;
}
