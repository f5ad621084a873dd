// Asks a server again and again until it is there.
import { ElasticsearchAway, type ElasticsearchClient, ElasticsearchRefused } from "../../elasticsearch/client.ts";
import { pause } from "../../pause.ts";
import type { GeneratorRun } from "./generator.ts";

const WAIT_MS = 2_000;
const NOT_FOUND = 404;
const TOO_MANY = 429;

/** null where the signal came first. Throws what is no absence. */
export async function whenThere<T>(asked: () => Promise<T>, { signal, problem }: GeneratorRun): Promise<T | null> {
  while (!signal.aborted) {
    try {
      const answer = await asked();
      problem("");
      return answer;
    } catch (error) {
      if (!isAway(error)) throw error;
      problem(error.message);
      await pause(WAIT_MS, signal);
    }
  }
  return null;
}

/** Whether an index or a data stream of that name is there. Throws ElasticsearchAway, ElasticsearchRefused. */
export async function isThere(client: ElasticsearchClient, index: string): Promise<boolean> {
  const { status } = await client.request("HEAD", `/${encodeURIComponent(index)}`);
  if (status >= 400 && status !== NOT_FOUND) throw new ElasticsearchRefused(status, `HEAD /${index} gave ${status}`);
  return status < 400;
}

/** The proxy says 502 where it reaches nobody. */
function isAway(error: unknown): error is Error {
  return (
    error instanceof ElasticsearchAway || (error instanceof ElasticsearchRefused && (error.status === TOO_MANY || error.status >= 500))
  );
}
