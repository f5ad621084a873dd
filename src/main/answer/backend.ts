// What endpoints ask: the mirror and ClickHouse of one cluster, behind the interface that types.ts gives them.
import { shapeOf } from "../capture/shape.ts";
import type { Mirrored } from "../exchange/cluster_mirror.ts";
import { runSearch } from "../exchange/run_search.ts";
import { lookUpTables } from "../exchange/tables.ts";
import type { Backend, Found } from "./types.ts";

/** The backend of a request that came at `now` (epoch ms); one that is forced waits for the mirror rather than go elsewhere. */
export function backendOf({ mirror, clickhouse }: Mirrored, now: number, forced = false): Backend {
  const clock = (): number => performance.now();
  return {
    search: (search, options) =>
      runSearch(
        { tables: (own) => lookUpTables(mirror, own, { patient: forced }), run: (printed) => clickhouse.query(printed), clock },
        search,
        now,
        options,
      ),
    async tables(expression, params) {
      const lookup = await lookUpTables(mirror, { index: expression, params }, { patient: forced });
      return lookup.kind === "tables" ? { kind: "found", value: lookup.tables } : lookedUp(lookup);
    },
    async indices(expression, params) {
      const resolved = await mirror.resolve(expression, params);
      return resolved.kind === "indices" ? { kind: "found", value: resolved.indices } : lookedUp(resolved);
    },
    run: (printed) => clickhouse.query(printed),
    shapeOf: (search) => shapeOf(search.endpoint, search.index, search.body).hash,
  };
}

type NotFound = { readonly kind: "not_compared"; readonly reason: string } | Extract<Found<never>, { readonly kind: "rejected" }>;

function lookedUp(lookup: NotFound): Found<never> {
  return lookup.kind === "rejected" ? lookup : { kind: "declined", verdict: "not_compared", reason: lookup.reason };
}
