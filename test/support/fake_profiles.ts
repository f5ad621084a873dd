// Made-up profiles for the window's tests: a list that can be recorded into, read and removed from.
import { ContractFailure, type Handlers } from "../../src/main/contract/handlers.ts";
import type { ProfileInfo, ProfilerActivity } from "../../src/shared/profiles.ts";

const CPU = ["cpuprofile", "calltree", "pstats", "pprof"] as const;

const PROFILES: readonly ProfileInfo[] = [
  {
    id: "20261122T164502000Z-POST-flights~_search-exchange7",
    origin: "call",
    title: "POST /flights/_search",
    created: "2026-11-22T16:45:02.000Z",
    bytes: 18_400,
    formats: CPU,
    exchange: 7,
    pipe: null,
  },
  {
    id: "backfill-flights-20261122T164501000Z",
    origin: "run",
    title: "Run of backfill-flights",
    created: "2026-11-22T16:45:01.000Z",
    bytes: 912_000,
    formats: CPU,
    exchange: null,
    pipe: "backfill-flights",
  },
  {
    id: "heap-5s-20261122T164500000Z",
    origin: "heap",
    title: "Heap, 5 s",
    created: "2026-11-22T16:45:00.000Z",
    bytes: 44_000,
    formats: ["heapprofile", "pprof"],
    exchange: null,
    pipe: null,
  },
];

/** Two threads: one that works and one that waits, 3 samples of 1 ms. */
export const CPU_PROFILE = JSON.stringify({
  nodes: [
    { id: 1, callFrame: { functionName: "(root)", scriptId: "0", url: "", lineNumber: -1, columnNumber: -1 }, children: [2] },
    {
      id: 2,
      callFrame: { functionName: "translateSearch", scriptId: "1", url: "src/main/translate/search.ts", lineNumber: 10, columnNumber: 1 },
      children: [],
    },
  ],
  startTime: 0,
  endTime: 3000,
  samples: [2, 2, 1],
  timeDeltas: [1000, 1000, 1000],
});

type ProfileHandlers = Pick<
  Handlers,
  | "profiles.list"
  | "profiles.clean"
  | "profiler.get"
  | "profile.record"
  | "profile.stop"
  | "profile.get"
  | "profile.read"
  | "profile.remove"
>;

export class FakeProfiles {
  changed: () => void = () => {};
  activity: ProfilerActivity = { recording: null, runs: [] };
  #kept = PROFILES;

  readonly handlers: ProfileHandlers = {
    "profiles.list": () => this.#kept,
    "profiler.get": () => ({
      ...this.activity,
      calls: {
        on: true,
        folder: "/data/logs/api_profiler",
        problem: "",
        ...amountOf(this.#kept.filter(({ origin }) => origin === "call")),
      },
      total: amountOf(this.#kept),
    }),
    "profile.record": ({ kind, seconds }) => {
      const profile: ProfileInfo = {
        id: `${kind}-${seconds}s-20261122T164600000Z`,
        origin: kind,
        title: `${kind === "cpu" ? "CPU" : "Heap"}, ${seconds} s`,
        created: "2026-11-22T16:46:00.000Z",
        bytes: 120_000,
        formats: kind === "cpu" ? CPU : ["heapprofile", "pprof"],
        exchange: null,
        pipe: null,
      };
      this.#keep([profile, ...this.#kept]);
      return profile;
    },
    "profile.stop": () => {
      throw new ContractFailure("not_recording", "Nothing is being recorded.", 409);
    },
    "profile.get": ({ profile }) => this.#of(profile),
    "profile.read": ({ profile }) => {
      this.#of(profile);
      return { text: CPU_PROFILE, encoding: "utf8", totalBytes: CPU_PROFILE.length, next: null };
    },
    "profile.remove": ({ profile }) => {
      const { bytes } = this.#of(profile);
      this.#keep(this.#kept.filter(({ id }) => id !== profile));
      return { files: 1, bytes };
    },
    "profiles.clean": () => {
      const removed = amountOf(this.#kept.filter(({ origin }) => origin === "call"));
      this.#keep(this.#kept.filter(({ origin }) => origin !== "call"));
      return removed;
    },
  };

  #keep(profiles: readonly ProfileInfo[]): void {
    this.#kept = profiles;
    this.changed();
  }

  #of(id: string): ProfileInfo {
    const found = this.#kept.find((profile) => profile.id === id);
    if (found === undefined) throw new ContractFailure("no_profile", `There is no profile ${JSON.stringify(id)}, or it was removed.`, 404);
    return found;
  }
}

function amountOf(profiles: readonly ProfileInfo[]): { readonly files: number; readonly bytes: number } {
  return { files: profiles.length, bytes: profiles.reduce((sum, { bytes }) => sum + bytes, 0) };
}
