// The exchange as a script has it in hand: two messages with headers that keep order, case and duplicates, and bodies as bytes or text.
import type { HeaderPairs } from "../../shared/exchange.ts";
import type { ScriptCall, ScriptOutcome, ScriptRequest, ScriptResponse } from "./script_messages.ts";

export class ScriptHeaders {
  #pairs: [name: string, value: string][];

  constructor(pairs: HeaderPairs) {
    this.#pairs = pairs.map(([name, value]) => [name, value]);
  }

  /** The first value of that name, in any case; null when there is none. */
  get(name: string): string | null {
    return this.#pairs.find(([own]) => same(own, name))?.[1] ?? null;
  }

  has(name: string): boolean {
    return this.get(name) !== null;
  }

  /** In the place of the first of that name, else at the end; others of that name go. */
  set(name: string, value: string): void {
    const at = this.#pairs.findIndex(([own]) => same(own, name));
    if (at === -1) this.append(name, value);
    else this.#pairs = this.#pairs.flatMap((pair, i) => (i === at ? [[pair[0], String(value)]] : same(pair[0], name) ? [] : [pair]));
  }

  append(name: string, value: string): void {
    this.#pairs.push([String(name), String(value)]);
  }

  delete(name: string): void {
    this.#pairs = this.#pairs.filter(([own]) => !same(own, name));
  }

  [Symbol.iterator](): IterableIterator<[name: string, value: string]> {
    return this.#pairs.map(([name, value]): [string, string] => [name, value])[Symbol.iterator]();
  }
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === String(other).toLowerCase();
}

class ScriptMessage {
  headers: ScriptHeaders;
  body: Uint8Array;

  constructor(headers: HeaderPairs, body: Uint8Array) {
    this.headers = new ScriptHeaders(headers);
    this.body = body;
  }

  /** The body as text, UTF-8. */
  get text(): string {
    return Buffer.from(this.body.buffer, this.body.byteOffset, this.body.byteLength).toString("utf8");
  }

  set text(text: string) {
    this.body = Buffer.from(String(text), "utf8");
  }
}

class RequestInHand extends ScriptMessage {
  method: string;
  path: string;

  constructor({ method, path, headers, body }: ScriptRequest) {
    super(headers, body);
    this.method = method;
    this.path = path;
  }
}

class ResponseInHand extends ScriptMessage {
  status: number;

  constructor({ status, headers, body }: ScriptResponse) {
    super(headers, body);
    this.status = status;
  }
}

/** What the hooks are given. In `request` a `response` may be set: the request is then answered with it. */
export class ExchangeInHand {
  readonly id: number;
  readonly time: number;
  readonly request: RequestInHand;
  response: unknown;
  readonly #call: ScriptCall;
  readonly #notes: string[] = [];

  constructor(call: ScriptCall) {
    this.#call = call;
    this.id = call.id;
    this.time = call.time;
    this.request = new RequestInHand({ ...call.request, body: Buffer.from(call.request.body) });
    this.response = call.response === null ? null : new ResponseInHand({ ...call.response, body: Buffer.from(call.response.body) });
  }

  /** A line for the capture. */
  note(text: unknown): void {
    this.#notes.push(String(text).slice(0, 300));
  }

  /** What has been changed. Throws where it is no message. */
  outcome(): ScriptOutcome {
    const { request, response } = this.#call;
    return {
      request: changed<ScriptRequest>(request, requestOf(this.request)),
      response: changed<ScriptResponse>(response, this.response === null || this.response === undefined ? null : responseOf(this.response)),
      notes: this.#notes,
    };
  }
}

function requestOf({ method, path, headers, body }: RequestInHand): ScriptRequest {
  return { method: String(method), path: String(path), headers: pairsOf(headers), body: bytesOf(body) };
}

function responseOf(response: unknown): ScriptResponse {
  if (typeof response !== "object" || response === null) throw new TypeError("exchange.response is no object");
  const status = "status" in response ? Number(response.status) : 200;
  if (!Number.isInteger(status) || status < 200 || status > 599)
    throw new TypeError("exchange.response.status is no status from 200 to 599");
  const headers = "headers" in response ? pairsOf(response.headers) : [];
  const text = "text" in response && !(response instanceof ScriptMessage) ? response.text : undefined;
  return { status, headers, body: bytesOf(text ?? ("body" in response ? response.body : "")) };
}

/** Pairs, `ScriptHeaders`, or an object of values by name. */
function pairsOf(headers: unknown): HeaderPairs {
  if (typeof headers !== "object" || headers === null) throw new TypeError("headers are no object");
  const entries: readonly unknown[] = Symbol.iterator in headers ? [...(headers as Iterable<unknown>)] : Object.entries(headers);
  return entries.map((pair) => {
    if (!Array.isArray(pair) || pair.length !== 2) throw new TypeError("headers are no pairs of name and value");
    return [String(pair[0]), String(pair[1])] as const;
  });
}

function bytesOf(body: unknown): Uint8Array {
  if (typeof body === "string") return Buffer.from(body, "utf8");
  if (body instanceof Uint8Array) return new Uint8Array(body);
  if (typeof body === "object" && body !== null) return Buffer.from(JSON.stringify(body), "utf8");
  throw new TypeError("a body is text or bytes");
}

function changed<M extends { readonly headers: HeaderPairs; readonly body: Uint8Array }>(
  before: M | null,
  after: M | null,
): Partial<M> | null {
  if (after === null) return null;
  if (before === null) return after;
  const differing = Object.entries(after).filter(([name, value]) => !equal((before as Record<string, unknown>)[name], value));
  return differing.length === 0 ? null : (Object.fromEntries(differing) as Partial<M>);
}

function equal(one: unknown, other: unknown): boolean {
  if (one instanceof Uint8Array && other instanceof Uint8Array) return Buffer.compare(one, other) === 0;
  return Array.isArray(one) ? JSON.stringify(one) === JSON.stringify(other) : one === other;
}
