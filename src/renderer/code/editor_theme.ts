// CodeMirror in the window's language: tokens only, weight before hue.
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const highlight = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--syn-key)", fontWeight: "500" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--syn-str)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--syn-num)" },
  { tag: tags.keyword, color: "var(--syn-key)", fontWeight: "700" },
  { tag: [tags.function(tags.variableName), tags.typeName], color: "var(--syn-fn)" },
  { tag: [tags.punctuation, tags.separator, tags.bracket, tags.operator], color: "var(--syn-punct)" },
  { tag: tags.comment, color: "var(--fg-3)", fontStyle: "italic" },
]);

const look = EditorView.theme({
  "&": { height: "100%", color: "var(--fg)", backgroundColor: "transparent", fontSize: "var(--fs-2)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "18px", fontVariantLigatures: "none", scrollbarWidth: "thin" },
  ".cm-content": { padding: "6px 0", caretColor: "var(--fg)" },
  ".cm-line": { padding: "0 12px 0 8px" },
  ".cm-gutters": { backgroundColor: "transparent", border: "none", color: "var(--fg-3)", fontSize: "var(--fs-1)" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "30px", padding: "0 6px 0 8px" },
  ".cm-foldGutter .cm-gutterElement": { color: "var(--fg-3)", padding: "0 2px" },
  ".cm-foldPlaceholder": { background: "var(--bg-2)", border: "none", color: "var(--fg-3)", padding: "0 4px" },
  ".cm-cursor": { borderLeftColor: "var(--fg)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground, ::selection": { backgroundColor: "var(--bg-3) !important" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent" },
  ".cm-searchMatch": { backgroundColor: "var(--find)", outline: "1px solid var(--mark-line)" },
  ".cm-panels": { backgroundColor: "var(--bg-1)", color: "var(--fg)", borderColor: "var(--line)" },
  ".cm-panels button, .cm-panels input": {
    backgroundImage: "none",
    background: "var(--bg)",
    border: "1px solid var(--line-2)",
    color: "var(--fg)",
  },
});

export const editorTheme: Extension = [look, syntaxHighlighting(highlight)];
