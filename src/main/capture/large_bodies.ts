// Large bodies on their way into a session: packed beside the thread, one after the other, and read from here until they are in the file.
import { promisify } from "node:util";
import { zstdCompress } from "node:zlib";
import type { ExchangeDetail } from "../../shared/exchange.ts";
import { PACKED, type Packed, worthwhile } from "./coding.ts";
import { headerOf } from "./rows.ts";
import type { BodiesToWrite, CapturedBodies } from "./types.ts";

/** Octets from which packing takes so long that others would notice. */
const LARGE_BYTES = 1024 * 1024;
/** The bodies that may be large: those of searches and their answers. */
const SIDES = ["request", "elasticsearch", "clickhouse"] as const;

export type LargeSide = (typeof SIDES)[number];

const compress = promisify(zstdCompress);

interface Waiting {
  readonly id: number;
  readonly side: LargeSide;
  readonly bytes: Uint8Array;
}

export class LargeBodies {
  readonly #packed: (id: number, bodies: BodiesToWrite) => void;
  readonly #waiting = new Map<string, Waiting>();
  #last: Promise<void> = Promise.resolve();

  /** `packed`: told of each that is ready to be written. */
  constructor(packed: (id: number, bodies: BodiesToWrite) => void) {
    this.#packed = packed;
  }

  /** Memory that is held. */
  get bytes(): number {
    return this.#waiting.values().reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
  }

  /** Takes the large ones and gives the others. `detail`: the exchange, where it comes with them; bodies that are coded stay as they are. */
  take(id: number, detail: ExchangeDetail | null, bodies: CapturedBodies): CapturedBodies {
    let others = bodies;
    for (const side of SIDES) {
      const bytes = bodies[side];
      if (bytes === undefined || bytes.byteLength < LARGE_BYTES || !isPlain(side, detail)) continue;
      const { [side]: _taken, ...rest } = others;
      others = rest;
      this.#take({ id, side, bytes });
    }
    return others;
  }

  get(id: number, side: string): Uint8Array | undefined {
    return this.#waiting.get(`${id} ${side}`)?.bytes;
  }

  /** Hands over what waits as it is: it is to be written at once. */
  settle(): void {
    for (const [key, waiting] of this.#waiting) this.#hand(key, waiting, { coding: "", data: waiting.bytes });
  }

  clear(): void {
    this.#waiting.clear();
  }

  #take(waiting: Waiting): void {
    const key = `${waiting.id} ${waiting.side}`;
    this.#waiting.set(key, waiting);
    this.#last = this.#last.then(async () => {
      if (this.#waiting.get(key) !== waiting) return;
      const data = await compress(waiting.bytes, PACKED).catch(() => waiting.bytes);
      const packed: Packed = worthwhile(data, waiting.bytes) ? { coding: "zstd", data } : { coding: "", data: waiting.bytes };
      if (this.#waiting.get(key) === waiting) this.#hand(key, waiting, packed);
    });
  }

  #hand(key: string, { id, side }: Waiting, packed: Packed): void {
    this.#waiting.delete(key);
    this.#packed(id, { [side]: packed });
  }
}

// Of an update alone ClickHouse's answer is known to have no coding.
function isPlain(side: LargeSide, detail: ExchangeDetail | null): boolean {
  if (side === "clickhouse") return true;
  const headers = side === "request" ? detail?.request.headers : detail?.response?.headers;
  return headers !== undefined && headerOf(headers, "content-encoding") === "";
}
