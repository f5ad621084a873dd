// The way to the health thread from outside, a stuck main thread notwithstanding: a local socket in the data folder, a named pipe on
// Windows. One line each way, JSON.
import { createHash } from "node:crypto";
import { chmodSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { isRecord } from "../../../shared/record.ts";
import { messageOf } from "../../../shared/thrown.ts";

/** `keep`: into the logs folder; else the page itself is wanted. */
export interface StackTraceWish {
  readonly keep: boolean;
}

export type StackTraceAnswer = { readonly file: string } | { readonly page: string } | { readonly error: string };

/** Longer names of sockets are refused by the system: 104 octets on macOS. */
const LONGEST = 100;
const WISH_CHARACTERS = 1_000;
const ANSWER_CHARACTERS = 100_000_000;

/** Where the Parallax of this data folder listens. */
export function doorOf(data: string): string {
  const folder = resolve(data);
  const hash = createHash("sha256").update(folder).digest("hex").slice(0, 24);
  if (process.platform === "win32") return `\\\\.\\pipe\\parallax-${hash}`;
  const inside = join(folder, "stacktrace.sock");
  return Buffer.byteLength(inside) <= LONGEST ? inside : join(tmpdir(), `parallax-${hash}.sock`);
}

/** Answers each wish. To be called by the one that holds the data folder: what an earlier one left is removed. */
export async function openDoor(path: string, answer: (wish: StackTraceWish) => Promise<StackTraceAnswer>): Promise<Server> {
  if (process.platform !== "win32") rmSync(path, { force: true });
  const server = createServer((socket) => void serve(socket, answer));
  await new Promise<void>((opened, failed) => server.once("error", failed).listen(path, opened));
  // For its owner alone, as the files beside it that hold secrets.
  if (process.platform !== "win32") chmodSync(path, 0o600);
  return server;
}

async function serve(socket: Socket, answer: (wish: StackTraceWish) => Promise<StackTraceAnswer>): Promise<void> {
  socket.on("error", () => socket.destroy());
  const line = await firstLine(socket, WISH_CHARACTERS);
  if (line === null) return;
  const told = await answered(line, answer);
  socket.end(`${JSON.stringify(told)}\n`);
}

async function answered(line: string, answer: (wish: StackTraceWish) => Promise<StackTraceAnswer>): Promise<StackTraceAnswer> {
  try {
    const wish: unknown = JSON.parse(line);
    if (isRecord(wish) && typeof wish.keep === "boolean") return await answer({ keep: wish.keep });
    return { error: "That is no wish for a stack trace." };
  } catch (error) {
    return { error: messageOf(error) };
  }
}

/** null: it ended before, or has more than `atMost` characters. */
function firstLine(socket: Socket, atMost: number): Promise<string | null> {
  return new Promise((resolve) => {
    let text = "";
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      if (chunk.includes("\n")) resolve(text.slice(0, text.indexOf("\n")));
      else if (text.length > atMost) socket.destroy();
    });
    socket.on("close", () => resolve(null));
  });
}

/** Asks the Parallax of a data folder. null: none runs there. Rejects when it does not answer within `limitMs`. */
export function askAtDoor(path: string, wish: StackTraceWish, limitMs: number): Promise<StackTraceAnswer | null> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.setTimeout(limitMs, () => socket.destroy(new Error(`Parallax did not answer within ${limitMs / 1000} s.`)));
    socket.on("connect", () => socket.write(`${JSON.stringify(wish)}\n`));
    socket.on("error", (error) => {
      const absent = "code" in error && (error.code === "ENOENT" || error.code === "ECONNREFUSED");
      if (absent) resolve(null);
      else reject(error);
    });
    void firstLine(socket, ANSWER_CHARACTERS).then((line) => {
      socket.destroy();
      if (line === null) return reject(new Error("Parallax ended before it had answered."));
      const answer: unknown = JSON.parse(line);
      resolve(isAnswer(answer) ? answer : { error: "What answers there is no Parallax." });
    });
  });
}

function isAnswer(value: unknown): value is StackTraceAnswer {
  return isRecord(value) && [value.file, value.page, value.error].some((member) => typeof member === "string");
}
