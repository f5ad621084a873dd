// A client of bare sockets: sends the bytes it is given, in the pieces it is given, and keeps every byte that comes back.
// Nothing here parses as Node or the proxy do, so that a mistake is not made on both sides.
import { connect, type Socket } from "node:net";

export interface RawConnection {
  readonly socket: Socket;
  /** Sends `bytes`; resolves when the system has taken them. */
  send(bytes: Uint8Array | string): Promise<void>;
  /** Sends `bytes` cut at the given offsets, each piece in a turn of its own. */
  sendPieces(bytes: Uint8Array, cuts: readonly number[]): Promise<void>;
  /** The next `count` bytes; rejects when the connection ends before or 20 s pass. */
  receive(count: number): Promise<Buffer>;
  /** The next whole response. */
  response(toHead?: boolean): Promise<RawMessage>;
  /** What comes until the other side ends or breaks the connection. */
  untilEnd(): Promise<{ readonly bytes: Buffer; readonly error: string }>;
  /** Bytes that came and were not yet asked for. */
  readonly unread: number;
  end(): void;
  destroy(): void;
}

export interface RawMessage {
  readonly start: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
  readonly wire: Buffer;
}

const PATIENCE_MS = 20_000;

/** Connects to 127.0.0.1:`port`. */
export async function openRaw(port: number): Promise<RawConnection> {
  const socket = connect({ host: "127.0.0.1", port, noDelay: true, allowHalfOpen: true });
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", () => resolve());
    socket.once("error", reject);
  });
  return overSocket(socket);
}

/** The same over a connection that is there, such as one that has been opened by TLS. */
export function overSocket(socket: Socket): RawConnection {
  // Unread bytes are store[start, end).
  let store = Buffer.allocUnsafeSlow(64 * 1024);
  let start = 0;
  let end = 0;
  let ended = false;
  let failure = "";
  let wake: () => void = () => undefined;
  const unread = (): Buffer => store.subarray(start, end);
  const keep = (chunk: Buffer): void => {
    if (end + chunk.length > store.length) {
      const roomier = Buffer.allocUnsafeSlow(Math.max(store.length, 2 * (end - start + chunk.length)));
      store.copy(roomier, 0, start, end);
      end -= start;
      start = 0;
      store = roomier;
    }
    chunk.copy(store, end);
    end += chunk.length;
  };
  socket.on("data", (chunk) => {
    keep(chunk);
    wake();
  });
  socket.on("error", (error: NodeJS.ErrnoException) => {
    failure = error.code ?? error.message;
  });
  for (const event of ["end", "close"]) {
    socket.on(event, () => {
      ended = true;
      wake();
    });
  }

  async function wait<T>(attempt: () => T | undefined): Promise<T> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const result = attempt();
      if (result !== undefined) return result;
      if (ended) throw new Error(`the connection ended ${failure} after ${end - start} bytes: ${unread().toString("latin1", 0, 300)}`);
      if (Date.now() > deadline) throw new Error(`nothing more came; ${end - start} bytes: ${unread().toString("latin1", 0, 300)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, deadline - Date.now() + 1);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  function take(count: number): Buffer {
    const taken = Buffer.from(store.subarray(start, start + count));
    start += count;
    return taken;
  }

  const send = (bytes: Uint8Array | string): Promise<void> => new Promise((resolve) => void socket.write(bytes, () => resolve()));
  return {
    socket,
    send,
    async sendPieces(bytes, cuts) {
      let from = 0;
      for (const cut of [...cuts, bytes.length]) {
        if (cut > from) await send(bytes.subarray(from, cut));
        from = Math.max(from, cut);
        await new Promise<void>((resolve) => void setImmediate(resolve));
      }
    },
    receive: (count) => wait(() => (end - start >= count ? take(count) : undefined)),
    response: async (toHead = false) => {
      const message = await wait(() => readMessage(unread(), toHead) ?? undefined);
      return readMessage(take(message.wire.length), toHead) ?? message;
    },
    async untilEnd() {
      await wait(() => (ended ? true : undefined));
      // An error is reported before "close", but may come after "end".
      if (!socket.destroyed && socket.writableEnded) await new Promise<void>((resolve) => void socket.once("close", () => resolve()));
      return { bytes: take(end - start), error: failure };
    },
    get unread() {
      return end - start;
    },
    end: () => void socket.end(),
    destroy: () => void socket.destroy(),
  };
}

/** Sends one request on a connection of its own and returns the answer. */
export async function rawRequest(port: number, request: string | Uint8Array, toHead = false): Promise<RawMessage> {
  const connection = await openRaw(port);
  await connection.send(request);
  const answer = await connection.response(toHead);
  connection.destroy();
  return answer;
}

/** The message at the start of `bytes`, framed by Content-Length or chunks, or null while it is incomplete. */
export function readMessage(bytes: Buffer, noBody = false): RawMessage | null {
  const headEnd = bytes.indexOf("\r\n\r\n");
  if (headEnd < 0) return null;
  const [start = "", ...lines] = bytes.toString("latin1", 0, headEnd).split("\r\n");
  const headers = lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, "")] as const;
  });
  const value = (name: string): string | undefined => headers.find(([key]) => key.toLowerCase() === name)?.[1];
  const bodyStart = headEnd + 4;
  const done = (body: Buffer, end: number): RawMessage => ({ start, headers, body, wire: bytes.subarray(0, end) });
  if (noBody || /^HTTP\/1\.[01] (1..|204|304)/.test(start)) return done(Buffer.alloc(0), bodyStart);
  if (value("transfer-encoding")?.toLowerCase() === "chunked") {
    const chunked = readChunks(bytes, bodyStart);
    return chunked === null ? null : done(chunked.body, chunked.end);
  }
  const end = bodyStart + Number(value("content-length") ?? 0);
  return bytes.length < end ? null : done(bytes.subarray(bodyStart, end), end);
}

function readChunks(bytes: Buffer, start: number): { readonly body: Buffer; readonly end: number } | null {
  const parts: Buffer[] = [];
  for (let at = start; ; ) {
    const lineEnd = bytes.indexOf("\r\n", at);
    if (lineEnd < 0) return null;
    const size = Number.parseInt(bytes.toString("latin1", at, lineEnd), 16);
    at = lineEnd + 2;
    if (size === 0) {
      if (bytes.toString("latin1", at, at + 2) === "\r\n") return { body: Buffer.concat(parts), end: at + 2 };
      const trailersEnd = bytes.indexOf("\r\n\r\n", at);
      return trailersEnd < 0 ? null : { body: Buffer.concat(parts), end: trailersEnd + 4 };
    }
    if (bytes.length < at + size + 2) return null;
    parts.push(bytes.subarray(at, at + size));
    at += size + 2;
  }
}
