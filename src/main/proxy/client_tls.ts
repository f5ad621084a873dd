// Clients that speak TLS to the endpoint: their TLS is opened with a certificate of ours or of the user's and what they say goes to
// the upstream as any request does, or it goes there unread. Clients without TLS are served on the same port.
import { connect as connectPlain, type Socket } from "node:net";
import { pipeline } from "node:stream";
import { createSecureContext } from "node:tls";
import { Connection } from "./connection.ts";
import { HostIdentities, openAuthority } from "./intercept/authority.ts";
import type { Authority } from "./intercept/certificate.ts";
import { OpenedTls } from "./intercept/opened_tls.ts";
import type { Client } from "./listener.ts";
import { octetAt } from "./octets.ts";
import type { Site } from "./site.ts";
import { describeFailure } from "./upstream.ts";

/** What becomes of TLS of clients. */
export type ClientTls =
  /** Passes to an https upstream, which opens it: nothing of it is known here. */
  | { readonly kind: "pass" }
  /** Opened as the name that the client asks for, vouched for by our own authority, which is kept in `folder`. */
  | { readonly kind: "own"; readonly folder: string }
  /** Opened with this certificate and key, PEM. */
  | { readonly kind: "given"; readonly cert: string; readonly key: string };

type Take = (socket: Socket, closed: (client: Client) => void) => Client;

const TLS_HANDSHAKE = 0x16;
/** The name of clients that don't say one. */
const NAMELESS = "127.0.0.1";

/** How a listener takes connections where clients may speak TLS. */
export function takingTls(site: Site, tls: ClientTls): Take {
  const http = (socket: Socket, closed: (client: Client) => void): Client => new Connection(site, socket, closed);
  const opened = tls.kind === "pass" ? null : openedTls(site, tls);
  let told = false;
  return (socket, closed) =>
    new Entrance(socket, closed, site.limits.headMs, (first, gone) => {
      if (first !== TLS_HANDSHAKE) {
        const client = http(socket, gone);
        socket.resume();
        return client;
      }
      if (opened !== null) return openTls(opened, socket, http, gone);
      if (!told) site.problem(PASSING);
      told = true;
      return passUnread(site, socket);
    });
}

const PASSING =
  "A client speaks TLS with Elasticsearch itself (--tls pass): what it asks and writes passes unread, and is neither captured nor mirrored.";

function openedTls(site: Site, tls: Exclude<ClientTls, { kind: "pass" }>): OpenedTls {
  const failed = (host: string, why: string): void =>
    site.problem(`A client broke off TLS with the endpoint as ${host} (${why}): does it trust the certificate?`);
  const options = { handshakeMs: site.limits.headMs, failed };
  if (tls.kind === "given") {
    const { cert, key } = tls;
    const shown = { cert, key, context: createSecureContext({ cert, key }) };
    return new OpenedTls({ ...options, shownFor: () => shown });
  }
  let authority: Authority | null = null;
  const identities = new HostIdentities(() => {
    authority ??= openAuthority(tls.folder, new Date());
    return authority;
  });
  return new OpenedTls({ ...options, shownFor: (host) => identities.of(host) });
}

function openTls(opened: OpenedTls, socket: Socket, take: Take, closed: (client: Client) => void): Client {
  let inner: Client | null = null;
  opened.open(socket, NAMELESS, (plain) => {
    // Its own handle is no plain one: what is to be cut off is what lies under it.
    plain.resetAndDestroy = () => {
      socket.resetAndDestroy();
      return plain.destroy();
    };
    inner = take(plain, (client) => {
      socket.destroy();
      closed(client);
    });
  });
  return {
    get idle() {
      return inner?.idle ?? true;
    },
    sweep: (now) => inner?.sweep(now),
    destroy: () => {
      inner?.destroy();
      socket.destroy();
    },
  };
}

function passUnread(site: Site, socket: Socket): Client {
  const upstream = site.nodes.current;
  const destroy = (): void => void socket.destroy();
  if (!upstream.tls) {
    site.problem(`A client speaks TLS, and Elasticsearch at ${upstream.label} does not: --tls pass needs an https URL.`);
    destroy();
    return { idle: true, sweep: () => {}, destroy };
  }
  const other = connectPlain({ host: upstream.host, port: upstream.port, allowHalfOpen: true, noDelay: true });
  other.setTimeout(site.limits.connectMs, () => other.destroy(Object.assign(new Error(), { code: "ETIMEDOUT" })));
  other.once("connect", () => other.setTimeout(0));
  other.once("error", (error) => {
    site.problem(describeFailure(upstream, error));
    socket.resetAndDestroy();
  });
  socket.once("close", () => other.destroy());
  pipeline(socket, other, () => {});
  pipeline(other, socket, () => {});
  return { idle: false, sweep: () => {}, destroy };
}

/** A connection until its first octet says what is spoken on it. */
class Entrance implements Client {
  readonly #socket: Socket;
  readonly #by: number;
  #inner: Client | null = null;

  /** `take`: given the first octet, of a socket from which nothing has been read. */
  constructor(
    socket: Socket,
    closed: (client: Client) => void,
    waitMs: number,
    take: (first: number, closed: (client: Client) => void) => Client,
  ) {
    this.#socket = socket;
    this.#by = Date.now() + waitMs;
    const begin = (chunk: Buffer): void => {
      socket.off("end", end);
      socket.pause();
      socket.unshift(chunk);
      this.#inner = take(octetAt(chunk, 0), () => {});
    };
    const end = (): void => void socket.destroy();
    socket.once("data", begin);
    socket.once("end", end);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => closed(this));
  }

  get idle(): boolean {
    return this.#inner?.idle ?? true;
  }

  sweep(now: number): void {
    if (this.#inner !== null) this.#inner.sweep(now);
    else if (now > this.#by && this.#socket.bytesRead > 0) this.#socket.destroy();
  }

  destroy(): void {
    this.#inner?.destroy();
    this.#socket.destroy();
  }
}
