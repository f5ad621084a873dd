// The proxy's thread: all of the wire, none of the engine, so that no work of the engine ever delays a client's bytes.
import { parentPort, workerData } from "node:worker_threads";
import { messageOf } from "../../shared/thrown.ts";
import { Asks } from "./asks.ts";
import { takingTls } from "./client_tls.ts";
import { CopyWriter } from "./copy.ts";
import { CONNECTIONS } from "./copy_format.ts";
import { Guard } from "./guard.ts";
import { Handover } from "./handover.ts";
import { JournalDesk } from "./journal_entry.ts";
import { type Listener, listen } from "./listener.ts";
import { Nodes } from "./nodes.ts";
import type { Site } from "./site.ts";
import type { FromThread, ThreadStart, ToThread } from "./thread_messages.ts";

const start: ThreadStart = workerData;
const port = parentPort;
if (port === null) throw new Error("proxy/thread.ts runs as a worker only: use startProxy.");

const counters = new Int32Array(start.counters);
const ids = new BigInt64Array(start.ids);
const handedOn = new Uint16Array(start.handedOn);
const tell = (message: FromThread): void => port.postMessage(message);
const handover = new Handover({
  post: (batch) => port.postMessage(batch, [batch]),
  spooled: (spooled) => tell({ kind: "spooled", ...spooled }),
  counters,
  queueBytes: start.queueBytes,
  spool: start.spool,
  problem: (message) => tell({ kind: "problem", message }),
});
const copy = new CopyWriter({
  queue: handover,
  requestLimit: start.requestLimit,
  responseLimit: start.responseLimit,
});
const site: Site = {
  nodes: new Nodes(start.upstream, start.trust),
  capturing: start.capturing,
  repeats: new Map(),
  takeId: () => Number(Atomics.add(ids, 0, 1n)),
  clientOf: (from) => handedOn[from] || from,
  port: start.port,
  guard: new Guard(start.names),
  limits: start.limits,
  copy,
  asks: new Asks({
    pattern: start.asks,
    profiles: start.profiles,
    unnamed: start.answering,
    watch: start.watch,
    forgotten: (ask) => tell({ kind: "forgotten", ask }),
    post: (asked) => {
      // The engine hears first of what went before and may matter.
      copy.flush();
      const buffers = asked.flatMap(({ head, body }) => [head.buffer, body.buffer]);
      port.postMessage({ kind: "asks", asked, ...copy.place() } satisfies FromThread, buffers);
    },
  }),
  journal: new JournalDesk({
    pattern: start.journal?.pattern ?? null,
    port: start.journal?.port ?? null,
    on: start.journalling,
    bodyLimit: start.requestLimit,
    waitMs: start.limits.journalMs,
  }),
  unwatched: (exchange, why) => tell({ kind: "unwatched", exchange, why }),
  problem: (message) => tell({ kind: "problem", message }),
};

function obey(message: ToThread, listener: Listener): void {
  switch (message.kind) {
    case "upstream":
      site.nodes = new Nodes(message.url, start.trust);
      tell({ kind: "done", reply: message.reply });
      return;
    case "prefer":
      site.nodes.prefer(message.place);
      return;
    case "capture":
      site.capturing = message.on;
      tell({ kind: "done", reply: message.reply });
      return;
    case "answering":
      site.asks.askUnnamed(message.pattern);
      tell({ kind: "done", reply: message.reply });
      return;
    case "watch":
      site.asks.watch(message.sieve);
      tell({ kind: "done", reply: message.reply });
      return;
    case "taken":
      site.asks.taken(message.ask);
      return;
    case "repeat":
      if (message.exchange === null) site.repeats.delete(message.port);
      else site.repeats.set(message.port, message.exchange);
      tell({ kind: "done", reply: message.reply });
      return;
    case "journalling":
      site.journal.on = message.on;
      tell({ kind: "done", reply: message.reply });
      return;
    case "replies":
      for (const reply of message.replies) site.asks.settle(reply.ask, reply);
      return;
    case "stop":
      void listener.close(message.drainMs).then(async () => {
        copy.flush();
        await handover.settled();
        tell({ kind: "stopped" });
      });
  }
}

try {
  const counted = (connections: number): void => void Atomics.store(counters, CONNECTIONS, connections);
  const taking = start.clientTls === null ? {} : { take: takingTls(site, start.clientTls) };
  const listener = await listen(site, { port: start.port, exactPort: start.exactPort, counted, ...taking });
  port.on("message", (message: ToThread) => obey(message, listener));
  tell({ kind: "listening", port: listener.port });
} catch (error) {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  tell({ kind: "not listening", code, message: messageOf(error) });
}
