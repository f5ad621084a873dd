// The nodes of one Elasticsearch cluster behind the proxy: which one requests go to. A node that takes no connection makes way
// for the next one; it is not returned to until that one fails in turn, or the engine says so.
import { ProxyError } from "./proxy_error.ts";
import { addressesOf, isLoop, readUpstream, type TlsTrust, type Upstream } from "./upstream.ts";

export class Nodes {
  /** All of them as one name, for what is kept of requests. */
  readonly name: string;
  readonly #all: readonly Upstream[];
  #at = 0;

  /** `text`: URLs with commas between. Throws ProxyError `bad_upstream`. */
  constructor(text: string, trust: TlsTrust) {
    this.#all = addressesOf(text).map((url) => readUpstream(url, trust));
    if (this.#all.length === 0) throw new ProxyError("bad_upstream", "No URL of an Elasticsearch is given.");
    this.name = this.#all.map(({ label }) => label).join(",");
  }

  get current(): Upstream {
    const current = this.#all[this.#at] ?? this.#all[0];
    if (current === undefined) throw new ProxyError("bad_upstream", "No URL of an Elasticsearch is given.");
    return current;
  }

  get several(): boolean {
    return this.#all.length > 1;
  }

  /** In the order in which they are to be tried; none is the proxy itself, which listens on `port`. */
  candidates(port: number): readonly Upstream[] {
    return [...this.#all.slice(this.#at), ...this.#all.slice(0, this.#at)].filter((upstream) => !isLoop(upstream, port));
  }

  /** Requests go there from now on. */
  use(upstream: Upstream): void {
    this.prefer(this.#all.indexOf(upstream));
  }

  /** The same by its place among the URLs; one that is not there changes nothing. */
  prefer(place: number): void {
    if (place >= 0 && place < this.#all.length) this.#at = place;
  }
}
