// What lives between requests: results of async searches and open scrolls, by ids of our own, each until its time is over.
import { randomUUID } from "node:crypto";

const MOST = 500;

/**
 * What ids of ours begin with. Elasticsearch reads an id octet by octet as it decodes it: of one that begins with letters it takes the
 * first for a length and asks for as much memory, which ends the node (tried: 9.4.3). The tilde is in no base64: it refuses at once.
 */
export function idPrefix(kind: "async" | "pit" | "scroll"): string {
  return `~parallax-${kind}-`;
}

export class Contexts<T> {
  readonly #prefix: string;
  readonly #clock: () => number;
  readonly #kept = new Map<string, { readonly value: T; until: number }>();

  /** `prefix` tells our ids from Elasticsearch's. `clock`: epoch ms. */
  constructor(prefix: string, clock: () => number = Date.now) {
    this.#prefix = prefix;
    this.#clock = clock;
  }

  isOurs(id: string): boolean {
    return id.startsWith(this.#prefix);
  }

  /** The id of what is kept for `keepMs`; the oldest goes when there are too many. */
  keep(value: T, keepMs: number): string {
    this.#sweep();
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= MOST && oldest !== undefined) this.#kept.delete(oldest);
    const id = this.#prefix + randomUUID();
    this.#kept.set(id, { value, until: this.#clock() + keepMs });
    return id;
  }

  /** What is kept, and until when (epoch ms); undefined once its time is over. `keepMs` begins its time anew. */
  get(id: string, keepMs: number | null = null): { readonly value: T; readonly until: number } | undefined {
    this.#sweep();
    const kept = this.#kept.get(id);
    if (kept !== undefined && keepMs !== null) kept.until = this.#clock() + keepMs;
    return kept;
  }

  /** True when it was there. */
  remove(id: string): boolean {
    return this.#kept.delete(id);
  }

  ids(): readonly string[] {
    this.#sweep();
    return [...this.#kept.keys()];
  }

  #sweep(): void {
    const now = this.#clock();
    for (const [id, { until }] of this.#kept) if (until <= now) this.#kept.delete(id);
  }
}

const UNITS: Readonly<Record<string, number>> = { nanos: 1e-6, micros: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A time value (`5m`, `100ms`) in ms; null when it is none. */
export function timeValue(text: string): number | null {
  const found = /^(\d+)(nanos|micros|ms|s|m|h|d)$/.exec(text.trim());
  if (found === null) return /^(0|-1)$/.test(text.trim()) ? 0 : null;
  return Number(found[1]) * (UNITS[found[2] ?? "ms"] ?? 1);
}
