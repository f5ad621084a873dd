// The listening socket and its connections, on the proxy's thread.
import { createServer, type Server, type Socket } from "node:net";
import { epochNow } from "./clock.ts";
import { Connection } from "./connection.ts";
import { printRefusal } from "./refusal.ts";
import type { Site } from "./site.ts";

/** What a listener does with its clients. */
export interface Client {
  /** Neither a request nor an answer is on its way. */
  readonly idle: boolean;
  /** Called about once a second, with epoch ms. */
  sweep(now: number): void;
  destroy(): void;
}

const ADDRESS = "127.0.0.1";
const SWEEP_MS = 1000;
const PORTS_TRIED = 100;

export interface Listener {
  readonly port: number;
  connections(): number;
  /** Takes no more connections, gives exchanges on their way `drainMs` to end, then cuts. */
  close(drainMs: number): Promise<void>;
}

export interface ListenOptions {
  /** 0: any free port. */
  readonly port: number;
  /** False: when the port is taken the next free one will do. */
  readonly exactPort: boolean;
  /** Told whenever the number of connections changes. */
  readonly counted: (connections: number) => void;
  /** Takes a connection; calls `closed` when it is gone. @default a Connection to the site's upstream */
  readonly take?: (socket: Socket, closed: (client: Client) => void) => Client;
}

/** Listens on 127.0.0.1 only. Rejects with the system's error (EADDRINUSE, EACCES). Sets `site.port`. */
export async function listen(site: Site, options: ListenOptions): Promise<Listener> {
  const connections = new Set<Client>();
  const { take = (socket, whenClosed) => new Connection(site, socket, whenClosed) } = options;
  let sweeping: NodeJS.Timeout | undefined;

  function closed(connection: Client): void {
    connections.delete(connection);
    options.counted(connections.size);
    if (connections.size > 0) return;
    clearInterval(sweeping);
    sweeping = undefined;
  }

  function sweep(): void {
    const now = epochNow();
    for (const connection of connections) connection.sweep(now);
  }

  function accept(socket: Socket): void {
    if (connections.size >= site.limits.connections) {
      turnAway(socket, site.limits.connections);
      return;
    }
    connections.add(take(socket, closed));
    options.counted(connections.size);
    sweeping ??= setInterval(sweep, SWEEP_MS);
  }

  const server = createServer({ allowHalfOpen: true, noDelay: true }, accept);
  server.on("error", (error) => site.problem(`The endpoint's socket failed: ${error.message}`));
  site.port = await bind(server, options);

  return {
    port: site.port,
    connections: () => connections.size,
    async close(drainMs) {
      const gone = new Promise<void>((resolve) => server.close(() => resolve()));
      const end = epochNow() + drainMs;
      const cut = (): void => {
        for (const connection of connections) if (connection.idle || epochNow() >= end) connection.destroy();
      };
      cut();
      const cutting = setInterval(cut, 20);
      await gone;
      clearInterval(cutting);
    },
  };
}

function turnAway(socket: Socket, limit: number): void {
  const reason = `More than ${limit} connections are open to this endpoint. Close some, or raise the limit.`;
  socket.on("error", () => socket.destroy());
  socket.end(printRefusal({ status: 503, type: "rejected_execution_exception", reason }, false), () => socket.destroy());
}

async function bind(server: Server, options: ListenOptions): Promise<number> {
  const last = options.exactPort || options.port === 0 ? options.port : Math.min(options.port + PORTS_TRIED, 65_535);
  for (let port = options.port; ; port += 1) {
    try {
      return await listenOn(server, port);
    } catch (error) {
      if (port >= last || !isTaken(error)) throw error;
    }
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "EADDRINUSE" || error.code === "EACCES");
}

function listenOn(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => {
      server.off("listening", listening);
      reject(error);
    };
    const listening = (): void => {
      server.off("error", failed);
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    };
    server.once("error", failed);
    server.once("listening", listening);
    // Many clients may connect at one moment; the system cuts this to its own limit.
    server.listen({ host: ADDRESS, port, backlog: 4096 });
  });
}
