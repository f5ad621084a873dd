// A session like a busy day's: searches of sixty shapes over forty indices, writes and documents by id; each with its bodies.
import { setImmediate as turn } from "node:timers/promises";
import type { Session } from "../../src/main/capture/index.ts";
import type { ExchangeDetail, Verdict } from "../../src/shared/exchange.ts";
import { bytes, exchange, part } from "../main/capture/records.ts";

const VERDICTS: readonly Verdict[] = ["equal", "equal", "equal", "equivalent", "equivalent", "unsupported", "not_compared"];

/** The exchange of that number; its `time` is one of the test's. */
export function nth(id: number): ExchangeDetail {
  const app = `app-${id % 40}`;
  if (id % 5 === 0)
    return exchange(id, { method: "POST", path: `/${app}/_bulk`, endpoint: "_bulk", index: app, kind: "write", note: "mirrored 5" });
  if (id % 7 === 0)
    return exchange(id, {
      method: "GET",
      path: `/${app}/_doc/${id}`,
      endpoint: "_doc",
      index: app,
      kind: "get",
      status: id % 3 === 0 ? 404 : 200,
    });
  const verdict = id % 501 === 0 ? "different" : (VERDICTS[id % VERDICTS.length] ?? "equal");
  const shape = `shape${id % 60}`;
  const search = { ...part(0, verdict, { index: app, shape, clickhouseMs: 5 }), clickhouse: ANSWER };
  return exchange(id, {
    path: `/${app}/_search?size=0`,
    index: app,
    verdict,
    shape,
    clickhouseMs: 5,
    searches: [search],
    client: `kibana ${id % 9}`,
  });
}

const ANSWER = JSON.stringify({
  took: 3,
  hits: { total: { value: 10_000, relation: "gte" }, hits: [] },
  aggregations: { a: { buckets: Array.from({ length: 12 }, (_, key) => ({ key, doc_count: key * 97 })) } },
});
const REQUEST = bytes(
  '{"size":0,"query":{"bool":{"filter":[{"range":{"@timestamp":{"gte":"now-15m"}}}]}},"aggs":{"a":{"terms":{"field":"host"}}}}',
);

/** The bodies of each of them. */
export const BODIES = Object.freeze({ request: REQUEST, elasticsearch: bytes(ANSWER) });

/** Puts exchanges 1 to `exchanges`, the first at `since` and one each `everyMs`; `watch` is called after each. */
export async function fillSession(
  session: Session,
  exchanges: number,
  since: number,
  everyMs: number,
  watch: (id: number) => void,
): Promise<void> {
  for (let id = 1; id <= exchanges; id += 1) {
    session.put({ ...nth(id), time: since + id * everyMs }, BODIES);
    if (id % 1000 === 0) await turn();
    watch(id);
  }
  session.flush();
}
