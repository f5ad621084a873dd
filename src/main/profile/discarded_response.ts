// A response that nobody gets: what is written to it is thrown away, as fast as it comes.
import { type IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";

export class DiscardedResponse extends ServerResponse {
  /** Resolves when all of it is written, or it was given up. */
  readonly over: Promise<void>;

  constructor(request: IncomingMessage) {
    super(request);
    this.over = new Promise((resolve) => {
      this.on("finish", () => resolve());
      this.on("close", () => resolve());
    });
    this.assignSocket(new Sink());
  }
}

type Written = (error?: Error | null) => void;

class Sink extends Socket {
  override _write(_chunk: unknown, _encoding: BufferEncoding, written: Written): void {
    written();
  }

  override _writev(_chunks: readonly unknown[], written: Written): void {
    written();
  }
}
