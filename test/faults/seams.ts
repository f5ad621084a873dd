// Runs before Parallax in its process and in each of its threads (`--import`): kills it at one place between a write's request and
// the mark in the journal that says it is mirrored. The place and how often it is passed before are told by the environment.
import { subscribe } from "node:diagnostics_channel";
import { MessagePort } from "node:worker_threads";

/** In the order of a write's life. */
export const SEAMS = [
  "before it is forwarded",
  "after the acknowledgement",
  "before the insert",
  "mid insert",
  "after the insert",
] as const;
export type Seam = (typeof SEAMS)[number];

/** What a thread says to another at a seam. */
const MESSAGES: Readonly<Record<string, Seam>> = {
  kept: "before it is forwarded",
  answer: "after the acknowledgement",
  answered: "before the insert",
};

const wanted = process.env.PARALLAX_FAULT_SEAM;
let left = Number(process.env.PARALLAX_FAULT_AFTER ?? 0);

function at(seam: Seam): void {
  if (seam !== wanted) return;
  left -= 1;
  if (left === 0) process.kill(process.pid, "SIGKILL");
}

function inserts(message: unknown): boolean {
  if (typeof message !== "object" || message === null || !("request" in message)) return false;
  const { request } = message;
  return typeof request === "object" && request !== null && "path" in request && String(request.path).includes("INSERT");
}

if (wanted !== undefined) {
  const { postMessage } = MessagePort.prototype;
  MessagePort.prototype.postMessage = function post(this: MessagePort, message: unknown, ...rest: never[]): void {
    const kind = typeof message === "object" && message !== null && "kind" in message ? String(message.kind) : "";
    const seam = Object.hasOwn(MESSAGES, kind) ? MESSAGES[kind] : undefined;
    if (seam !== undefined) at(seam);
    postMessage.call(this, message, ...rest);
  };
  subscribe("http.client.request.start", (message) => {
    if (inserts(message)) setImmediate(() => at("mid insert"));
  });
  subscribe("http.client.response.finish", (message) => {
    if (inserts(message)) at("after the insert");
  });
}
