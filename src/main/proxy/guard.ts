// Which well-formed requests are let through. The proxy's port can be reached by every web page that the user opens: by
// name (DNS rebinding: Host), by a form or fetch from elsewhere (Origin, Sec-Fetch-Site), and it must never be talked into
// asking another server than its upstream.
import type { HeadFacts } from "./head.ts";
import { latin1, octetAt, SLASH } from "./octets.ts";
import { forbidden, malformed, type Refusal } from "./refusal.ts";

const LOOPBACK_NAME = /^(localhost|.+\.localhost|127(\.[0-9]{1,3}){3}|\[::1\])$/;
const HOST_FORM = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:[0-9]{1,5})?$/;
/** Host values seen good before, so that the common case is one look-up. */
const REMEMBERED = 256;

export class Guard {
  readonly #names: ReadonlySet<string>;
  readonly #good = new Set<string>();

  /** `names`: host names besides loopback's that clients may use. */
  constructor(names: readonly string[]) {
    this.#names = new Set(names.map((name) => name.toLowerCase()));
  }

  /** Null when the request may pass. */
  check(bytes: Buffer, facts: HeadFacts): Refusal | null {
    return checkTarget(bytes, facts) ?? checkFraming(facts) ?? this.#checkHost(bytes, facts) ?? this.#checkOrigin(bytes, facts);
  }

  #checkHost(bytes: Buffer, facts: HeadFacts): Refusal | null {
    if (facts.hosts > 1) return malformed("The request has more than one Host header.");
    if (facts.hosts === 0) return facts.minor === 0 ? null : malformed("The request has no Host header.");
    const host = latin1(bytes, facts.hostStart, facts.hostEnd);
    if (this.#good.has(host)) return null;
    if (!this.#isOurs(host)) {
      return forbidden(
        `The Host header names ${JSON.stringify(host)}, which is not a name of this endpoint. ` +
          "Use localhost or 127.0.0.1, or add the name to Parallax's configuration.",
      );
    }
    if (this.#good.size < REMEMBERED) this.#good.add(host);
    return null;
  }

  #isOurs(host: string): boolean {
    const name = HOST_FORM.exec(host.toLowerCase())?.[1];
    return name !== undefined && (LOOPBACK_NAME.test(name) || this.#names.has(name));
  }

  #checkOrigin(bytes: Buffer, facts: HeadFacts): Refusal | null {
    if (!facts.crossSite && facts.originEnd === facts.originStart) return null;
    if (!facts.upgrades && isRead(bytes, facts)) return null;
    const origin = latin1(bytes, facts.originStart, facts.originEnd);
    if (!facts.crossSite && this.#isOurs(origin.replace(/^https?:\/\//, ""))) return null;
    return forbidden(
      `A web page of another site${origin === "" ? "" : ` (${origin})`} sent this request. Only GET and HEAD are taken from other sites.`,
    );
  }
}

function isRead(bytes: Buffer, facts: HeadFacts): boolean {
  const method = latin1(bytes, facts.start, facts.methodEnd);
  return method === "GET" || method === "HEAD";
}

/** Origin-form only, and `*` for OPTIONS: any other form names a server, and `//name/` does for careless readers. */
function checkTarget(bytes: Buffer, facts: HeadFacts): Refusal | null {
  const { targetStart, targetEnd } = facts;
  if (octetAt(bytes, targetStart) === SLASH) {
    return octetAt(bytes, targetStart + 1) === SLASH && targetEnd > targetStart + 1
      ? malformed("The request target begins with //, which names another server. Write it as a path.")
      : null;
  }
  const method = latin1(bytes, facts.start, facts.methodEnd);
  if (method === "OPTIONS" && latin1(bytes, targetStart, targetEnd) === "*") return null;
  if (method === "CONNECT") {
    return {
      status: 405,
      type: "illegal_argument_exception",
      reason: "CONNECT is for forward proxies; this is an Elasticsearch endpoint.",
    };
  }
  return malformed("The request target is not a path. This is an Elasticsearch endpoint, not a proxy to other servers.");
}

function checkFraming(facts: HeadFacts): Refusal | null {
  return facts.otherCoding ? malformed("Transfer-Encoding is not chunked, the only coding that is understood here.") : null;
}
