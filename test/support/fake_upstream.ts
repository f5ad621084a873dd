// A scripted server of bare sockets behind the proxy: remembers every byte it was sent and answers what the script says.
import { createServer, type Socket } from "node:net";
import { type RawMessage, readMessage } from "./raw_client.ts";

export interface FakeUpstream {
  readonly port: number;
  readonly url: string;
  /** All bytes each connection has sent, oldest connection first. */
  readonly received: Buffer[];
  /** Whole requests, in the order of their completion. */
  readonly requests: RawMessage[];
  /** Connections that were opened. */
  readonly sockets: Socket[];
  close(): Promise<void>;
}

/** A piece that ends the connection instead of being sent. */
export const END: Uint8Array = new Uint8Array(0);

/** What to send for a request, piece by piece, each in a turn of its own; nothing: the script sees to the socket itself. */
export type Script = (request: RawMessage, socket: Socket) => readonly Uint8Array[] | undefined;

/** Keeps requests only while `remember` is true: off for large bodies. */
export async function startFakeUpstream(script: Script, remember = true): Promise<FakeUpstream> {
  const received: Buffer[] = [];
  const requests: RawMessage[] = [];
  const sockets: Socket[] = [];
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
    const number = sockets.push(socket) - 1;
    received[number] = Buffer.alloc(0);
    let pending = Buffer.alloc(0);
    let sending = Promise.resolve();
    socket.on("error", () => socket.destroy());
    socket.on("end", () => void sending.then(() => socket.end()));
    socket.on("data", (chunk) => {
      if (remember) received[number] = Buffer.concat([received[number] ?? Buffer.alloc(0), chunk]);
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
      for (let request = readMessage(pending); request !== null; request = readMessage(pending)) {
        pending = pending.subarray(request.wire.length);
        if (remember) requests.push(request);
        const answer = script(request, socket);
        if (answer !== undefined) sending = sending.then(() => sendPieces(socket, answer));
      }
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", 4096, resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    received,
    requests,
    sockets,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

async function sendPieces(socket: Socket, pieces: readonly Uint8Array[]): Promise<void> {
  for (const piece of pieces) {
    if (socket.destroyed) return;
    if (piece === END) socket.end();
    else if (!socket.write(piece)) {
      await new Promise<void>((resolve) => {
        socket.once("drain", resolve);
        socket.once("close", () => resolve());
      });
    }
    if (pieces.length > 1) await new Promise<void>((resolve) => void setImmediate(resolve));
  }
}

/** A plain answer of JSON. */
export function jsonAnswer(body: string, status = "200 OK"): readonly Uint8Array[] {
  return [Buffer.from(`HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)];
}
