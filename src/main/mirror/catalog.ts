// Which indices an expression means, as Elasticsearch itself resolves it (aliases, wildcards, exclusions, data streams, date
// math), remembered for a short while and until the schema changes.
import { messageOf } from "../../shared/thrown.ts";
import { ElasticsearchAway, type ElasticsearchClient, ElasticsearchRefused } from "../elasticsearch/client.ts";
import type { Rejected } from "../translate/types.ts";
import { expressionNames } from "./expression.ts";
import { type IndexDescription, readDescriptions } from "./index_description.ts";

export type Resolved =
  | { readonly kind: "indices"; readonly indices: readonly IndexDescription[]; readonly time: number }
  /** `indices`: those that are meant, where that is known all the same. */
  | { readonly kind: "not_compared"; readonly reason: string; readonly indices?: readonly IndexDescription[] }
  | { readonly kind: "rejected"; readonly error: Rejected };

const KEPT_MS = 10_000;
const MOST_KEPT = 500;
/** Parameters that change which indices are meant. */
const PARAMS = ["ignore_unavailable", "allow_no_indices", "expand_wildcards"] as const;

export class Catalog {
  readonly #elasticsearch: ElasticsearchClient;
  /** The last answers, for while Elasticsearch is away. */
  readonly #known = new Map<string, Resolved>();
  readonly #kept = new Map<string, { readonly until: number; readonly resolved: Promise<Resolved> }>();

  constructor(elasticsearch: ElasticsearchClient) {
    this.#elasticsearch = elasticsearch;
  }

  /** Called when indices, aliases or mappings may have changed. */
  forget(): void {
    this.#kept.clear();
  }

  /** Never throws for Elasticsearch's sake: away is "not compared". */
  resolve(expression: string, params: ReadonlyMap<string, string>): Promise<Resolved> {
    const kept = this.#kept.get(pathOf(expression, params));
    if (kept !== undefined && kept.until > Date.now()) return kept.resolved;
    return this.resolveNow(expression, params);
  }

  /** The same by a look that begins now: for who must see an index that a write made by the way, a script's or a pipeline's. */
  resolveNow(expression: string, params: ReadonlyMap<string, string>): Promise<Resolved> {
    const path = pathOf(expression, params);
    if (this.#kept.size >= MOST_KEPT) this.#kept.clear();
    const resolved = this.#ask(path, expression);
    this.#kept.set(path, { until: Date.now() + KEPT_MS, resolved });
    return resolved;
  }

  /** One index by its own name; undefined when there is none. Throws ElasticsearchAway and ElasticsearchRefused. */
  async describe(index: string): Promise<IndexDescription | undefined> {
    try {
      const answer = await this.#elasticsearch.json("GET", `/${encodeURIComponent(index)}`);
      return readDescriptions(answer).find(({ name }) => name === index);
    } catch (error) {
      if (error instanceof ElasticsearchRefused && error.status === 404) return undefined;
      throw error;
    }
  }

  async #ask(path: string, expression: string): Promise<Resolved> {
    if (/(^|,)[^<,]*:/.test(expression)) return { kind: "not_compared", reason: `${expression} names another cluster` };
    const time = Date.now();
    try {
      const indices = readDescriptions(await this.#elasticsearch.json("GET", path));
      const narrow = narrowedBy(indices, expression);
      if (narrow !== "") return { kind: "not_compared", reason: `alias ${narrow} shows only some documents of its indices`, indices };
      const resolved: Resolved = { kind: "indices", indices: indices.toSorted((a, b) => (a.name < b.name ? -1 : 1)), time };
      if (this.#known.size >= MOST_KEPT) this.#known.clear();
      this.#known.set(path, resolved);
      return resolved;
    } catch (error) {
      this.#kept.delete(path);
      const known = this.#known.get(path);
      if (error instanceof ElasticsearchAway && known !== undefined) return known;
      if (error instanceof ElasticsearchRefused && error.status === 404) return notFound(error.message, expression);
      return { kind: "not_compared", reason: messageOf(error) };
    }
  }
}

function pathOf(expression: string, params: ReadonlyMap<string, string>): string {
  const query = PARAMS.filter((name) => params.has(name)).map((name) => `${name}=${encodeURIComponent(params.get(name) ?? "")}`);
  return `/${encodeURIComponent(expression === "" ? "_all" : expression)}${query.length === 0 ? "" : `?${query.join("&")}`}`;
}

/** The first alias with a filter or a routing through which an index is reached; "" when there is none. */
function narrowedBy(indices: readonly IndexDescription[], expression: string): string {
  for (const { name, aliases } of indices) {
    if (expressionNames(expression, name)) continue;
    const through = aliases.find((alias) => alias.narrowed && expressionNames(expression, alias.name));
    if (through !== undefined) return through.name;
  }
  return "";
}

function notFound(message: string, expression: string): Resolved {
  const reason = /no such index \[[^\]]*\]/.exec(message)?.[0] ?? `no such index [${expression}]`;
  return { kind: "rejected", error: { status: 404, errorType: "index_not_found_exception", reason } };
}
