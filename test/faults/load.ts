// A client that writes: bulks that index, create, update and delete, under ids of its own and under those that Elasticsearch gives.
import type { Random } from "../support/random.ts";

/** Bulks over a growing set of documents; about one of seven changes an earlier one. One without an answer is sent again, as clients do. */
export class Load {
  readonly index: string;
  readonly #random: Random;
  #next = 0;
  /** Requests that Elasticsearch answered with 200, their items that it took, and those that it refused. */
  requests = 0;
  acknowledged = 0;
  refused = 0;
  /** Documents that were not there before. */
  created = 0;
  /** Requests whose outcome the client does not know. */
  unknown = 0;
  /** Requests that were one of those again. */
  resent = 0;
  readonly ms: number[] = [];
  readonly #unanswered: string[] = [];

  constructor(index: string, random: Random) {
    this.index = index;
    this.#random = random;
  }

  bulk(actions: number): string {
    return Array.from({ length: actions }, () => this.#action()).join("");
  }

  /** Sends one, or first what had no answer; false when no answer came. */
  async send(url: string, actions: number): Promise<boolean> {
    const again = this.#unanswered.shift();
    if (again !== undefined) this.resent += 1;
    const body = again ?? this.bulk(actions);
    const started = performance.now();
    try {
      const response = await fetch(`${url}/${this.index}/_bulk?filter_path=${FILTER}`, {
        method: "POST",
        headers: { "content-type": "application/x-ndjson" },
        body,
        signal: AbortSignal.timeout(60_000),
      });
      const text = await response.text();
      if (response.status !== 200) throw new Error(`${response.status} ${text.slice(0, 200)}`);
      const statuses = [...text.matchAll(/"status":(\d+)/g)].map(([, status]) => Number(status));
      this.requests += 1;
      this.acknowledged += statuses.filter((status) => status < 300).length;
      this.refused += statuses.filter((status) => status >= 300).length;
      this.created += text.split('"result":"created"').length - 1;
      this.ms.push(performance.now() - started);
      return true;
    } catch {
      this.unknown += 1;
      this.#unanswered.push(body);
      return false;
    }
  }

  #action(): string {
    const random = this.#random;
    const kind = random.below(20);
    const earlier = `{"_id":"d${random.below(this.#next + 1)}"}`;
    if (kind === 0) return `{"delete":${earlier}}\n`;
    if (kind === 1) return `{"update":${earlier}}\n{"doc":{"n":${random.below(1000)}},"doc_as_upsert":true}\n`;
    if (kind === 2) return `{"create":${earlier}}\n${this.#document()}\n`;
    if (kind < 6) return `{"index":{}}\n${this.#document()}\n`;
    this.#next += 1;
    return `{"index":{"_id":"d${this.#next}"}}\n${this.#document()}\n`;
  }

  #document(): string {
    const random = this.#random;
    const when = new Date(1_700_000_000_000 + random.below(10_000_000) * 1000).toISOString();
    return `{ "n":${random.below(1000)}, "kind":"k${random.below(9)}", "text":"word${random.below(50)} \\u00e9", "price":${random.below(900)}.10, "when":"${when}" }`;
  }
}

/** The items as Elasticsearch gives them, without what no mirror needs. */
const FILTER = "items,errors";

/** What an index of such documents is made with. */
export function indexBody(shards: number): string {
  const properties = {
    n: { type: "integer" },
    kind: { type: "keyword" },
    text: { type: "text" },
    price: { type: "double" },
    when: { type: "date" },
  };
  return JSON.stringify({ settings: { number_of_shards: shards, number_of_replicas: 0 }, mappings: { properties } });
}

/** The value below which so many of a hundred lie. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? 0;
}
