// The wire's site for one client connection of the intercept proxy: each request is admitted, sent on its way and copied with
// the name of its server.
import type { CopyWriter } from "../copy.ts";
import type { HeadFacts } from "../head.ts";
import { latin1, octetAt, SLASH } from "../octets.ts";
import { malformed, type Refusal } from "../refusal.ts";
import type { Site } from "../site.ts";
import type { Upstream } from "../upstream.ts";
import { authorityOf, type Destination, isLoopback, originOf, readAbsolute, readAuthority } from "./destination.ts";
import { OWN_NAME, type Ways } from "./ways.ts";

/** A tunnel that a client has asked for, and whose inside we read. */
export interface Tunnel extends Destination {
  /** The name that the client expects to be proven; null when it says none. */
  readonly serverName: string | null;
}

/** `shared`: what all connections have in common. `tunnel` null: each request names its server. */
export function forwardSite(shared: Site, ways: Ways, tunnel: Tunnel | null): Site {
  let current: Upstream | null = null;
  let capturing = shared.capturing;

  function choose(bytes: Buffer, facts: HeadFacts): Refusal | null {
    current = null;
    capturing = shared.capturing;
    const problem = framingProblem(facts);
    if (problem !== "") return malformed(problem);
    const destination = tunnel ?? readAbsolute(latin1(bytes, facts.targetStart, facts.targetEnd));
    if (destination === null) return malformed("The request target does not name a server, as it does for a proxy: http://host/path.");
    if (tunnel !== null && !isOriginForm(bytes, facts)) {
      return malformed(`The request target is not a path, as it is within a tunnel to ${authorityOf(tunnel.host, tunnel.port)}.`);
    }
    const way = ways.of(destination, hostFor(bytes, facts, destination), tunnel?.serverName ?? null);
    switch (way.kind) {
      case "page":
        return malformed(`Ask for http://${OWN_NAME}/ on a connection of its own.`);
      case "refused":
        return way.refusal;
      case "endpoint":
        // What is for Parallax is for the endpoint to read, and it captures the exchange.
        facts.dropped.length = 0;
        facts.backendStart = 0;
        facts.backendEnd = 0;
        capturing = false;
        current = way.upstream;
        return null;
      case "elsewhere":
        facts.backendStart = 0;
        facts.backendEnd = 0;
        current = way.upstream;
        return null;
    }
  }

  /** What the Host header is to be instead; null to leave it. */
  function hostFor(bytes: Buffer, facts: HeadFacts, destination: Destination): string | null {
    const own = readAuthority(latin1(bytes, facts.hostStart, facts.hostEnd), destination.tls ? 443 : 80);
    if (ways.isElasticsearch(destination)) return own !== null && isLoopback(own.host) ? null : "";
    // RFC 9112 section 3.2.2: the target counts, whatever Host says. Within a tunnel there is no other word but Host.
    if (tunnel !== null || (own !== null && own.host === destination.host && own.port === destination.port)) return null;
    return originOf(destination).replace(/^https?:\/\//, "");
  }

  return {
    ...shared,
    forwards: true,
    get capturing() {
      return capturing;
    },
    nodes: {
      name: "",
      get current() {
        return current ?? NOWHERE;
      },
      several: false,
      candidates: () => [],
      use: () => {},
      prefer: () => {},
    },
    guard: { check: choose },
    copy: tunnel === null ? shared.copy : namingServers(shared.copy, originOf(tunnel)),
  };
}

/** A refused request is never sent there. */
const NOWHERE: Upstream = {
  label: "",
  subject: "",
  tls: false,
  host: "",
  port: 0,
  prefix: "",
  authorization: null,
  hostHeader: null,
  trust: {},
};

function framingProblem(facts: HeadFacts): string {
  if (facts.otherCoding) return "Transfer-Encoding is not chunked, the only coding that is understood here.";
  if (facts.hosts > 1) return "The request has more than one Host header.";
  return facts.hosts === 0 && facts.minor === 1 ? "The request has no Host header." : "";
}

function isOriginForm(bytes: Buffer, facts: HeadFacts): boolean {
  const { start, methodEnd, targetStart, targetEnd } = facts;
  if (octetAt(bytes, targetStart) === SLASH) return true;
  return latin1(bytes, start, methodEnd) === "OPTIONS" && latin1(bytes, targetStart, targetEnd) === "*";
}

/** Copies request heads with the whole URL, as a client would write it to a proxy. */
function namingServers(copy: Site["copy"], origin: string): Pick<CopyWriter, keyof CopyWriter> {
  const name = Buffer.from(origin, "latin1");
  return {
    requestHead(exchange, bytes, from, to) {
      const target = bytes.indexOf(0x20, from) + 1;
      const head =
        octetAt(bytes, target) === SLASH
          ? Buffer.concat([bytes.subarray(from, target), name, bytes.subarray(target, to)])
          : bytes.subarray(from, to);
      copy.requestHead(exchange, head, 0, head.length);
    },
    requestBody: (exchange, bytes, from, to) => copy.requestBody(exchange, bytes, from, to),
    requestEnd: (exchange, now) => copy.requestEnd(exchange, now),
    responseHead: (exchange, now, bytes, from, to) => copy.responseHead(exchange, now, bytes, from, to),
    responseBody: (exchange, bytes, from, to) => copy.responseBody(exchange, bytes, from, to),
    responseEnd: (exchange, now) => copy.responseEnd(exchange, now),
    broken: (exchange, now, why) => copy.broken(exchange, now, why),
    place: () => copy.place(),
    flush: () => copy.flush(),
  };
}
