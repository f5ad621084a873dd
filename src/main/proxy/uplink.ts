// The upstream's end of a wire: which connection it has, and the search for a node that takes one where there are several.
import { Link } from "./link.ts";
import type { Site } from "./site.ts";
import { describeFailure, type Upstream } from "./upstream.ts";

export interface UplinkEvents {
  /** Bytes came. True when they have all been used; false while some are still to be sent. */
  received(bytes: Buffer): boolean;
  /** What was written has left, or its connection was given up. */
  drained(): void;
  /** The upstream sends no more. */
  ended(link: Link): void;
  /** The connection is gone. */
  closed(link: Link): void;
  /** It could not be made, or broke. `why`: in words. */
  failed(why: string): void;
  /** It was not made in time. */
  late(why: string): void;
  /** A node is sought: nothing is to be sent until `sought`. */
  seeking(): void;
  /** A node took the connection, or none did. */
  sought(): void;
  /** Runs what comes from outside of the wire's own events. */
  guarded(step: () => void): void;
}

export class Uplink {
  readonly #site: Site;
  readonly #clientPort: number;
  readonly #events: UplinkEvents;
  #link: Link | null = null;
  #reached = false;
  #seeking = false;
  /** Nodes that are still to be tried, while one is sought. */
  #candidates: readonly Upstream[] = [];
  /** None took the connection: the next request hears of it. */
  #soughtInVain = false;

  constructor(site: Site, clientPort: number, events: UplinkEvents) {
    this.#site = site;
    this.#clientPort = clientPort;
    this.#events = events;
  }

  get link(): Link | null {
    return this.#link;
  }

  /** The link, or one before it that these requests were sent over, was connected. */
  get reached(): boolean {
    return this.#reached;
  }

  /** The connection to `upstream`, made where there is none. No request is open on another one by then. */
  connect(upstream: Upstream): Link {
    this.#link ??= this.#connect(upstream);
    return this.#link;
  }

  /** Gives the connection up; nothing more is heard of it. */
  forget(): void {
    this.drop();
    this.#events.drained();
  }

  /** The same at the end of the wire. */
  drop(): void {
    this.#link?.drop();
    this.#link = null;
  }

  /** Where there are several nodes: seeks one that takes the connection before anything is sent. True while it does. */
  seeks(): boolean {
    const { nodes, port } = this.#site;
    if (!nodes.several || this.#soughtInVain || this.#link?.upstream === nodes.current) return false;
    this.forget();
    this.#candidates = nodes.candidates(port);
    this.#seeking = true;
    this.#events.seeking();
    this.#tryNext();
    return true;
  }

  /** To be told that the connection can't be used: true while a node is sought, which goes on with the next one. */
  passesOver(): boolean {
    if (!this.#seeking) return false;
    this.#tryNext();
    return true;
  }

  /** Called about once a second. `now`: epoch ms. */
  sweep(now: number): void {
    const link = this.#link;
    if (link?.overdue(now) !== true) return;
    if (this.#seeking) this.#tryNext();
    else this.#events.late(describeFailure(link.upstream, Object.assign(new Error(), { code: "ETIMEDOUT" })));
  }

  #connect(upstream: Upstream): Link {
    this.#reached = false;
    const events = this.#events;
    return new Link(upstream, this.#site.limits.connectMs, {
      connected: (link) => events.guarded(() => this.#connected(link)),
      received: (bytes) => events.received(bytes),
      drained: () => events.guarded(() => events.drained()),
      ended: (link) => events.guarded(() => this.#unless(() => events.ended(link))),
      closed: (link) => events.guarded(() => this.#unless(() => events.closed(link))),
      failed: (link, error) => events.guarded(() => this.#unless(() => events.failed(describeFailure(link.upstream, error)))),
    });
  }

  /** While a node is sought, one that ends is passed over, and nobody need know. */
  #unless(told: () => void): void {
    if (this.#seeking) this.#tryNext();
    else told();
  }

  #tryNext(): void {
    this.forget();
    const [next, ...others] = this.#candidates;
    this.#candidates = others;
    if (next !== undefined) {
      this.#link = this.#connect(next);
      return;
    }
    this.#soughtInVain = true;
    this.#found();
    this.#soughtInVain = false;
  }

  #connected(link: Link): void {
    this.#reached = true;
    this.#handOn(link);
    if (!this.#seeking) return;
    const { nodes } = this.#site;
    if (nodes.current !== link.upstream) {
      this.#site.problem(`Elasticsearch at ${nodes.current.label} takes no connections: requests go to ${link.upstream.label} now.`);
      nodes.use(link.upstream);
    }
    this.#found();
  }

  /** Before anything is sent over it, so that the endpoint knows whose it is. */
  #handOn(link: Link): void {
    const { handsOn } = this.#site;
    if (handsOn === undefined || link.upstream.elsewhere === true) return;
    const port = link.localPort;
    handsOn(port, this.#clientPort);
    link.whenClosed(() => handsOn(port, 0));
  }

  #found(): void {
    this.#seeking = false;
    this.#events.sought();
  }
}
