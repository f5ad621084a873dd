// Exchanges that are not on disk yet. What comes for one exchange within a batch is folded into one write.
import type { ExchangeDetail } from "../../shared/exchange.ts";
import type { BodiesToWrite, ExchangePatch } from "./types.ts";

export interface PendingWrite {
  readonly id: number;
  /** The whole record, or null when only a patch to a stored one. */
  readonly detail: ExchangeDetail | null;
  readonly patch: ExchangePatch;
  readonly bodies: BodiesToWrite;
}

// A record's row, headers and times, roughly; bodies and answers come on top.
const RECORD_BYTES = 2048;

export class PendingWrites {
  readonly #writes = new Map<number, PendingWrite>();
  #bytes = 0;

  get size(): number {
    return this.#writes.size;
  }

  /** Memory that is held, roughly. */
  get bytes(): number {
    return this.#bytes;
  }

  put(detail: ExchangeDetail, bodies: BodiesToWrite): void {
    const earlier = this.#writes.get(detail.id);
    this.#add({ id: detail.id, detail, patch: {}, bodies: { ...earlier?.bodies, ...bodies } }, detail, bodies);
  }

  update(id: number, patch: ExchangePatch, bodies: BodiesToWrite): void {
    const earlier = this.#writes.get(id);
    const merged = { ...earlier?.bodies, ...bodies };
    if (earlier?.detail) this.#add({ ...earlier, detail: { ...earlier.detail, ...patch }, bodies: merged }, patch, bodies);
    else this.#add({ id, detail: null, patch: { ...earlier?.patch, ...patch }, bodies: merged }, patch, bodies);
  }

  /** The oldest of them, at most `most`, in the order of their arrival; forgets them. */
  take(most = Number.POSITIVE_INFINITY): readonly PendingWrite[] {
    const all = [...this.#writes.values()];
    const taken = all.slice(0, most);
    this.clear();
    for (const write of all.slice(taken.length)) this.#add(write, write.detail ?? write.patch, write.bodies);
    return taken;
  }

  /** Puts a batch back that could not be written, under what has come since. */
  restore(writes: readonly PendingWrite[]): void {
    const since = this.take();
    for (const write of [...writes, ...since]) {
      if (write.detail === null) this.update(write.id, write.patch, write.bodies);
      else this.put(write.detail, write.bodies);
    }
  }

  clear(): void {
    this.#writes.clear();
    this.#bytes = 0;
  }

  #add(write: PendingWrite, news: ExchangePatch, bodies: BodiesToWrite): void {
    this.#writes.set(write.id, write);
    this.#bytes += newsBytes(news, bodies);
  }
}

/** Memory that a batch takes, roughly. */
export function bytesOf(writes: readonly PendingWrite[]): number {
  return writes.reduce((sum, { detail, patch, bodies }) => sum + newsBytes(detail ?? patch, bodies), 0);
}

function newsBytes(news: ExchangePatch, bodies: BodiesToWrite): number {
  const parts = news.searches ?? [];
  return (
    RECORD_BYTES +
    bodyBytes(bodies) +
    parts.reduce((sum, part) => sum + part.body.length + (part.clickhouse?.length ?? 0) + (part.second?.elasticsearch.length ?? 0), 0)
  );
}

function bodyBytes(bodies: BodiesToWrite): number {
  const { request, elasticsearch, clickhouse, sent, given } = bodies;
  return [request, elasticsearch, clickhouse, sent, given].reduce((sum, body) => sum + sizeOf(body), 0);
}

function sizeOf(body: BodiesToWrite["clickhouse"]): number {
  return body === undefined ? 0 : (body instanceof Uint8Array ? body : body.data).byteLength;
}
