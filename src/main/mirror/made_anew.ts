// Whether a write that waited is of the very index that has its name now: one that was deleted and made anew meanwhile has nothing of
// it, and its numbers begin anew, so that the same numbers are other documents'. Elasticsearch says when an index was made, by the
// clock of its master, which is read beside ours.
import { isObject, member, numberAt } from "../../shared/json.ts";
import { ElasticsearchAway, type ElasticsearchClient } from "../elasticsearch/client.ts";

/** `before`: the write went to an index that is no more. `unclear`: the index was made while the write was carried out, by it or not. */
export type Standing = "same" | "before" | "unclear";

/** By how much Elasticsearch's clock is ahead of ours, ms. */
interface Ahead {
  readonly least: number;
  readonly most: number;
}

/** Where Elasticsearch does not tell its time. */
const UNTOLD: Ahead = Object.freeze({ least: -30_000, most: 30_000 });
/** Clocks are set now and then. */
const SLACK_MS = 1_000;
const READ_AGAIN_MS = 60_000;

export class MadeAnew {
  readonly #elasticsearch: ElasticsearchClient;
  #ahead: Promise<Ahead> | null = null;
  #readAt = 0;

  constructor(elasticsearch: ElasticsearchClient) {
    this.#elasticsearch = elasticsearch;
  }

  /** `created` by Elasticsearch's clock, 0 where it is not known; the others by ours. All epoch ms. Throws ElasticsearchAway. */
  async standing(created: number, began: number, acknowledged: number): Promise<Standing> {
    if (created === 0) return "same";
    return standingOf(created, await this.#read(), began, acknowledged);
  }

  #read(): Promise<Ahead> {
    if (this.#ahead === null || Date.now() - this.#readAt > READ_AGAIN_MS) {
      this.#readAt = Date.now();
      this.#ahead = readAhead(this.#elasticsearch);
      this.#ahead.catch(() => {
        this.#ahead = null;
      });
    }
    return this.#ahead;
  }
}

export function standingOf(created: number, { least, most }: Ahead, began: number, acknowledged: number): Standing {
  if (created - most - SLACK_MS > acknowledged) return "before";
  return created - least + SLACK_MS < began ? "same" : "unclear";
}

async function readAhead(elasticsearch: ElasticsearchClient): Promise<Ahead> {
  const asked = Date.now();
  try {
    const nodes = member(await elasticsearch.json("GET", "/_nodes/_master/stats/process?filter_path=nodes.*.timestamp"), "nodes");
    const [master] = isObject(nodes) ? Object.values(nodes) : [];
    const time = isObject(master) ? numberAt(master, "timestamp") : null;
    return time === null ? UNTOLD : { least: time - Date.now(), most: time - asked };
  } catch (error) {
    if (error instanceof ElasticsearchAway) throw error;
    return UNTOLD;
  }
}
