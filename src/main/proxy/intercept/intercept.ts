// The intercept proxy: `startIntercept` listens on 127.0.0.1 as a forward proxy for http and https on a thread of its own.
// Requests to an Elasticsearch go through our endpoint, which treats them like its own; of all others a tap is told, with the
// whole URL as their target.
import { COPY_LIMITS, countIds, shareHandedOn } from "../proxy_options.ts";
import { WIRE_LIMITS, type WireLimits } from "../site.ts";
import type { Tap } from "../tap.ts";
import { WireThread } from "../wire_thread.ts";
import type { InterceptStart } from "./thread_messages.ts";

export interface InterceptOptions {
  /** 0: any free port. */
  readonly port: number;
  /** True: the start fails when the port is taken. @default false: the next free one is used */
  readonly exactPort?: boolean;
  readonly tap: Tap;
  /** What ids are taken from, where others give the tap exchanges too. @default a counter of its own, from 1 */
  readonly ids?: SharedArrayBuffer;
  /** Whose requests it hands on, shared with the endpoint (`shareHandedOn`). @default nobody knows */
  readonly handedOn?: SharedArrayBuffer;
  /** Folder for copies that wait, as the endpoint has one. */
  readonly spool?: string;
  /** Folder of the certificate authority; made at its first use. */
  readonly folder: string;
  /** Port of our Elasticsearch endpoint. */
  readonly endpoint: number;
  /** `host:port`s whose requests go through it. */
  readonly elasticsearchHosts?: readonly string[];
  /** Hosts whose TLS is not opened. */
  readonly passThrough?: readonly string[];
  /** Ports of ours that are not to be reached through it. */
  readonly ownPorts?: readonly number[];
  /** PEM of authorities to trust beside those of the system. */
  readonly ca?: string | null;
  /** Takes any certificate of a server. @default false */
  readonly insecure?: boolean;
  readonly limits?: Partial<WireLimits>;
  /** Told of faults of the proxy itself, and of clients that do not trust it, in words. */
  readonly problem?: (message: string) => void;
}

export interface Intercept {
  readonly url: string;
  readonly port: number;
  /** Client connections now. */
  connections(): number;
  /** Ends exchanges on their way within 2 s, tells the tap of the last ones, frees the port. */
  stop(): Promise<void>;
}

/** Starts the proxy. Rejects with ProxyError: `port_taken`, `port_forbidden`, `thread_failed`. */
export async function startIntercept(options: InterceptOptions): Promise<Intercept> {
  const { requestLimit: request, responseLimit: response } = COPY_LIMITS;
  const ids = options.ids ?? countIds(1);
  const handedOn = options.handedOn ?? shareHandedOn();
  const thread = new WireThread({
    title: "intercept proxy",
    name: "intercept",
    module: new URL("./thread.ts", import.meta.url),
    portFlag: "--intercept-port",
    tap: options.tap,
    bodies: { request, response },
    given: (port, exactPort, own) => ({
      workerData: threadStart(options, { port, exactPort, ...own, ids, handedOn }),
      transferList: [],
    }),
    spool: options.spool ?? null,
    problem: (message) => options.problem?.(message),
  });
  await thread.start(options.port, options.exactPort ?? false);
  return thread;
}

function threadStart(
  options: InterceptOptions,
  own: Pick<InterceptStart, "port" | "exactPort" | "counters" | "spool" | "ids" | "handedOn">,
): InterceptStart {
  const { folder, endpoint, elasticsearchHosts = [], passThrough = [], ownPorts = [], ca = null, insecure = false, limits = {} } = options;
  return {
    ...own,
    ...{ folder, endpoint, elasticsearchHosts, passThrough, ownPorts, ca, insecure, ...COPY_LIMITS },
    limits: { ...WIRE_LIMITS, ...limits },
  };
}
