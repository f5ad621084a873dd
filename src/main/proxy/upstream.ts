// A server behind the proxy: read from its URL, and described when it fails.
import type { LookupFunction } from "node:net";
import type { SecureContext } from "node:tls";
import { ProxyError } from "./proxy_error.ts";

/** How an https upstream is trusted. */
export interface TlsTrust {
  /** PEM of further certificate authorities, e.g. Elasticsearch's own http_ca.crt. */
  readonly ca?: string;
  /** Takes any certificate: for a local cluster with a self-made one. */
  readonly insecure?: boolean;
}

export interface Upstream {
  /** URL without user and password, for messages. */
  readonly label: string;
  /** What a failure is said of. */
  readonly subject: string;
  /** Any server, asked as a client wished: not the Elasticsearch that we are pointed at. */
  readonly elsewhere?: boolean;
  readonly tls: boolean;
  readonly host: string;
  readonly port: number;
  /** Path put before every target; "" or "/prefix" without a slash at its end. */
  readonly prefix: string;
  /** Value for Authorization where the client sends none; null without userinfo. */
  readonly authorization: string | null;
  /** Host header to send instead of the client's; null to leave the client's. */
  readonly hostHeader: string | null;
  readonly trust: TlsTrust;
  /** The name that it is to prove, where that is not `host`. */
  readonly serverName?: string;
  /** Takes the place of what `trust` says of authorities. */
  readonly context?: SecureContext;
  /** Finds the addresses of `host`, or refuses to. */
  readonly lookup?: LookupFunction;
}

const LOOPBACK = /^(localhost|.+\.localhost|127(\.[0-9]{1,3}){3}|\[?::1\]?)$/i;

/** The URLs in a text that has commas between them. */
export function addressesOf(text: string): readonly string[] {
  return text
    .split(",")
    .map((url) => url.trim())
    .filter((url) => url !== "");
}

/** Reads an upstream's URL. Throws ProxyError `bad_upstream` that names what is wrong. */
export function readUpstream(text: string, trust: TlsTrust): Upstream {
  const url = URL.parse(text);
  const shown = text.replace(/\/\/[^/@]*@/, "//…@");
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:") || url.hostname === "") {
    throw new ProxyError("bad_upstream", `${JSON.stringify(shown)} is not a URL of an Elasticsearch. Give one like http://localhost:9200.`);
  }
  if (url.search !== "" || url.hash !== "") {
    throw new ProxyError(
      "bad_upstream",
      `The Elasticsearch URL ${JSON.stringify(shown)} has a query or fragment. Give only scheme, host, port and path.`,
    );
  }
  const tls = url.protocol === "https:";
  const prefix = url.pathname.replace(/\/+$/, "");
  const label = `${url.protocol}//${url.host}${prefix}`;
  return {
    label,
    subject: `Elasticsearch at ${label}`,
    tls,
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? (tls ? 443 : 80) : Number(url.port),
    prefix,
    authorization: url.username === "" && url.password === "" ? null : basic(url),
    // A server on this machine is asked by address, and the client's own Host passes as it is. One with a name, or behind
    // TLS, may be one of several behind its address and is found by that name (as `localhost:9280` it would not be).
    hostHeader: tls || !LOOPBACK.test(url.hostname) ? url.host : null,
    trust,
  };
}

function basic(url: URL): string {
  const user = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return `Basic ${Buffer.from(user, "utf8").toString("base64")}`;
}

/** Whether requests to `upstream` would come back to a proxy that listens on 127.0.0.1:`port`. */
export function isLoop(upstream: Upstream, port: number): boolean {
  return upstream.port === port && LOOPBACK.test(upstream.host);
}

/** A failed connection in words: what happened, to what, what to do. */
export function describeFailure(upstream: Upstream, error: NodeJS.ErrnoException): string {
  const { subject, elsewhere } = upstream;
  switch (error.code) {
    case "ECONNREFUSED":
      return `${subject} refused the connection: nothing listens there.${elsewhere === true ? "" : " Start it, or point Parallax at another address."}`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `${subject} could not be found: the name ${upstream.host} has no address. Check the URL.`;
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return `${subject} can't be reached from this machine's network (${error.code}).`;
    case "ETIMEDOUT":
      return `${subject} did not take the connection in time.`;
    case "ECONNRESET":
    case "EPIPE":
      return `${subject} broke the connection before its answer was complete.`;
    case "EPROTO":
    case "ERR_SSL_WRONG_VERSION_NUMBER":
    case "ERR_SSL_PACKET_LENGTH_TOO_LONG":
      return `${subject} does not speak TLS as expected (${error.code}). If it speaks plain HTTP, use an http:// URL.`;
    default:
      return upstream.tls && !/^E[A-Z]+$/.test(error.code ?? "")
        ? `${subject} has a certificate that is not trusted: ${error.message} (${error.code}). Give its authority with ${elsewhere === true ? "--intercept-ca" : "--elasticsearch-ca"} FILE.`
        : `${subject} failed: ${error.message}.`;
  }
}
