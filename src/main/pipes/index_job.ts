// Backfill and reconciliation of one index. Both are the same comparison, which copies what ClickHouse lacks and repairs what differs;
// a backfill is remembered until it is over. While a server is away both wait for it.
import { setTimeout as pause } from "node:timers/promises";
import type { PipeReport } from "../../shared/pipe.ts";
import type { Mirror } from "../mirror/mirror.ts";
import type { ReconcileOptions, ReconcileReport, Reconciliation } from "../mirror/reconcile/report.ts";
import type { Job, Outcome, Run } from "./job.ts";
import { sentenceOf } from "./sentence.ts";
import type { WantedBackfills } from "./wanted.ts";

type IndexJobKind = "backfill" | "reconcile";

export interface IndexRequest {
  readonly kind: IndexJobKind;
  readonly index: string;
  /** Most documents a second; null: as many as come. */
  readonly rate: number | null;
  /** Compares all documents' names and versions, not only their numbers. */
  readonly exact: boolean;
}

export interface IndexJobOptions extends Omit<IndexRequest, "rate"> {
  readonly cluster: string;
  /** The cluster's mirror; in words, why there is none now. */
  readonly mirror: () => Promise<Pick<Mirror, "reconcile"> | string>;
  readonly wanted: WantedBackfills;
  /** How soon it is tried again while a server is away, at first and at most. */
  readonly againMs?: { readonly first: number; readonly most: number };
}

const AGAIN_MS = { first: 1_000, most: 30_000 };
/** A comparison that found no end, with both servers there, is not begun for ever. */
const MOST_TRIES_WITHOUT_PROGRESS = 20;

export function pipeId(kind: IndexJobKind, index: string): string {
  return `${kind}-${index}`;
}

export function indexJob(options: IndexJobOptions): Job {
  const { kind, index, cluster, wanted } = options;
  const remember = kind === "backfill";
  return {
    id: pipeId(kind, index),
    kind,
    title: remember ? `Copies ${index} to ClickHouse` : `Compares ${index} and repairs what differs`,
    index,
    run: (run) => runIndex(options, run),
    changed: (how, rate) => {
      if (!remember) return;
      if (how === "begun") wanted.add({ cluster, index, rate });
      else if (how !== "left") wanted.remove({ cluster, index });
    },
  };
}

async function runIndex(options: IndexJobOptions, run: Run): Promise<Outcome> {
  const { index, againMs = AGAIN_MS } = options;
  let report: PipeReport = NOTHING;
  let idle = 0;
  for (let wait = againMs.first; ; wait = Math.min(wait * 2, againMs.most)) {
    const result = await once(options, run);
    report = "report" in result ? sum(report, result.report) : report;
    switch (result.kind) {
      case "equal":
        return { sentence: sentenceOf(report), report };
      case "refused":
        throw new Error(result.reason);
      case "cancelled":
        throw new Error(`The comparison of ${index} was cancelled.`);
      case "failed":
        idle = result.report.written + result.report.deleted > 0 ? 0 : idle + 1;
        if (!result.again || idle >= MOST_TRIES_WITHOUT_PROGRESS) throw new Error(result.reason);
        run.problem(`${result.reason} It is tried again in ${Math.ceil(wait / 1000)} s.`);
    }
    await pause(wait, undefined, { signal: run.signal });
    run.problem("");
  }
}

/** Stopping is not waited for where the comparison was begun by somebody else, who goes on with it. */
async function once({ index, exact, mirror }: IndexJobOptions, run: Run): Promise<Reconciliation> {
  const found = await mirror();
  run.signal.throwIfAborted();
  if (typeof found === "string") return { kind: "failed", reason: `${capital(found)}.`, again: true, report: { ...NOTHING, ranges: 0 } };
  const stopped = Promise.withResolvers<never>();
  const stop = (): void => stopped.reject(new Error("stopped"));
  run.signal.addEventListener("abort", stop);
  const reconciling: ReconcileOptions = {
    signal: run.signal,
    ...(run.rate === null ? {} : { documentsPerSecond: run.rate }),
    exact,
    onProgress: ({ pass, documents, expected, bytes, secondsLeft }) =>
      run.progress({ done: documents, total: expected, unit: "documents", bytes, secondsLeft, pass }),
  };
  return Promise.race([found.reconcile(index, reconciling), stopped.promise]).finally(() => run.signal.removeEventListener("abort", stop));
}

const NOTHING: PipeReport = Object.freeze({ compared: 0, missing: 0, surplus: 0, stale: 0, written: 0, deleted: 0, ms: 0 });

/** Of several tries; the documents compared are the last one's. */
function sum(before: PipeReport, { compared, missing, surplus, stale, written, deleted, ms }: ReconcileReport): PipeReport {
  return {
    compared,
    missing: before.missing + missing,
    surplus: before.surplus + surplus,
    stale: before.stale + stale,
    written: before.written + written,
    deleted: before.deleted + deleted,
    ms: before.ms + ms,
  };
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
