// Which tables a search reads, and whether both sides must hold the same documents by now.
import { lagText } from "../mirror/lag.ts";
import type { Mirror } from "../mirror/mirror.ts";
import type { OpenWrites } from "./open_writes.ts";
import type { TableLookup } from "./run_search.ts";
import type { SearchRequest } from "./search_request.ts";

/** How long a search waits for the writes that were acknowledged before it. */
const CATCH_UP_MS = 10_000;
/** A little less for what waits in the journal: it is still to be told what is there. */
const PATIENT_MS = 9_000;
/** A busy Elasticsearch shows what was written so much later than it is to. */
const LATE_MS = 30_000;
/** A refresh that is due takes a moment. */
const REFRESH_SLACK_MS = 500;

/**
 * The tables of a search, once the mirror has caught up; or why it can't be compared, at the latest after ten seconds. `patient`: what
 * waits in the journal is waited for too.
 */
export async function lookUpTables(
  mirror: Mirror,
  search: Pick<SearchRequest, "index" | "params">,
  { patient = false }: { readonly patient?: boolean } = {},
): Promise<TableLookup> {
  const limit = Promise.withResolvers<TableLookup>();
  const reason = `mirror behind: ClickHouse has not told what it holds of ${search.index || "_all"} within ${CATCH_UP_MS / 1000} s`;
  const timer = setTimeout(() => limit.resolve({ kind: "not_compared", reason }), CATCH_UP_MS);
  return Promise.race([caughtUpTables(mirror, search, patient), limit.promise]).finally(() => clearTimeout(timer));
}

async function caughtUpTables(mirror: Mirror, search: Pick<SearchRequest, "index" | "params">, patient: boolean): Promise<TableLookup> {
  const deadline = Date.now() + PATIENT_MS;
  for (;;) {
    if (patient) await mirror.replayed(search.index, search.params, deadline - Date.now());
    const lookup = await handedOverTables(mirror, search);
    // What a write by query changed is asked for once its answer was read: only then does it wait in the journal.
    const again = patient && lookup.kind === "not_compared" && Date.now() < deadline;
    if (!again || !(await mirror.waits(search.index, search.params))) return lookup;
  }
}

async function handedOverTables(mirror: Mirror, search: Pick<SearchRequest, "index" | "params">): Promise<TableLookup> {
  // Whether all is there is asked once what is on its way is in.
  const resolved = await mirror.resolve(search.index, search.params);
  if (resolved.kind !== "indices") return resolved;
  const names = resolved.indices.map(({ name }) => name);
  if (!(await mirror.caughtUp(names, { deadlineMs: CATCH_UP_MS }))) {
    return {
      kind: "not_compared",
      reason: `mirror behind: ${lagText(mirror.lag(names))}writes to ${names.join(", ")} have not reached ClickHouse within ${CATCH_UP_MS / 1000} s`,
    };
  }
  // A write that did not get through is in the journal one turn later.
  await new Promise((resolve) => setImmediate(resolve));
  // The tables as they are now that the writes are in: columns and overwrites may be new.
  return mirror.tables(search.index, search.params);
}

/**
 * "" when Elasticsearch must have seen the very documents that ClickHouse has; else why that is open. `time` is the start
 * of the search, epoch ms; `tookMs` its whole duration.
 */
export function unsettledReason(
  { mirror, openWrites }: { readonly mirror: Pick<Mirror, "lastWrite">; readonly openWrites: Pick<OpenWrites, "changing"> },
  indices: readonly string[],
  time: number,
  tookMs: number,
): string {
  const changing = openWrites.changing(indices, time + tookMs);
  if (changing !== "") return `writes to ${changing} went on while it was searched`;
  for (const index of indices) {
    const last = mirror.lastWrite(index);
    if (last === null) continue;
    if (last.time > time) return `writes to ${index} went on while it was searched`;
    if (!last.refreshed && time + tookMs - last.time < last.shownWithinMs + REFRESH_SLACK_MS) {
      return `refresh pending: ${index} was written ${Math.round(time - last.time)} ms before, and Elasticsearch may not have shown that yet`;
    }
  }
  return "";
}

/** "" or which index was written so shortly before that a busy Elasticsearch may not have shown it, although it was due. As unsettledReason. */
export function lateReason(mirror: Pick<Mirror, "lastWrite">, indices: readonly string[], time: number, tookMs: number): string {
  for (const index of indices) {
    const last = mirror.lastWrite(index);
    if (last === null || last.refreshed || time + tookMs - last.time >= last.shownWithinMs + LATE_MS) continue;
    return `refresh pending: ${index} was written ${Math.round(time - last.time)} ms before, and a busy Elasticsearch may be late to show that`;
  }
  return "";
}
