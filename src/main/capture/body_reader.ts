// Bodies out of a session, decoded, in slices that a window can take. One decoded body is remembered: slices of a large one
// come one after the other.
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { promisify } from "node:util";
import { zstdDecompress } from "node:zlib";
import type { BodySide } from "../../shared/contract.ts";
import { decodeContent, isText, LARGEST_DECODED, unpack, wholeSequences } from "./coding.ts";
import { partOf, type Row, text } from "./rows.ts";
import { BODIES_PER_EXCHANGE, BODY_SIDES, OTHER_BODIES_PER_EXCHANGE, OTHER_BODY_SIDES, PARTS_PER_EXCHANGE } from "./schema.ts";
import type { BodySlice } from "./types.ts";

const SLICE_BYTES = 1024 * 1024;
/** Packed octets that take some 10 ms to unpack. */
const LARGE_PACKED = 512 * 1024;
const decompress = promisify(zstdDecompress);

const NO_BODY: BodySlice = Object.freeze({ text: "", encoding: "utf8", totalBytes: 0, next: null });

interface Decoded {
  readonly id: number;
  readonly side: BodySide;
  readonly bytes: Uint8Array;
  readonly isText: boolean;
}

export class BodyReader {
  readonly #body: StatementSync;
  readonly #other: StatementSync;
  readonly #parts: StatementSync;
  #last: Decoded | null = null;
  #changes = 0;

  constructor(db: DatabaseSync) {
    this.#body = db.prepare("SELECT * FROM bodies WHERE id = ?");
    this.#other = db.prepare("SELECT * FROM other_bodies WHERE id = ?");
    this.#parts = db.prepare("SELECT * FROM parts WHERE id BETWEEN ? AND ? ORDER BY id");
  }

  /** At most 1 MiB of a body from byte `offset` of its decoded form; empty where there is none. `unwritten`: the body, not in the file yet. */
  slice(id: number, side: BodySide, offset: number, unwritten?: Uint8Array): BodySlice {
    const body = unwritten === undefined ? this.#decoded(id, side) : this.#remember(id, side, unwritten);
    if (body === null) return NO_BODY;
    const { bytes } = body;
    const start = Math.max(0, Math.min(Math.trunc(offset), bytes.byteLength));
    const wanted = Math.min(start + SLICE_BYTES, bytes.byteLength);
    const whole = body.isText && wanted < bytes.byteLength ? wholeSequences(bytes, wanted) : wanted;
    // Bytes that are not UTF-8 after all still get through.
    const end = whole > start ? whole : wanted;
    const piece = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
    const encoding = body.isText ? "utf8" : "base64";
    return { text: piece.toString(encoding), encoding, totalBytes: bytes.byteLength, next: end < bytes.byteLength ? end : null };
  }

  /** The whole body as it was sent, content coding kept; null where there is none. */
  raw(id: number, side: BodySide): Uint8Array | null {
    const row = this.#row(id, side);
    return row?.data instanceof Uint8Array ? unpack(text(row.coding), row.data) : null;
  }

  /** The whole body with its content coding undone; null where there is none. */
  decoded(id: number, side: BodySide): Uint8Array | null {
    return this.#decoded(id, side)?.bytes ?? null;
  }

  /** Forgets what is remembered of an exchange that has changed. */
  forget(id: number): void {
    this.#changes += 1;
    if (this.#last?.id === id) this.#last = null;
  }

  #decoded(id: number, side: BodySide): Decoded | null {
    if (this.#last?.id === id && this.#last.side === side) return this.#last;
    const bytes = this.#stored(id, side) ?? (side === "clickhouse" ? this.#answerOfParts(id) : null);
    return bytes === null ? null : this.#remember(id, side, bytes);
  }

  #remember(id: number, side: BodySide, bytes: Uint8Array): Decoded {
    if (this.#last?.bytes === bytes) return this.#last;
    const body: Decoded = { id, side, bytes, isText: isText(bytes) };
    this.#last = bytes.byteLength > SLICE_BYTES && bytes.byteLength <= LARGEST_DECODED ? body : null;
    return body;
  }

  /** Unpacks a large body beside the thread, for `slice`: what is remembered then needs no unpacking. */
  async prepare(id: number, side: BodySide): Promise<void> {
    if (this.#last?.id === id && this.#last.side === side) return;
    const row = this.#row(id, side);
    if (!(row?.data instanceof Uint8Array) || row.coding !== "zstd" || row.data.byteLength < LARGE_PACKED || row.content_encoding !== "")
      return;
    const changes = this.#changes;
    const bytes = await decompress(row.data);
    if (this.#changes === changes) this.#remember(id, side, bytes);
  }

  #stored(id: number, side: BodySide): Uint8Array | null {
    const row = this.#row(id, side);
    if (!(row?.data instanceof Uint8Array)) return null;
    return decodeContent(unpack(text(row.coding), row.data), text(row.content_encoding), row.truncated === 1);
  }

  #row(id: number, side: BodySide): Row | undefined {
    if (side === "sent" || side === "given") return this.#other.get(id * OTHER_BODIES_PER_EXCHANGE + OTHER_BODY_SIDES[side]);
    return this.#body.get(id * BODIES_PER_EXCHANGE + BODY_SIDES[side]);
  }

  // ClickHouse's answer is made of its parts, as Elasticsearch's answer to an `_msearch` is.
  #answerOfParts(id: number): Uint8Array | null {
    const rows = this.#parts.all(id * PARTS_PER_EXCHANGE, (id + 1) * PARTS_PER_EXCHANGE - 1);
    const answers = rows.filter((row) => row.data !== null).map((row) => partOf(row).clickhouse);
    if (answers.every((answer) => answer === null)) return null;
    if (answers.length === 1) return Buffer.from(answers[0] ?? "");
    return Buffer.from(`{"responses":[${answers.map((answer) => answer ?? "null").join(",")}]}`);
  }
}
