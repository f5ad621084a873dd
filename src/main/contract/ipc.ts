// The contract over Electron's IPC, without importing Electron: the shell gives what it needs of `ipcMain`. Every call is
// checked for its sender before anything else happens.
import { isArray, isObject, type JsonValue } from "../../shared/json.ts";
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
    if (!isBounded(request)) {
      return { ok: false, error: { code: "bad_body", message: `A request may have ${MOST_OCTETS} characters and ${MOST_DEEP} levels.` } };
    }
    return (await callHandler(handlers, name, request)).reply;
  });
}

/** As over HTTP, roughly: each value counts for itself, text by its length. */
const MOST_OCTETS = 16 * 1024 ** 2;
const MOST_DEEP = 1_000;

function isBounded(request: JsonValue): boolean {
  let size = 0;
  let level: readonly JsonValue[] = [request];
  for (let deep = 0; level.length > 0; deep += 1) {
    const below: JsonValue[] = [];
    for (const value of level) {
      size += typeof value === "string" ? value.length : 1;
      if (size > MOST_OCTETS || deep > MOST_DEEP) return false;
      if (isArray(value)) for (const item of value) below.push(item);
      else if (isObject(value)) {
        for (const [name, item] of Object.entries(value)) {
          size += name.length;
          below.push(item);
        }
      }
    }
    level = below;
  }
  return true;
}

function isOwnPage(url: string, pageUrl: string): boolean {
  return url === pageUrl || url.startsWith(`${pageUrl}#`);
}

// Structured clone lets more through than JSON knows (Map, Date, …); a plain object is all that the contract has.
function isPlain(value: unknown): value is JsonValue & object {
  const prototype: unknown = typeof value === "object" && value !== null ? Object.getPrototypeOf(value) : undefined;
  return (prototype === Object.prototype || prototype === null) && isObject(value as JsonValue);
}
