// Other people's writes to an index while it is searched: new documents, overwrites and deletes in bulk, refreshes, merges.
import type { Random } from "./random.ts";
import { type Engines, send } from "./two_engines.ts";

const WRITES_AT_ONCE = 40;

export interface Disturbance {
  /** Ends the writing; resolves with how many writes Elasticsearch took. */
  stop(): Promise<number>;
}

/** Writes to `index` without a pause until it is stopped. `documents`: JSON texts that fit its mapping; their places are the first ids. */
export function disturb(engines: Engines, index: string, documents: readonly string[], random: Random): Disturbance {
  let stopped = false;
  let written = 0;
  const run = async (): Promise<number> => {
    for (let round = 0; !stopped; round += 1) {
      const lines = Array.from({ length: WRITES_AT_ONCE }, () => writeOf(documents, random));
      await send(engines, "POST", `/${index}/_bulk`, lines.join(""));
      written += WRITES_AT_ONCE;
      await send(engines, "POST", `/${index}/_refresh`, "");
      if (round % 20 === 19) await send(engines, "POST", `/${index}/_forcemerge?max_num_segments=1`, "");
    }
    return written;
  };
  const running = run();
  return {
    stop: () => {
      stopped = true;
      return running;
    },
  };
}

function writeOf(documents: readonly string[], random: Random): string {
  const source = documents[random.below(documents.length)] ?? "{}";
  const old = String(random.below(documents.length));
  const turn = random.next();
  if (turn < 0.2) return `{"delete":{"_id":"${old}"}}\n`;
  if (turn < 0.4) return `{"update":{"_id":"${old}"}}\n{"doc":${source},"doc_as_upsert":true}\n`;
  return `{"index":{"_id":"${turn < 0.7 ? old : `new-${random.below(10_000)}`}"}}\n${source}\n`;
}
