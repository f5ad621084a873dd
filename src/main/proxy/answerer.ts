// Who answers a request in the upstream's stead, on the engine's side of the proxy. The proxy gives it whole requests that
// fit a pattern, and sends the client what comes back.
import type { HeaderPairs } from "../../shared/exchange.ts";
import type { PrintedReply, Question } from "./asks.ts";
import { applyCoding, type Coding } from "./content_coding.ts";
import { readRequestHead } from "./head_text.ts";
import { phraseOf } from "./refusal.ts";

export interface AskedRequest {
  /** Id of its exchange; 0 when that is not captured. */
  readonly id: number;
  /** When it began, epoch ms. */
  readonly time: number;
  readonly method: string;
  /** Request target as sent. */
  readonly target: string;
  readonly headers: HeaderPairs;
  /** Content coding kept. */
  readonly body: Uint8Array;
  /** The request itself names who is to answer: it never passes. */
  readonly forced: boolean;
  /** It may be changed or held on its way, whoever answers it. */
  readonly watched: boolean;
  /** An answer in the upstream's stead is asked for; else it is only watched. */
  readonly asked: boolean;
  /** It asks for its own profile, and is otherwise to be treated as any request is. */
  readonly profiled: boolean;
}

export type Reply =
  | {
      readonly kind: "answer";
      readonly status: number;
      /** Reason phrase. @default the usual one */
      readonly reason?: string;
      /** With a content-length only in an answer to HEAD. */
      readonly headers: HeaderPairs;
      readonly body: Uint8Array;
      /** The body is sent with it. @default as it is */
      readonly coding?: Coding | null;
    }
  /** The upstream is to answer; its answer gets these headers beside its own. */
  | { readonly kind: "pass"; readonly headers: HeaderPairs }
  /** The client's connection is reset. `why`: in words, for the capture. */
  | { readonly kind: "reset"; readonly why: string };

/** The client that waits. */
export interface Waiting {
  /** Aborted when it has gone. */
  readonly gone: AbortSignal;
  /** From now on it is waited for without a limit, and it does not pass any more. */
  take(): void;
}

type Whole = Extract<Reply, { kind: "answer" }>;

/** The upstream is to answer, and its answer stays as it is. */
export const PASSED_ON: Reply = Object.freeze({ kind: "pass", headers: [] });

export interface Answerer {
  /** Which requests it may be asked for: a regular expression on `METHOD target`. */
  readonly asks: string;
  /** Whether it gives requests their own profile. @default false */
  readonly profiles?: boolean;
  /** Never rejects. */
  answer(request: AskedRequest, waiting: Waiting): Promise<Reply>;
}

/** What lets a request pass as it is. */
export const PASSED: PrintedReply = Object.freeze({ bytes: null, headBytes: 0, added: "", reset: "" });

/** Puts a question of the proxy's thread to the answerer; the reply as bytes. */
export async function answered(answerer: Answerer, question: Question, waiting: Waiting): Promise<PrintedReply> {
  const { closes, head, body, ...asked } = question;
  const { method, target, headers } = readRequestHead(Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString("latin1"));
  const reply = await answerer.answer({ ...asked, method, target, headers, body }, waiting);
  if (reply.kind === "pass") return { ...PASSED, added: lines(reply.headers) };
  if (reply.kind === "reset") return { ...PASSED, reset: reply.why };
  const bodiless = method === "HEAD" || reply.status === 204 || reply.status === 304;
  return printed(bodiless ? reply : await coded(reply), bodiless, closes);
}

/** With the coding that it is to have. */
async function coded(reply: Whole): Promise<Whole> {
  const { coding, headers, body } = reply;
  if (coding === undefined || coding === null || body.byteLength === 0) return reply;
  return { ...reply, headers: [...headers, ["content-encoding", coding]], body: await applyCoding(coding, body) };
}

function printed(reply: Whole, bodiless: boolean, closes: boolean): PrintedReply {
  const end: HeaderPairs = [...lengthOf(reply), ...(closes ? [["connection", "close"] as const] : [])];
  const text = `HTTP/1.1 ${reply.status} ${reply.reason || phraseOf(reply.status)}\r\n${lines([...reply.headers, ...end])}\r\n`;
  const length = Buffer.byteLength(text, "latin1");
  const own = bodiless ? 0 : reply.body.byteLength;
  const bytes = new Uint8Array(length + own);
  bytes.set(Buffer.from(text, "latin1"));
  if (own > 0) bytes.set(reply.body, length);
  return { ...PASSED, bytes, headBytes: length };
}

function lengthOf({ status, headers, body }: Whole): HeaderPairs {
  const told = status === 204 || status === 304 || headers.some(([name]) => name.toLowerCase() === "content-length");
  return told ? [] : [["content-length", String(body.byteLength)]];
}

/** A value can't end its line. */
function lines(headers: HeaderPairs): string {
  return headers.map(([name, value]) => `${name}: ${value.replace(/[^\t\x20-\x7e]/g, "?")}\r\n`).join("");
}
