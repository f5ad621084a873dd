// The contract over Electron's IPC, without importing Electron: the shell gives what it needs of `ipcMain`. Every call is
// checked for its sender before anything else happens.
import { isObject, type JsonValue } from "../../shared/json.ts";
import { callHandler, type Handlers } from "./handlers.ts";

export const CALL_CHANNEL = "parallax:call";
export const EVENT_CHANNEL = "parallax:event";

/** As much of a sender as matters: the frame's URL, and whether it is the window's own top frame. */
export interface Sender {
  readonly url: string;
  readonly topFrame: boolean;
}

export interface IpcCalls {
  handle(channel: string, listener: (sender: Sender, ...args: readonly unknown[]) => Promise<unknown>): void;
}

/** Answers calls from `pageUrl` alone; anything else is refused without a look at its arguments. */
export function serveIpc(ipc: IpcCalls, handlers: Handlers, pageUrl: string): void {
  ipc.handle(CALL_CHANNEL, async (sender, name, request, ...rest) => {
    if (!sender.topFrame || !isOwnPage(sender.url, pageUrl)) {
      return { ok: false, error: { code: "foreign_sender", message: "Only the app's own page may call the engine." } };
    }
    if (typeof name !== "string" || rest.length > 0 || !isPlain(request)) {
      return { ok: false, error: { code: "bad_request", message: "A call is a name and one JSON object." } };
    }
    return (await callHandler(handlers, name, request)).reply;
  });
}

function isOwnPage(url: string, pageUrl: string): boolean {
  return url === pageUrl || url.startsWith(`${pageUrl}#`);
}

// Structured clone lets more through than JSON knows (Map, Date, …); a plain object is all that the contract has.
function isPlain(value: unknown): value is JsonValue & object {
  const prototype: unknown = typeof value === "object" && value !== null ? Object.getPrototypeOf(value) : undefined;
  return (prototype === Object.prototype || prototype === null) && isObject(value as JsonValue);
}
