// Requests and latencies of the last hour, in buckets: of those that are over only their figures are kept.
import type { TimeBucket } from "../../shared/statistics.ts";
import { Measuring } from "./measure.ts";

export const BUCKET_MS = 10_000;
const BUCKETS = 360;

interface Open {
  readonly time: number;
  readonly elasticsearch: Measuring;
  readonly clickhouse: Measuring;
  count: number;
  failed: number;
}

export class OverTime {
  #over: readonly TimeBucket[] = [];
  #open: Open | null = null;

  /** A request that is over. `ms` null: Elasticsearch did not answer it. */
  request(now: number, failed: boolean, ms: number | null, status: number): void {
    const open = this.#at(now);
    open.count += 1;
    if (failed) open.failed += 1;
    if (ms !== null) open.elasticsearch.add(status, ms);
  }

  clickhouse(now: number, ms: number): void {
    this.#at(now).clickhouse.add(200, ms);
  }

  read(now: number): readonly TimeBucket[] {
    const since = now - BUCKETS * BUCKET_MS;
    return [...this.#over, ...(this.#open === null ? [] : [closed(this.#open)])].filter(({ time }) => time > since);
  }

  #at(now: number): Open {
    const time = Math.floor(now / BUCKET_MS) * BUCKET_MS;
    // A clock that was put back belongs to the bucket that is open.
    if (this.#open !== null && time <= this.#open.time) return this.#open;
    if (this.#open !== null) this.#over = [...this.#over.slice(1 - BUCKETS), closed(this.#open)];
    this.#open = { time, elasticsearch: new Measuring(), clickhouse: new Measuring(), count: 0, failed: 0 };
    return this.#open;
  }
}

function closed({ time, count, failed, elasticsearch, clickhouse }: Open): TimeBucket {
  const figures = (measuring: Measuring) => ({ p50: measuring.percentile(50), p95: measuring.percentile(95) });
  return { time, count, failed, elasticsearch: figures(elasticsearch), clickhouse: figures(clickhouse) };
}
