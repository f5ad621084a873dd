// Writes of which nobody knows what they changed: they named no documents, or their answer did not come. Elasticsearch is asked, by the
// numbers that it gave; where that does not tell, the index is reconciled. What a task carries out is asked for when the task has ended.
import type { MirrorNote } from "../../shared/exchange.ts";
import { readBulkRequest } from "../elasticsearch/bulk.ts";
import { route } from "../elasticsearch/route.ts";
import { changedDocuments } from "../journal/changed_documents.ts";
import type { JournalRow } from "../journal/messages.ts";
import { BY_QUERY, type ByQuery, parseByQuery } from "../mirror/by_query.ts";
import type { Mirror } from "../mirror/mirror.ts";
import { namesOf } from "../mirror/operations.ts";
import type { Log } from "../report/log.ts";
import { decoded, requestHeadOf, responseHeadOf } from "./journaled_write.ts";

/** What is kept in memory of such a write. */
export interface DoubtedWrite {
  readonly row: number;
  readonly exchange: number;
  /** Start of its request, epoch ms. */
  readonly time: number;
  /** Index expressions that it may have changed; "" for any. */
  readonly expressions: readonly string[];
  /** What a write by query said; null for another one, or where it said nothing. */
  readonly told: ByQuery | null;
  /** Documents that it changed, as far as its answer says. */
  readonly documents: number;
}

export interface AskedWrites {
  /** Mirrored now, or can't be; with what they changed, where they told. */
  readonly settled: readonly { readonly row: number; readonly exchange: number; readonly note: MirrorNote | null }[];
  /** Why the others are not: their tasks run on, or a server was away. */
  readonly left: "nothing" | "tasks" | "failed";
}

/** An index that lacks more than this beside what was told of, and half of its documents, was never mirrored whole: copying it is for the user to ask for. */
const LACKS_MOST = 100_000;
/** Elasticsearch's clock may be so much behind ours. */
const CLOCKS_APART_MS = 30_000;
const NOTHING = new Uint8Array(0);

/** What has to be known of a write whose outcome is not. */
export function doubtedWrite(write: JournalRow): DoubtedWrite {
  const { row, exchange, time } = write;
  return { row, exchange, time, expressions: expressionsOf(write), told: toldBy(write), documents: documentsOf(write) };
}

/** Makes the indices that these writes may have changed equal to Elasticsearch. Never throws. */
export async function askOfWrites(mirror: Mirror, writes: readonly DoubtedWrite[], log: Log, signal: AbortSignal): Promise<AskedWrites> {
  const asked: DoubtedWrite[] = [];
  for (const write of writes) {
    const told = await taskOf(mirror, write).catch(() => "failed" as const);
    if (told === "failed") return { settled: [], left: "failed" };
    asked.push({ ...write, told });
  }
  const ended = asked.filter(({ told }) => told === null || told.task === "");
  const left = ended.length < asked.length ? "tasks" : "nothing";
  if (ended.length === 0) return { settled: [], left };
  const since = Math.min(...ended.map(({ time }) => time)) - CLOCKS_APART_MS;
  const indices = await mirror.mirroredBy([...new Set(ended.flatMap(({ expressions }) => expressions))], since);
  if (typeof indices === "string") return { settled: [], left: "failed" };
  const changed = ended.reduce((sum, { told, documents }) => sum + (told === null ? documents : told.written + told.deleted), 0);
  for (const index of indices) if (!(await isMadeEqual(mirror, index, changed, log, signal))) return { settled: [], left: "failed" };
  return { settled: ended.map(({ row, exchange, told }) => ({ row, exchange, note: noteOf(told) })), left };
}

/** What a write by query has done by now: its task is asked where it runs on by itself. */
async function taskOf(mirror: Mirror, { told }: DoubtedWrite): Promise<ByQuery | null> {
  return told === null || told.task === "" ? told : mirror.task(told.task);
}

function toldBy(write: JournalRow): ByQuery | null {
  const { method, target } = requestHeadOf(write);
  const response = responseHeadOf(write);
  const body = write.answer?.body ?? null;
  if (!BY_QUERY.has(route(method, target).endpoint) || response === null || body === null) return null;
  return parseByQuery(decoded(response.headers, body) ?? NOTHING);
}

function documentsOf(write: JournalRow): number {
  const response = responseHeadOf(write);
  const body = write.answer?.body ?? null;
  if (response === null || body === null) return 0;
  return [...(changedDocuments(response.status, response.headers, body)?.values() ?? [])].reduce((sum, documents) => sum + documents, 0);
}

function noteOf(told: ByQuery | null): MirrorNote | null {
  if (told === null || told.written + told.deleted === 0) return null;
  return { indexed: told.written, deleted: told.deleted, failed: 0, notMirrored: 0, reason: "" };
}

/** False when it has to be tried again. What can't be mirrored, or is gone, is settled. */
async function isMadeEqual(mirror: Mirror, index: string, changed: number, log: Log, signal: AbortSignal): Promise<boolean> {
  const taken = await mirror.takeChanges(index, LACKS_MOST + changed, { signal });
  const result = taken.kind === "refused" ? await reconciled(mirror, index, changed, log, signal) : taken;
  if (result === "untold") return false;
  if (result === "left") return true;
  return result.kind === "failed" ? !result.again : result.kind !== "cancelled";
}

async function reconciled(mirror: Mirror, index: string, changed: number, log: Log, signal: AbortSignal) {
  try {
    const { elasticsearch, clickhouse } = await mirror.documents(index);
    const lacking = elasticsearch - clickhouse;
    if (lacking >= LACKS_MOST + changed && lacking >= elasticsearch / 2) return "left";
  } catch (error) {
    log.write("warn", `what was written to ${index} is not settled: ${String(error)}`);
    return "untold";
  }
  return mirror.reconcile(index, { signal });
}

/** Index expressions that a write may have changed; "" for any. */
function expressionsOf(row: JournalRow): readonly string[] {
  const { method, target, headers } = requestHeadOf(row);
  const routed = route(method, target);
  const body = row.body === null ? null : (decoded(headers, row.body) ?? NOTHING);
  if (BY_QUERY.has(routed.endpoint)) {
    const names = namesOf({ route: routed, body: body ?? NOTHING });
    return names.length === 0 ? [""] : names;
  }
  if (routed.endpoint !== "_bulk" || body === null) return [routed.index];
  try {
    const named = readBulkRequest(body).map(({ meta }) => (typeof meta._index === "string" ? meta._index : routed.index));
    return named.length === 0 ? [routed.index] : [...new Set(named)];
  } catch {
    return [routed.index];
  }
}
