// Lays out one long text away from the window's thread.
import { indentJson } from "./indent_json.ts";

export interface ToIndent {
  readonly text: string;
  readonly cut: boolean;
}

addEventListener("message", ({ data }: MessageEvent<ToIndent>) => {
  postMessage(indentJson(data.text, data.cut));
});
