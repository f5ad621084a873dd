// A stack trace of everything: our threads, the system's, ClickHouse's and Elasticsearch's. Each part is bounded in time; one that can't be
// had says why, and the rest is there all the same.
import { messageOf } from "../../../shared/thrown.ts";
import type { Access } from "../../clickhouse/client.ts";
import type { TlsTrust } from "../../proxy/upstream.ts";
import { placeOf } from "../source_names.ts";
import { type ClickHouseStacks, readClickHouse } from "./clickhouse_stacks.ts";
import { type HotThreads, readElasticsearch } from "./elasticsearch_stacks.ts";
import type { Place } from "./js_stack.ts";
import { readSystemThreads, type SystemThread } from "./system_threads.ts";
import { readThreads, type ThreadStacks } from "./thread_stacks.ts";

/** How the backends are reached; or, in words, why there is nothing to ask. */
export interface Backends {
  readonly elasticsearch: { readonly url: string; readonly trust: TlsTrust } | string;
  readonly clickhouse: Access | string;
}

export type Part<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

export interface StackTrace {
  readonly time: Date;
  /** What it was made for, in words. */
  readonly why: string;
  readonly threads: readonly ThreadStacks[];
  readonly ms: number;
  /** `now`: share of one processor while the threads were sampled. null: the system does not tell. */
  readonly system: readonly (SystemThread & { readonly now: number })[] | null;
  readonly clickhouse: Part<ClickHouseStacks>;
  readonly elasticsearch: Part<HotThreads>;
}

const THREADS_MS = 4_000;
const BACKEND_MS = 5_000;
/** For what hangs before its own limit counts, as the look-up of a name. */
const GRACE_MS = 1_000;
const SAMPLES = 5;
const EVERY_MS = 20;

/** Takes about 0.2 s, at most 6 s. Never rejects. */
export async function takeStackTrace(why: string, { elasticsearch, clickhouse }: Backends): Promise<StackTrace> {
  const time = new Date();
  const started = performance.now();
  const before = readSystemThreads();
  const [threads, ofClickHouse, ofElasticsearch] = await Promise.all([
    readThreads({ limitMs: THREADS_MS, samples: SAMPLES, everyMs: EVERY_MS, locate }).then(async (read) => ({
      read,
      seconds: (performance.now() - started) / 1000,
      after: await readSystemThreads(),
    })),
    part("ClickHouse", typeof clickhouse === "string" ? clickhouse : readClickHouse(clickhouse, BACKEND_MS)),
    part(
      "Elasticsearch",
      typeof elasticsearch === "string" ? elasticsearch : readElasticsearch(elasticsearch.url, elasticsearch.trust, BACKEND_MS),
    ),
  ]);
  return {
    time,
    why,
    threads: threads.read,
    system: withShares((await before) ?? [], threads.after, threads.seconds),
    clickhouse: ofClickHouse,
    elasticsearch: ofElasticsearch,
    ms: performance.now() - started,
  };
}

function locate({ file, line, column }: Place): Place {
  const found = placeOf({ url: file, line: line - 1, column: column - 1 });
  return { file: found.url, line: found.line + 1, column: found.column + 1 };
}

async function part<T>(name: string, work: Promise<T> | string): Promise<Part<T>> {
  if (typeof work === "string") return { ok: false, why: work };
  const late = Promise.withResolvers<Part<T>>();
  const limit = BACKEND_MS + GRACE_MS;
  const timer = setTimeout(() => late.resolve({ ok: false, why: `${name} did not answer within ${limit / 1000} s.` }), limit);
  const read = work.then(
    (value): Part<T> => ({ ok: true, value }),
    (error: unknown): Part<T> => ({ ok: false, why: messageOf(error) }),
  );
  return Promise.race([read, late.promise]).finally(() => clearTimeout(timer));
}

function withShares(before: readonly SystemThread[], after: readonly SystemThread[] | null, seconds: number): StackTrace["system"] {
  if (after === null) return null;
  const earlier = new Map(before.map((thread) => [thread.id, thread.seconds]));
  return after
    .map((thread) => ({ ...thread, now: Math.min(1, (thread.seconds - (earlier.get(thread.id) ?? thread.seconds)) / seconds) }))
    .toSorted((a, b) => b.now - a.now || b.seconds - a.seconds);
}
