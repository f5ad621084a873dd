// A network that fails as it is told to: a TCP proxy with the seven faults of Toxiproxy (github.com/Shopify/toxiproxy), put between
// Parallax and one of its servers. Faults act on connections that are open, too, in both directions.
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

export type Fault =
  /** Each piece comes so much later. */
  | { readonly kind: "latency"; readonly ms: number }
  | { readonly kind: "bandwidth"; readonly bytesPerSecond: number }
  /** Nothing comes through any more; the connection ends after `ms`. */
  | { readonly kind: "timeout"; readonly ms: number }
  /** Reset `ms` after its first piece. */
  | { readonly kind: "reset_peer"; readonly ms: number }
  /** In pieces of so many octets. */
  | { readonly kind: "slicer"; readonly bytes: number }
  /** Ends after so many octets of an answer. */
  | { readonly kind: "limit_data"; readonly bytes: number }
  /** No connection is taken, and those that are there end. */
  | { readonly kind: "down" };

export interface FaultProxy {
  readonly port: number;
  fault: Fault | null;
  /** Asked before the first piece of an answer is passed on, with the last request's first line: true resets the connection instead. */
  cut: ((requestLine: string) => boolean) | null;
  stop(): Promise<void>;
}

/** Starts one before `port` on 127.0.0.1, without a fault. */
export async function startFaultProxy(port: number): Promise<FaultProxy> {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: false }, (client) => {
    if (state.fault?.kind === "down") {
      client.resetAndDestroy();
      return;
    }
    pair(state, client, connect(port, "127.0.0.1"), open);
  });
  let fault: Fault | null = null;
  const state: FaultProxy = {
    port: 0,
    get fault() {
      return fault;
    },
    set fault(next) {
      fault = next;
      if (next?.kind === "down") for (const socket of open) socket.resetAndDestroy();
    },
    cut: null,
    async stop() {
      server.close();
      for (const socket of open) socket.destroy();
      await once(server, "close");
    },
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return Object.defineProperty(state, "port", { value: typeof address === "object" && address !== null ? address.port : 0 });
}

function pair(proxy: FaultProxy, client: Socket, upstream: Socket, open: Set<Socket>): void {
  let requestLine = "";
  let answering = false;
  let answered = 0;
  for (const [socket, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    open.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => other.destroy());
    socket.on("close", () => {
      open.delete(socket);
      other.destroy();
    });
  }
  const reset = (): void => {
    client.resetAndDestroy();
    upstream.destroy();
  };
  client.on("data", (bytes: Buffer) => {
    const line = /^(?:GET|HEAD|POST|PUT|DELETE) [^\r\n]*/.exec(bytes.toString("latin1", 0, 2_000))?.[0];
    if (line !== undefined) requestLine = line;
    answering = false;
    void pass(proxy, client, upstream, bytes, reset);
  });
  upstream.on("data", (bytes: Buffer) => {
    const first = !answering;
    answering = true;
    if (first && proxy.cut?.(requestLine) === true) {
      reset();
      return;
    }
    answered += bytes.length;
    if (proxy.fault?.kind === "limit_data" && answered > proxy.fault.bytes) {
      client.end(bytes.subarray(0, Math.max(0, bytes.length - (answered - proxy.fault.bytes))));
      return;
    }
    void pass(proxy, upstream, client, bytes, reset);
  });
}

/** Passes one piece on as the fault of now allows; the next waits for it. */
async function pass(proxy: FaultProxy, from: Socket, to: Socket, bytes: Buffer, reset: () => void): Promise<void> {
  const { fault } = proxy;
  switch (fault?.kind) {
    case "timeout":
      setTimeout(reset, fault.ms).unref();
      from.pause();
      return;
    case "reset_peer":
      setTimeout(reset, fault.ms).unref();
      break;
    case "latency":
    case "bandwidth":
      from.pause();
      await pause(fault.kind === "latency" ? fault.ms : (bytes.length / fault.bytesPerSecond) * 1000);
      from.resume();
      break;
    case "slicer":
      from.pause();
      for (let at = 0; at < bytes.length && !to.destroyed; at += fault.bytes) {
        to.write(bytes.subarray(at, at + fault.bytes));
        await pause(0);
      }
      from.resume();
      return;
    default:
  }
  if (!to.destroyed && !to.write(bytes)) {
    from.pause();
    to.once("drain", () => from.resume());
  }
}
