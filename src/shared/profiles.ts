// Resource profiles as the window, the API and the terminal see them. Plain data.

/** What a CPU profile is given as. `pstats`: for Python's `pstats`. `calltree`: for KCachegrind. `cpuprofile`: for Chrome. `pprof`: for `go tool pprof`. */
export const CPU_FORMATS = ["calltree", "pstats", "cpuprofile", "pprof"] as const;
export type CpuFormat = (typeof CPU_FORMATS)[number];
/** `heapprofile`: for Chrome. Only a heap profile is given as it, and as `pprof`. */
export type ProfileFormat = CpuFormat | "heapprofile";

/** `cpu`, `heap`: recorded by hand. `call`: of one handled call (`--enable-api-profiler`). `run`: of a pipe's run. */
export type ProfileOrigin = "cpu" | "heap" | "call" | "run";

/** One profile that is kept in the logs folder. */
export interface ProfileInfo {
  /** The name of its files without their ending. */
  readonly id: string;
  readonly origin: ProfileOrigin;
  /** `POST /flights/_search`, `Run of backfill-flights`, `CPU, 10 s`. */
  readonly title: string;
  /** ISO 8601. */
  readonly created: string;
  /** All its files. */
  readonly bytes: number;
  /** What it can be had as; the first is what it is kept as. */
  readonly formats: readonly ProfileFormat[];
  /** The exchange whose call it is of; null for none. */
  readonly exchange: number | null;
  /** The pipe whose run it is of; null for none. */
  readonly pipe: string | null;
}

/** What is being recorded now. */
export interface ProfilerActivity {
  /** One at a time; `call` is the one that a request's header asked for. null: none. */
  readonly recording: {
    readonly kind: "cpu" | "heap" | "call";
    readonly title: string;
    /** ISO 8601. */
    readonly since: string;
    /** When it ends by itself, ISO 8601; null where that is not known. */
    readonly until: string | null;
  } | null;
  /** Pipes whose run is being profiled, and since when. */
  readonly runs: readonly { readonly pipe: string; readonly since: string }[];
}

export interface ProfilerState extends ProfilerActivity {
  /** Every handled call, by `--enable-api-profiler`. `problem`: "" or why calls have no profile now. */
  readonly calls: Kept & { readonly on: boolean; readonly folder: string; readonly problem: string };
  /** All profiles together. */
  readonly total: Kept;
}

interface Kept {
  readonly files: number;
  readonly bytes: number;
}
