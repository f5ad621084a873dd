// Sends a request to the Elasticsearch endpoint that asked there for its own profile, as a client would: it is forwarded, captured, mirrored
// and compared as any request is. Its answer is counted and thrown away. By a bare socket, so that the profile holds little of this.
import { once } from "node:events";
import { connect } from "node:net";
import type { HeaderPairs } from "../../shared/exchange.ts";
import { BodyReader } from "../proxy/body.ts";
import { HeadFacts, INCOMPLETE, parseResponseHead } from "../proxy/head.ts";
import { HeadReader } from "../proxy/head_reader.ts";

export interface Repeated {
  readonly method: string;
  readonly target: string;
  readonly headers: HeaderPairs;
  /** Content coding kept. */
  readonly body: Uint8Array;
}

export interface RepeatOptions {
  /** Of the endpoint. */
  readonly port: number;
  /** Told the port that it comes from, before anything is sent and when nothing more comes from there. */
  readonly announce: (port: number, ends: boolean) => Promise<void>;
  /** Aborted when nobody wants it any more. */
  readonly gone: AbortSignal;
}

/** What belongs to a body as it was sent. */
const FRAMING = /^(te|trailer|transfer-encoding|content-length|expect)$/i;
const HEAD_BYTES = 64 * 1024;

/** The status of its answer once that is through; 0 where the connection broke off before. Never rejects. */
export async function repeat(request: Repeated, { port, announce, gone }: RepeatOptions): Promise<number> {
  const answer = new AnswerEnd(request.method);
  const socket = connect({ host: "127.0.0.1", port, noDelay: true });
  const closed = new Promise<void>((resolve) => socket.on("close", () => resolve()));
  const leave = (): void => void socket.destroy();
  socket.on("error", leave);
  socket.on("data", (bytes: Buffer) => {
    if (answer.take(bytes)) leave();
  });
  if (gone.aborted) leave();
  gone.addEventListener("abort", leave);
  await Promise.race([once(socket, "connect").catch(leave), closed]);
  const own = socket.localPort ?? 0;
  if (own > 0 && !socket.destroyed) {
    await announce(own, false);
    // Not ended after the body: Elasticsearch gives up what its client does not wait for.
    socket.write(Buffer.concat([headOf(request, port), request.body]));
    await closed;
    await announce(own, true);
  }
  gone.removeEventListener("abort", leave);
  return answer.status;
}

/** Follows an answer to its end, and keeps nothing of it but its status. */
class AnswerEnd {
  status = 0;
  readonly #isHead: boolean;
  readonly #facts = new HeadFacts();
  readonly #heads = new HeadReader(parseResponseHead, HEAD_BYTES);
  readonly #body = new BodyReader();
  #inBody = false;

  constructor(method: string) {
    this.#isHead = method === "HEAD";
  }

  /** True when nothing more is to come. */
  take(bytes: Buffer): boolean {
    let at = 0;
    while (!this.#inBody) {
      at = this.#heads.read(bytes, at, this.#facts);
      if (at < 0) return at !== INCOMPLETE;
      const { status, chunked, contentLength } = this.#facts;
      // One that only announces the next (RFC 9110 section 15.2).
      if (status < 200) continue;
      this.status = status;
      this.#inBody = true;
      const none = this.#isHead || status === 204 || status === 304;
      this.#body.begin(none ? "none" : chunked ? "chunked" : contentLength >= 0 ? "length" : "until close", contentLength);
    }
    this.#body.read(bytes, at, () => {});
    return this.#body.done || this.#body.problem !== "";
  }
}

function headOf({ method, target, headers, body }: Repeated, port: number): Buffer {
  const kept = headers.filter(([name]) => !FRAMING.test(name));
  const host: HeaderPairs = kept.some(([name]) => name.toLowerCase() === "host") ? [] : [["Host", `127.0.0.1:${port}`]];
  const framed = body.byteLength > 0 || headers.some(([name]) => /^(content-length|transfer-encoding)$/i.test(name));
  const length: HeaderPairs = framed ? [["Content-Length", String(body.byteLength)]] : [];
  const lines = [...host, ...kept, ...length].map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines.join("")}\r\n`, "latin1");
}
