// What a request that changes the schema does to the mirror: tables of removed indices go, and what is known of all others is asked again.
import type { MirrorNote } from "../../shared/exchange.ts";
import type { Catalog } from "./catalog.ts";
import { expressionNames } from "./expression.ts";
import type { OpenIndices } from "./open_indices.ts";
import type { WriteRequest } from "./operations.ts";
import type { Pending } from "./pending_writes.ts";
import { removedBy } from "./removals.ts";
import { unmirrored } from "./written.ts";

/** Resolves when the tables are as they are to be; the note of what may have changed documents beside, else null. */
export async function changeSchema(
  request: WriteRequest,
  pending: Pending,
  { catalog, indices }: { readonly catalog: Catalog; readonly indices: OpenIndices },
): Promise<MirrorNote | null> {
  const { route, status } = request;
  if (status === 0 || status >= 300) return null;
  catalog.forget();
  const removed = removedBy(request);
  const met = [...indices.met.keys()];
  const meant = met.filter((name) => (removed === null ? expressionNames(route.index, name) : removed(name) !== "no"));
  pending.indices = route.index === "" ? null : new Set([route.index, ...meant]);
  // An alias or a template may stand behind any name: all are asked again when they are next used.
  for (const index of indices.open.values()) index.form.stale();
  if (removed !== null) {
    await Promise.all(meant.map((name) => indices.drop(name, removed(name))));
    await indices.dropTables(removed);
  }
  if (route.effect !== "counted") return null;
  for (const index of indices.open.values()) index.completeness.doubt();
  return unmirrored(route.how);
}
