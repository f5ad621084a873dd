// Trying again while a server is away: ClickHouse restarts within seconds, Elasticsearch within a minute.
import { ClickHouseAway } from "../clickhouse/failure.ts";
import { ElasticsearchAway } from "../elasticsearch/client.ts";

const GIVE_UP_MS = 60_000;
const AGAIN_MS = 250;

/** Runs `work` again for up to a minute while it fails because a server is away; any other failure is thrown at once. */
export async function whileAway<T>(work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + GIVE_UP_MS;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const away = error instanceof ClickHouseAway || error instanceof ElasticsearchAway;
      if (!away || Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}
