// The intercept proxy's thread: what it costs to open TLS delays neither the engine nor the Elasticsearch endpoint.
import { parentPort, workerData } from "node:worker_threads";
import { messageOf } from "../../../shared/thrown.ts";
import { Asks } from "../asks.ts";
import { CopyWriter } from "../copy.ts";
import { CONNECTIONS } from "../copy_format.ts";
import { Guard } from "../guard.ts";
import { Handover } from "../handover.ts";
import { JournalDesk } from "../journal_entry.ts";
import { type Listener, listen } from "../listener.ts";
import { Nodes } from "../nodes.ts";
import type { Site } from "../site.ts";
import { authorityFacts, HostIdentities, openAuthority } from "./authority.ts";
import type { Authority } from "./certificate.ts";
import { Front } from "./front.ts";
import { OpenedTls } from "./opened_tls.ts";
import type { FromIntercept, InterceptStart, ToIntercept } from "./thread_messages.ts";
import { Ways } from "./ways.ts";

const start: InterceptStart = workerData;
const port = parentPort;
if (port === null) throw new Error("proxy/intercept/thread.ts runs as a worker only: use startIntercept.");

const tell = (message: FromIntercept): void => port.postMessage(message);
const counters = new Int32Array(start.counters);
const ids = new BigInt64Array(start.ids);
const handedOn = new Uint16Array(start.handedOn);
const problem = (message: string): void => tell({ kind: "problem", message });
const nobody = (): void => {};

const handover = new Handover({
  post: (batch) => port.postMessage(batch, [batch]),
  spooled: (spooled) => tell({ kind: "spooled", ...spooled }),
  counters,
  queueBytes: start.queueBytes,
  spool: start.spool,
  problem,
});

/** The wire's own parts that have no work here: nothing is asked of the engine, and what is written is the endpoint's. */
const site: Site = {
  nodes: new Nodes(`http://127.0.0.1:${start.endpoint}`, {}),
  capturing: true,
  repeats: new Map(),
  takeId: () => Number(Atomics.add(ids, 0, 1n)),
  clientOf: (from) => from,
  handsOn: (from, clientPort) => {
    handedOn[from] = clientPort;
  },
  port: start.port,
  guard: new Guard([]),
  limits: start.limits,
  copy: new CopyWriter({
    queue: handover,
    requestLimit: start.requestLimit,
    responseLimit: start.responseLimit,
  }),
  asks: new Asks({ pattern: null, unnamed: null, profiles: false, watch: null, post: nobody, forgotten: nobody }),
  journal: new JournalDesk({ pattern: null, port: null, on: false, bodyLimit: 0, waitMs: 0 }),
  unwatched: nobody,
  problem,
};

let opened: Authority | null = null;
function authority(): Authority {
  opened ??= openAuthority(start.folder, new Date());
  return opened;
}

const distrusted = new Set<string>();
function distrust(host: string, why: string): void {
  // Once for each host, and for no more than a user would read.
  if (distrusted.has(host) || distrusted.size > 200) return;
  distrusted.add(host);
  problem(`A client broke off TLS with ${host} through the intercept proxy (${why}): does it trust Parallax's certificate?`);
}

const identities = new HostIdentities(authority);
const gate = {
  site,
  ways: new Ways({ ...start, ownPorts: () => [site.port, ...start.ownPorts] }),
  tls: new OpenedTls({
    shownFor: (host) => identities.of(host),
    handshakeMs: start.limits.headMs,
    failed: distrust,
    unable: (why) => problem(`The intercept proxy can't open TLS. ${why}`),
  }),
  authority: () => authorityFacts(authority(), start.folder),
};

function obey(message: ToIntercept, listener: Listener): void {
  void listener.close(message.drainMs).then(async () => {
    site.copy.flush();
    await handover.settled();
    tell({ kind: "stopped" });
  });
}

try {
  const counted = (connections: number): void => void Atomics.store(counters, CONNECTIONS, connections);
  const { port: wanted, exactPort } = start;
  const listener = await listen(site, { port: wanted, exactPort, counted, take: (socket, closed) => new Front(gate, socket, closed) });
  port.on("message", (message: ToIntercept) => obey(message, listener));
  tell({ kind: "listening", port: listener.port });
} catch (error) {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  tell({ kind: "not listening", code, message: messageOf(error) });
}
