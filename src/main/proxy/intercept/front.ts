// One client connection of the intercept proxy until it is known what it is: requests that name their servers, a tunnel with
// TLS or plain HTTP in it, a tunnel that is none of our business, or somebody who asks the proxy itself. Then the wire takes it.
import { connect as connectPlain, type Socket } from "node:net";
import { pipeline } from "node:stream";
import type { TLSSocket } from "node:tls";
import type { AuthorityFacts } from "../../../shared/intercept.ts";
import { messageOf, traceOf } from "../../../shared/thrown.ts";
import { epochNow } from "../clock.ts";
import { Connection } from "../connection.ts";
import { HeadFacts, INCOMPLETE, parseRequestHead } from "../head.ts";
import { HeadReader, TOO_LONG } from "../head_reader.ts";
import type { Client } from "../listener.ts";
import { IS_TOKEN, latin1, octetAt, SLASH } from "../octets.ts";
import { badGateway, malformed, printRefusal, type Refusal } from "../refusal.ts";
import type { Site } from "../site.ts";
import { describeFailure, type Upstream } from "../upstream.ts";
import { type Destination, isLoopback, readAbsolute, readAuthority } from "./destination.ts";
import { forwardSite } from "./forward_site.ts";
import type { OpenedTls } from "./opened_tls.ts";
import { answerOwnPage } from "./own_page.ts";
import { OWN_NAME, type Ways } from "./ways.ts";

/** What all connections share. */
export interface Gate {
  readonly site: Site;
  readonly ways: Ways;
  readonly tls: OpenedTls;
  /** Throws where the authority can't be had. */
  readonly authority: () => AuthorityFacts;
}

const TLS_HANDSHAKE = 0x16;
const ESTABLISHED = Buffer.from("HTTP/1.1 200 Connection established\r\n\r\n", "latin1");

/** Used within one call only: one record serves all connections. */
const facts = new HeadFacts();

export class Front implements Client {
  readonly #gate: Gate;
  readonly #socket: Socket;
  readonly #heads: HeadReader;
  /** Read and not yet known what of. */
  #read: Buffer[] = [];
  /** The tunnel whose first octet is awaited. */
  #tunnel: Destination | null = null;
  #inner: Client | null = null;
  #by: number;
  readonly #onData = (chunk: Buffer): void => this.#guarded(() => this.#data(chunk));
  readonly #onEnd = (): void => this.#guarded(() => this.#end());

  constructor(gate: Gate, socket: Socket, closed: (client: Client) => void) {
    this.#gate = gate;
    this.#socket = socket;
    this.#heads = new HeadReader(parseRequestHead, gate.site.limits.headBytes);
    this.#by = epochNow() + gate.site.limits.headMs;
    socket.on("data", this.#onData);
    socket.on("end", this.#onEnd);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => closed(this));
  }

  get idle(): boolean {
    return this.#inner?.idle ?? this.#read.length === 0;
  }

  sweep(now: number): void {
    if (this.#inner !== null) this.#inner.sweep(now);
    // A connection that a client keeps for later may say nothing for as long as it likes.
    else if (now > this.#by && (this.#read.length > 0 || this.#tunnel !== null)) this.#socket.destroy();
  }

  destroy(): void {
    this.#inner?.destroy();
    this.#socket.destroy();
  }

  #guarded(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.#gate.site.problem(`A connection of the intercept proxy was given up: ${traceOf(error)}`);
      this.#socket.destroy();
    }
  }

  #end(): void {
    if (this.#inner === null) this.#socket.end();
  }

  #data(chunk: Buffer): void {
    if (this.#read.length === 0) this.#by = epochNow() + this.#gate.site.limits.headMs;
    const first = this.#read.length === 0;
    this.#read.push(chunk);
    if (this.#tunnel !== null) {
      this.#enter(this.#tunnel, octetAt(chunk, 0));
      return;
    }
    // Someone who was told that the proxy speaks TLS.
    if (first && octetAt(chunk, 0) === TLS_HANDSHAKE) {
      this.#openTls("127.0.0.1", (socket) => new Front(this.#gate, socket, () => {}));
      return;
    }
    const end = this.#heads.read(chunk, 0, facts);
    if (end === INCOMPLETE) return;
    if (end === TOO_LONG) this.#refuse(malformed(`The request's head is longer than ${this.#gate.site.limits.headBytes} bytes.`));
    else if (end < 0) this.#refuse(malformed(facts.problem));
    else this.#admit(this.#heads.bytes, chunk.subarray(end));
  }

  /** The first head is here; `rest` came behind it. */
  #admit(bytes: Buffer, rest: Buffer): void {
    const method = latin1(bytes, facts.start, facts.methodEnd);
    const target = latin1(bytes, facts.targetStart, facts.targetEnd);
    if (method === "CONNECT") {
      this.#connect(target, rest);
      return;
    }
    if (octetAt(bytes, facts.targetStart) === SLASH) {
      const host = readAuthority(latin1(bytes, facts.hostStart, facts.hostEnd), 80);
      if (host !== null && (isLoopback(host.host) || host.host === OWN_NAME)) this.#answerOwn(method, target);
      else this.#refuse(malformed("This is a proxy: tell it to your client as one, and ask for http://host/path through it."));
      return;
    }
    const destination = readAbsolute(target);
    if (destination?.host === OWN_NAME) this.#answerOwn(method, /^[a-z]+:\/\/[^/?]*(.*)$/i.exec(target)?.[1] || "/");
    else this.#hand((closed) => new Connection(forwardSite(this.#gate.site, this.#gate.ways, null), this.#socket, closed));
  }

  #answerOwn(method: string, path: string): void {
    try {
      this.#last(answerOwnPage(method, path, this.#gate.authority, `http://127.0.0.1:${this.#gate.site.port}`));
    } catch (error) {
      this.#refuse({ status: 500, type: "io_exception", reason: messageOf(error) });
    }
  }

