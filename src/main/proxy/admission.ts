// Takes in the requests of one client connection, each when its head was read: as what exchange it is captured, who is to answer it, and
// whether it is let through.
import type { Wish } from "./asks.ts";
import { epochNow } from "./clock.ts";
import type { HeadFacts } from "./head.ts";
import { objectionTo } from "./objection.ts";
import { latin1 } from "./octets.ts";
import type { Refusal } from "./refusal.ts";
import type { Passing, Site } from "./site.ts";
import type { Upstream } from "./upstream.ts";

export interface Admitted {
  readonly exchange: Passing;
  readonly wish: Wish;
  /** The engine may change or hold it. */
  readonly watched: boolean;
  /** Why it is not let through; null when it is. */
  readonly objection: Refusal | null;
}

export class Admission {
  readonly #site: Site;
  readonly #port: number;
  /** Whose requests these are; known with the first of them. */
  #clientPort = 0;

  /** `port`: the client's. */
  constructor(site: Site, port: number) {
    this.#site = site;
    this.#port = port;
  }

  /** The request whose head is `bytes[from, to)`. `busy`: where those before it went that have no answer yet; null without any. */
  admit(bytes: Buffer, from: number, to: number, facts: HeadFacts, busy: Upstream | null): Admitted {
    const site = this.#site;
    const refusal = site.guard.check(bytes, facts);
    const again = facts.profiled ? this.#takeRepeat() : null;
    const wish = refusal === null ? site.asks.wish(bytes, facts, again !== null) : "none";
    const watched = refusal === null && wish !== "profiled" && site.asks.watches(bytes, facts);
    if (this.#clientPort === 0) this.#clientPort = site.clientOf(this.#port);
    const exchange = passing(captureOf(site, again, wish, watched), this.#clientPort, bytes, facts);
    if (exchange.copying) site.copy.requestHead(exchange, bytes, from, to);
    const objection = refusal ?? objectionTo(site, { wish, upgrades: facts.upgrades, upstream: site.nodes.current, busy });
    if (objection !== null) site.copy.broken(exchange, exchange.time, objection.reason);
    return { exchange, wish, watched, objection };
  }

  /** The exchange that the engine sends again over this connection; null for none. */
  #takeRepeat(): number | null {
    const id = this.#site.repeats.get(this.#port) ?? null;
    this.#site.repeats.delete(this.#port);
    return id;
  }
}

/** How a request is captured: as what exchange (0: as none), and whether now. */
type Capture = Pick<Passing, "id" | "copying" | "apart">;

/** `again`: the exchange that the engine sends again; null where it is a client's. One that is to be sent again is captured then. */
function captureOf(site: Site, again: number | null, wish: Wish, watched: boolean): Capture {
  const id = again ?? (site.capturing ? site.takeId() : 0);
  return { id, copying: id > 0 && wish !== "profiled", apart: (wish === "asked" || wish === "forced") && !watched };
}

/** A request that begins now, from its head. */
function passing({ id, copying, apart }: Capture, clientPort: number, bytes: Buffer, facts: HeadFacts): Passing {
  return {
    id,
    time: epochNow(),
    clientPort,
    copying,
    apart,
    requestBytes: 0,
    responseBytes: 0,
    requestExpected: facts.contentLength,
    responseExpected: -1,
    isHead: facts.methodEnd - facts.start === 4 && latin1(bytes, facts.start, facts.methodEnd) === "HEAD",
    upgrades: facts.upgrades,
    expectsContinue: facts.expectsContinue,
    closes: facts.closes || (facts.minor === 0 && !facts.keepsAlive),
    requestDone: false,
    journal: null,
    answerBegun: false,
    added: "",
  };
}
