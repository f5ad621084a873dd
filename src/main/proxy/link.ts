// One connection to the upstream. Reads into memory of its own again and again, as long as nobody still needs what was read:
// a fresh buffer for every read is what costs a Node socket most after the system calls.
import { connect as connectPlain, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { epochNow } from "./clock.ts";
import type { Upstream } from "./upstream.ts";

const READ_BYTES = 64 * 1024;

export interface LinkHandler {
  /** It is connected, TLS included. */
  connected(link: Link): void;
  /** Bytes came. True when they have all been used; false while some are still to be sent. */
  received(bytes: Buffer): boolean;
  /** What was written has left. */
  drained(): void;
  /** The upstream sends no more. */
  ended(link: Link): void;
  /** The connection is gone. */
  closed(link: Link): void;
  failed(link: Link, error: NodeJS.ErrnoException): void;
}

export class Link {
  readonly upstream: Upstream;
  readonly #socket: Socket;
  #connectBy: number;
  #dropped = false;

  /** Connects at once; what is written before goes out then. `connectMs`: what `overdue` holds it to, TLS included. */
  constructor(upstream: Upstream, connectMs: number, handler: LinkHandler) {
    this.upstream = upstream;
    this.#connectBy = epochNow() + connectMs;
    const received = (bytes: Buffer): boolean => this.#dropped || handler.received(bytes);
    this.#socket = upstream.tls ? openTls(upstream, received) : openPlain(upstream, received);
    this.#socket.on(upstream.tls ? "secureConnect" : "connect", () => {
      this.#connectBy = Number.POSITIVE_INFINITY;
      if (!this.#dropped) handler.connected(this);
    });
    this.#socket.on("drain", () => handler.drained());
    this.#socket.on("end", () => this.#dropped || handler.ended(this));
    this.#socket.on("close", () => this.#dropped || handler.closed(this));
    this.#socket.on("error", (error) => this.#dropped || handler.failed(this, error));
  }

  /** 0 before it is connected. */
  get localPort(): number {
    return this.#socket.localPort ?? 0;
  }

  /** Calls when the connection is gone, dropped or not. */
  whenClosed(call: () => void): void {
    this.#socket.once("close", call);
  }

  /** False when the upstream is slower than the client: to be held until `drained`. */
  write(bytes: Buffer): boolean {
    return this.#socket.write(bytes);
  }

  end(): void {
    this.#socket.end();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Closes the connection; the handler hears nothing more of it. */
  drop(): void {
    this.#dropped = true;
    this.#socket.destroy();
  }

  /** Whether it is not connected and should be. `now`: epoch ms. */
  overdue(now: number): boolean {
    return now > this.#connectBy;
  }
}

const COMMON = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000, allowHalfOpen: true };

function openPlain({ host, port, lookup }: Upstream, received: (bytes: Buffer) => boolean): Socket {
  let memory = Buffer.allocUnsafeSlow(READ_BYTES);
  let free = true;
  return connectPlain({
    ...COMMON,
    host,
    port,
    ...(lookup === undefined ? {} : { lookup }),
    onread: {
      buffer: () => {
        if (!free) memory = Buffer.allocUnsafeSlow(READ_BYTES);
        return memory;
      },
      callback: (count) => {
        free = received(memory.subarray(0, count));
        return true;
      },
    },
  });
}

function openTls({ host, port, serverName = host, trust, context, lookup }: Upstream, received: (bytes: Buffer) => boolean): Socket {
  const socket = connectTls({
    ...COMMON,
    host,
    port,
    ALPNProtocols: ["http/1.1"],
    rejectUnauthorized: trust.insecure !== true,
    ...(trust.ca === undefined ? {} : { ca: trust.ca }),
    ...(context === undefined ? {} : { secureContext: context }),
    ...(lookup === undefined ? {} : { lookup }),
    ...(isIP(serverName) === 0 ? { servername: serverName } : {}),
  });
  socket.on("data", received);
  return socket;
}
