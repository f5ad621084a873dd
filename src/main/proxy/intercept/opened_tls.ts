// Opens the TLS of clients in the name of the host that they asked for. No server of these listens: they are handed connections.
import type { Socket } from "node:net";
import { createServer, type Server, type TLSSocket } from "node:tls";
import { messageOf } from "../../../shared/thrown.ts";
import type { Shown } from "./authority.ts";
import { readAuthority } from "./destination.ts";

export interface OpenedTlsOptions {
  /** What a host shows. Throws where it can't be made. */
  readonly shownFor: (host: string) => Shown;
  /** How long a handshake may take, ms. */
  readonly handshakeMs: number;
  /** A client did not take our word for `host`. `why`: in the system's words. */
  readonly failed: (host: string, why: string) => void;
  /** Our word could not be given. @default `failed` is told */
  readonly unable?: (why: string) => void;
}

const REMEMBERED = 1000;

export class OpenedTls {
  readonly #options: OpenedTlsOptions;
  readonly #servers = new Map<string, Server>();
  /** By address and port of the client: what TLS opens does not say what it was opened on. */
  readonly #waiting = new Map<string, (socket: TLSSocket) => void>();

  constructor(options: OpenedTlsOptions) {
    this.#options = options;
  }

  /** Opens `socket`, nothing of which has been read, as `host`; `opened` is not called where that fails: the socket is closed then. */
  open(socket: Socket, host: string, opened: (socket: TLSSocket) => void): void {
    const key = keyOf(socket);
    let server: Server;
    try {
      server = this.#serverOf(host);
    } catch (error) {
      const { failed, unable = (why) => failed(host, why) } = this.#options;
      unable(messageOf(error));
      socket.destroy();
      return;
    }
    this.#waiting.set(key, opened);
    socket.once("close", () => this.#waiting.delete(key));
    // A client that leaves in the handshake is gone; later it may end its side and still read.
    socket.allowHalfOpen = false;
    server.emit("connection", socket);
  }

  #serverOf(host: string): Server {
    const known = this.#servers.get(host);
    if (known !== undefined) return known;
    const { shownFor, handshakeMs, failed } = this.#options;
    const { cert, key } = shownFor(host);
    const server = createServer({
      cert,
      key,
      // A client of HTTP/2 goes on with this; one that speaks nothing else is told so by TLS.
      ALPNProtocols: ["http/1.1"],
      handshakeTimeout: handshakeMs,
      noDelay: true,
      SNICallback: (name, found) => {
        // Nothing but a name is vouched for: what is none gets that of the tunnel.
        const read = readAuthority(name.replace(/\.$/, ""), 443);
        try {
          found(null, shownFor(read?.host ?? host).context);
        } catch (error) {
          found(error instanceof Error ? error : new Error(String(error)));
        }
      },
    });
    server.on("secureConnection", (socket) => {
      const client = keyOf(socket);
      const opened = this.#waiting.get(client);
      this.#waiting.delete(client);
      if (opened === undefined) socket.destroy();
      else {
        socket.allowHalfOpen = true;
        opened(socket);
      }
    });
    server.on("tlsClientError", (error) => failed(host, error.message));
    const oldest = this.#servers.keys().next();
    if (this.#servers.size >= REMEMBERED && oldest.done !== true) this.#servers.delete(oldest.value);
    this.#servers.set(host, server);
    return server;
  }
}

function keyOf(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort}`;
}