  // ---- tunnels

  #connect(target: string, rest: Buffer): void {
    const named = readAuthority(target, 0);
    if (named === null || facts.contentLength > 0 || facts.chunked) {
      this.#refuse(malformed("CONNECT is to name host:port, and nothing else: CONNECT example.com:443."));
      return;
    }
    const { ways } = this.#gate;
    const destination = { tls: true, ...named };
    const way = ways.of(destination, null, null);
    if (way.kind === "refused") {
      this.#refuse(way.refusal);
      return;
    }
    this.#read = rest.length === 0 ? [] : [rest];
    if (way.kind === "elsewhere" && ways.passes(named.host, named.port)) {
      this.#splice(way.upstream, ESTABLISHED);
      return;
    }
    this.#tunnel = destination;
    this.#by = Number.POSITIVE_INFINITY;
    this.#socket.write(ESTABLISHED);
    if (rest.length > 0) this.#enter(destination, octetAt(rest, 0));
  }

  /** The first octet in a tunnel says what is spoken in it. */
  #enter({ host, port }: Destination, first: number): void {
    const { site, ways } = this.#gate;
    if (first === TLS_HANDSHAKE) {
      this.#openTls(host, (socket, closed) => {
        if (host === OWN_NAME) return new Front(this.#gate, socket, closed);
        const serverName = typeof socket.servername === "string" && socket.servername !== host ? socket.servername : null;
        return new Connection(forwardSite(site, ways, { tls: true, host, port, serverName }), socket, closed);
      });
      return;
    }
    const plain = { tls: false, host, port, serverName: null };
    const way = ways.of(plain, null, null);
    if (IS_TOKEN[first] === 1 || way.kind !== "elsewhere") {
      this.#hand((closed) =>
        way.kind === "page"
          ? new Front(this.#gate, this.#socket, closed)
          : new Connection(forwardSite(site, ways, plain), this.#socket, closed),
      );
    } else this.#splice(way.upstream, null);
  }

  #openTls(host: string, take: (socket: TLSSocket, closed: (client: Client) => void) => Client): void {
    this.#handBack();
    this.#inner = GIVEN_AWAY;
    this.#gate.tls.open(this.#socket, host, (socket) => {
      // Its own handle is no plain one: what is to be cut off is what lies under it.
      socket.resetAndDestroy = () => {
        this.#socket.resetAndDestroy();
        return socket.destroy();
      };
      this.#inner = take(socket, () => this.#socket.destroy());
    });
  }

  /** Joins the two ends, unread. `greeting`: what the client is told once the other end is there. */
  #splice(upstream: Upstream, greeting: Buffer | null): void {
    const { host, port, lookup } = upstream;
    this.#handBack();
    this.#inner = GIVEN_AWAY;
    const other = connectPlain({ host, port, allowHalfOpen: true, noDelay: true, ...(lookup === undefined ? {} : { lookup }) });
    const late = setTimeout(() => other.destroy(Object.assign(new Error(), { code: "ETIMEDOUT" })), this.#gate.site.limits.connectMs);
    const failed = (error: NodeJS.ErrnoException): void => {
      clearTimeout(late);
      if (greeting === null) this.#socket.resetAndDestroy();
      else this.#last(printRefusal(badGateway(describeFailure(upstream, error)), false));
    };
    const gone = (): void => void other.destroy();
    other.once("error", failed);
    this.#socket.once("close", gone);
    other.once("connect", () => {
      clearTimeout(late);
      other.off("error", failed);
      if (greeting !== null) this.#socket.write(greeting);
      pipeline(this.#socket, other, () => {});
      pipeline(other, this.#socket, () => {});
    });
  }

  // ---- handing on and ending

  #hand(take: (closed: (client: Client) => void) => Client): void {
    this.#handBack();
    this.#inner = take(() => {});
    this.#socket.resume();
  }

  /** Whoever takes the connection reads it from its first octet that is not ours. */
  #handBack(): void {
    this.#socket.pause();
    this.#socket.off("data", this.#onData);
    this.#socket.off("end", this.#onEnd);
    for (const chunk of this.#read.toReversed()) this.#socket.unshift(chunk);
    this.#read = [];
  }

  #refuse(refusal: Refusal): void {
    this.#last(printRefusal(refusal, false));
  }

  #last(answer: Buffer): void {
    this.#inner = GIVEN_AWAY;
    this.#socket.off("data", this.#onData);
    this.#socket.off("end", this.#onEnd);
    this.#socket.end(answer);
    this.#socket.on("end", () => this.#socket.destroy());
    this.#socket.resume();
    setTimeout(() => this.#socket.destroy(), LINGER_MS).unref();
  }
}

/** How long a client may go on sending after our last word, so that it reads that word before a reset. */
const LINGER_MS = 2000;

/** Whoever has the connection ends it. */
const GIVEN_AWAY: Client = { idle: true, sweep: () => {}, destroy: () => {} };
