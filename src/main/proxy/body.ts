// Follows one body to its end, however it is framed. Passes its data to a sink, keeps none.
import { type BodySink, ChunkedBody } from "./chunked.ts";

export type Framing = "none" | "length" | "chunked" | "until close";

export class BodyReader {
  done = true;
  /** "" while all is well; else why the framing is refused. */
  problem = "";
  framing: Framing = "none";
  #remaining = 0;
  readonly #chunked = new ChunkedBody();

  /** `length` in octets, for framing "length" only. */
  begin(framing: Framing, length: number): void {
    this.framing = framing;
    this.problem = "";
    this.#remaining = length;
    this.done = framing === "none" || (framing === "length" && length === 0);
    if (framing === "chunked") this.#chunked.begin();
  }

  /** The connection ended, and with it a body that nothing else ends. */
  close(): void {
    if (this.framing === "until close") this.done = true;
  }

  /** Reads on from `at`; returns the offset after what belongs to the body. */
  read(chunk: Buffer, at: number, sink: BodySink): number {
    if (this.done || at >= chunk.length) return at;
    if (this.framing === "chunked") {
      const end = this.#chunked.read(chunk, at, sink);
      this.done = this.#chunked.done;
      this.problem = this.#chunked.problem;
      return end;
    }
    const end = this.framing === "length" ? Math.min(chunk.length, at + this.#remaining) : chunk.length;
    sink(chunk, at, end);
    if (this.framing === "length") {
      this.#remaining -= end - at;
      this.done = this.#remaining === 0;
    }
    return end;
  }
}
