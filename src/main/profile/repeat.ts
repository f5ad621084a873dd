// Sends a request to the Elasticsearch endpoint that asked there for its own profile, as a client would: it is forwarded, captured, mirrored
// and compared as any request is. Its answer is counted and thrown away. By a bare socket, so that the profile holds little of this.
import { once } from "node:events";
import { connect } from "node:net";
import type { HeaderPairs } from "../../shared/exchange.ts";

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

/** Belong to a connection, or to a body as it was sent. */
const OF_THE_CONNECTION = /^(connection|keep-alive|proxy-connection|te|trailer|transfer-encoding|content-length|expect)$/i;
const STATUS_LINE = /^HTTP\/1\.[01] (\d{3})/;
/** An answer that only announces the next one (RFC 9110 section 15.2). */
const INTERIM = /^HTTP\/1\.[01] 1\d\d/;
const HEAD_END = "\r\n\r\n";

/** The status of its answer once that is through; 0 where the connection broke off before. Never rejects. */
export async function repeat(request: Repeated, { port, announce, gone }: RepeatOptions): Promise<number> {
  const begin = new AnswerBegin();
  const socket = connect({ host: "127.0.0.1", port, noDelay: true });
  const closed = new Promise<void>((resolve) => socket.on("close", () => resolve()));
  const leave = (): void => void socket.destroy();
  socket.on("error", leave);
  socket.on("data", (bytes: Buffer) => begin.take(bytes));
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
  return begin.status;
}

/** The final status of an answer, of which only the beginning is kept. */
class AnswerBegin {
  status = 0;
  #text = "";

  take(bytes: Buffer): void {
    if (this.status > 0) return;
    this.#text += bytes.toString("latin1");
    while (INTERIM.test(this.#text) && this.#text.includes(HEAD_END)) this.#text = this.#text.slice(this.#text.indexOf(HEAD_END) + 4);
    if (!INTERIM.test(this.#text)) this.status = Number(STATUS_LINE.exec(this.#text)?.[1] ?? 0);
  }
}

function headOf({ method, target, headers, body }: Repeated, port: number): Buffer {
  const kept = headers.filter(([name]) => !OF_THE_CONNECTION.test(name));
  const host: HeaderPairs = kept.some(([name]) => name.toLowerCase() === "host") ? [] : [["Host", `127.0.0.1:${port}`]];
  const framed = body.byteLength > 0 || headers.some(([name]) => /^(content-length|transfer-encoding)$/i.test(name));
  const length: HeaderPairs = framed ? [["Content-Length", String(body.byteLength)]] : [];
  const lines = [...host, ...kept, ...length, ["Connection", "close"] as const].map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines.join("")}\r\n`, "latin1");
}
