// Whether both sides have the same documents of an index, by their number and by the sum of their sequence numbers: the same number of
// documents may be others, of which an earlier session missed a change.
import type { ElasticsearchClient } from "../elasticsearch/client.ts";
import { readStatistics } from "./statistics.ts";
import type { Store } from "./store.ts";
import { liveNumbers } from "./table.ts";
import { sameNumbers, visibleNumbers } from "./visible_documents.ts";

export interface BothSides {
  readonly clickhouse: Store;
  readonly elasticsearch: ElasticsearchClient;
  readonly database: string;
}

/** `on the way`: as many documents as are apart are on their way. `behind`: more are apart. `apart`: nothing is on its way. */
export type Agreement =
  | { readonly kind: "equal" | "on the way" | "behind" }
  | { readonly kind: "apart"; readonly theirs: number; readonly ours: number };

const POLL_MS = 50;

/** Elasticsearch counts what is visible: asked again until both sides agree, or the deadline has come. Throws what the engines throw. */
export async function agreementOn(
  { clickhouse, elasticsearch, database }: BothSides,
  name: string,
  { deadline, onTheWay }: { readonly deadline: number; readonly onTheWay: () => number },
): Promise<Agreement> {
  for (let refreshed = false; ; await pause()) {
    const own = await liveNumbers(clickhouse, database, name);
    const visible = await visibleNumbers(elasticsearch, name);
    // Nested objects are among the documents of the statistics.
    const theirs = visible?.documents ?? (await readStatistics(elasticsearch, name)).documents;
    const ours = own.documents;
    if (visible === null ? ours === theirs : sameNumbers(visible, own)) return { kind: "equal" };
    const coming = onTheWay();
    // What was acknowledged after the search that asks waits for its end.
    if (coming > 0 && Math.abs(theirs - ours) <= coming) return { kind: "on the way" };
    if (Date.now() > deadline) return coming > 0 ? { kind: "behind" } : { kind: "apart", theirs, ours };
    if (theirs !== ours || refreshed) continue;
    // A change of a document that is there may be of a moment ago.
    await elasticsearch.json("POST", `/${encodeURIComponent(name)}/_refresh`);
    refreshed = true;
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, POLL_MS));
}
