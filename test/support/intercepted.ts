// Servers with certificates and clients of the intercept proxy, for its tests.
import { createServer as createPlain, type Server, type Socket } from "node:net";
import { type ConnectionOptions, connect, createServer as createTls, type TLSSocket } from "node:tls";
import { type Authority, makeAuthority, makeHostIdentity } from "../../src/main/proxy/intercept/certificate.ts";
import { openRaw, overSocket, type RawConnection } from "./raw_client.ts";

/** The authority of servers beyond the proxy. */
export const SERVER_AUTHORITY: Authority = makeAuthority("Servers", new Date());

export interface SocketServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Hands each connection to `take`. `host`: TLS with a certificate for it; null: plain. */
export async function startSocketServer(take: (socket: Socket) => void, host: string | null): Promise<SocketServer> {
  const sockets = new Set<Socket>();
  const taken = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
    take(socket);
  };
  const server = host === null ? createPlain({ allowHalfOpen: true }, taken) : tlsServer(host, taken);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

function tlsServer(host: string, taken: (socket: Socket) => void): Server {
  const { certificate, key } = makeHostIdentity(SERVER_AUTHORITY, host, new Date());
  return createTls({ cert: certificate, key, ALPNProtocols: ["http/1.1"] }, taken);
}

/** Answers the first request of each connection by its head, with what `answer` writes. */
export function answering(answer: (head: string, socket: Socket, rest: Buffer) => void): (socket: Socket) => void {
  return (socket) => {
    let read = Buffer.alloc(0);
    const data = (chunk: Buffer): void => {
      read = Buffer.concat([read, chunk]);
      const end = read.indexOf("\r\n\r\n");
      if (end < 0) return;
      socket.off("data", data);
      answer(read.toString("latin1", 0, end + 4), socket, read.subarray(end + 4));
    };
    socket.on("data", data);
  };
}

/** A tunnel through the proxy at `port`; what comes over it is not read yet. Rejects with the refusal. */
export async function openTunnel(port: number, authority: string): Promise<RawConnection> {
  const raw = await openRaw(port);
  await raw.send(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`);
  const { start, body } = await raw.response();
  if (start === "HTTP/1.1 200 Connection established") return raw;
  raw.destroy();
  throw new Error(`${start} ${body.toString()}`);
}

/** TLS in a tunnel through the proxy. Rejects where the handshake fails. */
export async function openTlsTunnel(
  port: number,
  authority: string,
  options: ConnectionOptions,
): Promise<RawConnection & { readonly tls: TLSSocket }> {
  const { socket } = await openTunnel(port, authority);
  socket.removeAllListeners("data");
  const tls = await new Promise<TLSSocket>((resolve, reject) => {
    const opened = connect({ ...options, socket }, () => resolve(opened));
    opened.once("error", (error) => {
      socket.destroy();
      reject(error);
    });
    socket.once("close", () => reject(new Error("the connection was closed")));
  });
  return Object.assign(overSocket(tls), { tls });
}
