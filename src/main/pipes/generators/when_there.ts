// Asks a server again and again until it is there.
import { ElasticsearchAway } from "../../elasticsearch/client.ts";
import { pause } from "../../pause.ts";
import type { GeneratorRun } from "./generator.ts";

const WAIT_MS = 2_000;

/** null where the signal came first. Throws what is no absence. */
export async function whenThere<T>(asked: () => Promise<T>, { signal, problem }: GeneratorRun): Promise<T | null> {
  while (!signal.aborted) {
    try {
      const answer = await asked();
      problem("");
      return answer;
    } catch (error) {
      if (!(error instanceof ElasticsearchAway)) throw error;
      problem(error.message);
      await pause(WAIT_MS, signal);
    }
  }
  return null;
}
