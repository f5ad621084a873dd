// Where a proxied request is to go, as its client says it: the authority of a CONNECT, or the absolute form of a target
// (RFC 9112 section 3.2). Pure.
import { isIP, isIPv6 } from "node:net";

export interface Destination {
  readonly tls: boolean;
  /** Lower case; an IPv6 address without brackets. */
  readonly host: string;
  readonly port: number;
}

const NAME = /^[a-z0-9_]([a-z0-9._-]*[a-z0-9_.])?$/;
const AUTHORITY = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+))(?::([0-9]{1,5}))?$/i;
const ABSOLUTE = /^(https?):\/\/([^/?#]+)(?:[/?]|$)/i;
const LOOPBACK_NAME = /^(localhost|.+\.localhost)\.?$/;

/** `host:port` of a CONNECT or a Host header; null when it is none. `otherwise`: the port where none is said. */
export function readAuthority(text: string, otherwise: number): Omit<Destination, "tls"> | null {
  const [, address, name, digits] = AUTHORITY.exec(text) ?? [];
  const host = (address ?? name ?? "").toLowerCase();
  const port = digits === undefined ? otherwise : Number(digits);
  if (port < 1 || port > 65_535) return null;
  return (address === undefined ? NAME.test(host) && host.length <= 253 : isIPv6(host)) ? { host, port } : null;
}

/** The destination of a target in absolute form; null when it is none. User and password in it are refused. */
export function readAbsolute(target: string): Destination | null {
  const [, scheme = "", authority = ""] = ABSOLUTE.exec(target) ?? [];
  const tls = scheme.toLowerCase() === "https";
  const read = readAuthority(authority, tls ? 443 : 80);
  return read === null ? null : { tls, ...read };
}

/** `https://example.com`, with the port where it is not the scheme's own. */
export function originOf({ tls, host, port }: Destination): string {
  const scheme = tls ? "https" : "http";
  return `${scheme}://${authorityOf(host, port === (tls ? 443 : 80) ? null : port)}`;
}

/** `example.com:8080`, `[::1]`. */
export function authorityOf(host: string, port: number | null): string {
  const name = isIP(host) === 6 ? `[${host}]` : host;
  return port === null ? name : `${name}:${port}`;
}

/** Whether an address, or a name that is one by definition, is this machine's own. */
export function isLoopback(host: string): boolean {
  if (isIP(host) === 0) return LOOPBACK_NAME.test(host);
  const plain = host.replace(/^::ffff:(?=[0-9]+\.)/, "");
  // An address of nobody is taken for one's own by every system that connects to it.
  return /^127\.|^0\.0\.0\.0$|^::1$|^::$/.test(plain) || /^::ffff:7f/.test(plain);
}
