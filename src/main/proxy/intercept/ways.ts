// Which way a request takes from the intercept proxy: to the server that it names, through our own Elasticsearch endpoint, to
// our own page, or nowhere.
import { lookup as lookUp } from "node:dns";
import type { LookupFunction } from "node:net";
import { createSecureContext, getCACertificates, type SecureContext } from "node:tls";
import { forbidden, type Refusal } from "../refusal.ts";
import type { Upstream } from "../upstream.ts";
import { authorityOf, type Destination, isLoopback, originOf } from "./destination.ts";
import { HostList } from "./host_list.ts";

/** The name under which clients of the proxy find our own page. */
export const OWN_NAME = "parallax.local";

export type Way =
  | { readonly kind: "page" }
  /** To an Elasticsearch: our endpoint captures it, keeps its writes and may answer it. */
  | { readonly kind: "endpoint"; readonly upstream: Upstream }
  | { readonly kind: "elsewhere"; readonly upstream: Upstream }
  | { readonly kind: "refused"; readonly refusal: Refusal };

export interface WayOptions {
  /** Port of our Elasticsearch endpoint. */
  readonly endpoint: number;
  /** `host:port` whose requests go through it. */
  readonly elasticsearchHosts: readonly string[];
  /** Hosts whose TLS is not opened. */
  readonly passThrough: readonly string[];
  /** Ports of ours on this machine that are not to be reached through ourselves. */
  readonly ownPorts: () => readonly number[];
  /** PEM of further authorities that upstreams may show. */
  readonly ca: string | null;
  readonly insecure: boolean;
}

/** Connections are told apart by their upstream: the same destination is the same object for as long as it is remembered. */
const REMEMBERED = 2000;

export class Ways {
  readonly #options: WayOptions;
  readonly #elasticsearch: HostList;
  readonly #passThrough: HostList;
  readonly #upstreams = new Map<string, Upstream>();
  #context: SecureContext | null = null;

  constructor(options: WayOptions) {
    this.#options = options;
    this.#elasticsearch = new HostList([...options.elasticsearchHosts, `localhost:${options.endpoint}`]);
    this.#passThrough = new HostList(options.passThrough);
  }

  /** `hostHeader`: what the request is to say in it, null for what it says; to our endpoint anything is its own name. */
  of(destination: Destination, hostHeader: string | null, serverName: string | null): Way {
    const { host, port, tls } = destination;
    if (host === OWN_NAME) return { kind: "page" };
    if (this.isElasticsearch(destination)) return { kind: "endpoint", upstream: this.#endpoint(hostHeader) };
    if (isLoopback(host) && this.#options.ownPorts().includes(port)) return { kind: "refused", refusal: ownPort(originOf(destination)) };
    const upstream = this.#remembered(`${tls} ${host} ${port} ${hostHeader} ${serverName}`, () =>
      this.#elsewhere(destination, hostHeader, serverName),
    );
    return { kind: "elsewhere", upstream };
  }

  /** Whether requests to it go through our endpoint. */
  isElasticsearch({ host, port }: Pick<Destination, "host" | "port">): boolean {
    return this.#elasticsearch.has(host, port);
  }

  /** Whether what is in a tunnel to this host is to stay unread. */
  passes(host: string, port: number): boolean {
    return this.#passThrough.has(host, port) && !this.isElasticsearch({ host, port });
  }

  #endpoint(hostHeader: string | null): Upstream {
    const { endpoint } = this.#options;
    const label = `http://127.0.0.1:${endpoint}`;
    // By its own guard it takes the names of this machine only.
    const own = hostHeader === null ? null : `127.0.0.1:${endpoint}`;
    return this.#remembered(`endpoint ${own}`, () => ({
      label,
      subject: `Parallax's Elasticsearch endpoint at ${label}`,
      tls: false,
      host: "127.0.0.1",
      port: endpoint,
      prefix: "",
      authorization: null,
      hostHeader: own,
      trust: {},
    }));
  }

  #elsewhere(destination: Destination, hostHeader: string | null, serverName: string | null): Upstream {
    const { tls, host, port } = destination;
    const origin = originOf(destination);
    return {
      label: origin,
      subject: origin,
      elsewhere: true,
      tls,
      host,
      port,
      prefix: "",
      authorization: null,
      hostHeader,
      trust: { insecure: this.#options.insecure },
      ...(tls ? { context: this.#trusted() } : {}),
      ...(serverName === null ? {} : { serverName }),
      ...(this.#options.ownPorts().includes(port) ? { lookup: lookUpOthers } : {}),
    };
  }

  /** The authorities that Node and the system trust, and the user's. Made once: parsing them takes a while. */
  #trusted(): SecureContext {
    const { ca } = this.#options;
    this.#context ??= createSecureContext({
      ca: [...new Set([...getCACertificates("default"), ...getCACertificates("system"), ...(ca === null ? [] : [ca])])],
    });
    return this.#context;
  }

  #remembered(key: string, make: () => Upstream): Upstream {
    const known = this.#upstreams.get(key);
    if (known !== undefined) return known;
    const oldest = this.#upstreams.keys().next();
    if (this.#upstreams.size >= REMEMBERED && oldest.done !== true) this.#upstreams.delete(oldest.value);
    const upstream = make();
    this.#upstreams.set(key, upstream);
    return upstream;
  }
}

/** What is said to whoever asks for a port of ours by way of ourselves. */
function ownPort(origin: string): Refusal {
  return forbidden(`${origin} is Parallax itself, which is not to be reached through its own proxy. Ask it directly.`);
}

/** Finds a name's addresses, but none of this machine: a name of anybody's may lead to a port of ours. */
const lookUpOthers: LookupFunction = (name, options, found) => {
  lookUp(name, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return found(error, []);
    if (addresses.some(({ address }) => isLoopback(address))) {
      return found(Object.assign(new Error(`${authorityOf(name, null)} is a name of Parallax itself`), { code: "EOWNPORT" }), []);
    }
    if (options.all === true) return found(null, addresses);
    const [first] = addresses;
    return found(null, first?.address ?? "", first?.family ?? 4);
  });
};
