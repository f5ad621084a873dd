// Lays out one long text away from the window's thread.
import { indentJson } from "./indent_json.ts";

addEventListener("message", (event: MessageEvent<string>) => {
  postMessage(indentJson(event.data));
});
