// Trying again while a server is away: ClickHouse restarts within seconds, Elasticsearch within a minute.
import { ClickHouseAway, ClickHouseRefused } from "../clickhouse/failure.ts";
import { ElasticsearchAway, ElasticsearchRefused } from "../elasticsearch/client.ts";

const GIVE_UP_MS = 60_000;
const AGAIN_MS = 250;
/**
 * ClickHouse's codes for "not now": too many parts, too many queries, no memory left, no room on the disk (a reserved one, or one that
 * a write met), too slow, given up by the server or its network.
 */
const NOT_NOW: ReadonlySet<number> = new Set([252, 202, 241, 243, 75, 159, 209, 210, 236, 394]);
/** Statuses of Elasticsearch for "not now": too much at once, or it has just started and knows of no index yet. */
const NOT_NOW_STATUS: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Runs `work` again for up to a minute while it fails because a server is away or overloaded; any other failure is thrown at once. */
export async function whileAway<T>(work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + GIVE_UP_MS;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error) || Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}

/** True for a failure that time mends: a server is away or overloaded. */
export function isPassing(error: unknown): boolean {
  if (error instanceof ClickHouseAway || error instanceof ElasticsearchAway) return true;
  if (error instanceof ElasticsearchRefused) return NOT_NOW_STATUS.has(error.status);
  return error instanceof ClickHouseRefused && NOT_NOW.has(error.code);
}
