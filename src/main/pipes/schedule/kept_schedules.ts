// The schedules, in a file of the data folder: what is due goes on being due after the next start, in front of the same cluster and no other.
import { isObject, type JsonObject, type JsonValue, member, numberAt } from "../../../shared/json.ts";
import type { MissedRuns, Schedule, ScheduledRun } from "../../../shared/schedule.ts";
import { KeptList } from "../kept_list.ts";
import { timesOf } from "./times.ts";

export interface KeptSchedule {
  readonly cluster: string;
  readonly pipe: string;
  readonly schedule: Schedule;
  /** Where intervals are counted from, epoch ms. */
  readonly made: number;
  /** What was due until then is over: it ran, or was missed. Epoch ms. */
  readonly seen: number;
  /** Epoch ms; `ends` null: by itself. null: no run is on. */
  readonly running: { readonly since: number; readonly ends: number | null } | null;
  readonly last: ScheduledRun | null;
  readonly missed: MissedRuns | null;
}

export class KeptSchedules {
  readonly #list: KeptList<KeptSchedule>;

  /** `problem` is told when the file can't be read or written: then nothing is remembered. */
  constructor(file: string, problem: (message: string) => void) {
    this.#list = new KeptList({ file, name: "schedules", entryOf, problem, loss: "no schedule goes on" });
  }

  of(cluster: string): readonly KeptSchedule[] {
    return this.#list.all().filter((entry) => entry.cluster === cluster);
  }

  one(cluster: string, pipe: string): KeptSchedule | null {
    return this.of(cluster).find((entry) => entry.pipe === pipe) ?? null;
  }

  put(entry: KeptSchedule): void {
    const all = this.#list.all();
    const isIt = (other: KeptSchedule): boolean => other.cluster === entry.cluster && other.pipe === entry.pipe;
    this.#list.replace(all.some(isIt) ? all.map((other) => (isIt(other) ? entry : other)) : [...all, entry]);
  }

  remove(cluster: string, pipe: string): void {
    this.#list.replace(this.#list.all().filter((entry) => entry.cluster !== cluster || entry.pipe !== pipe));
  }
}

function entryOf(value: JsonValue): KeptSchedule | null {
  if (!isObject(value)) return null;
  const schedule = partAt(value, "schedule");
  const [cluster, pipe] = [textAt(value, "cluster"), textAt(value, "pipe")];
  const [made, seen] = [numberAt(value, "made"), numberAt(value, "seen")];
  if (schedule === null || cluster === undefined || pipe === undefined || made === null || seen === null) return null;
  const read = scheduleOf(schedule);
  if (typeof timesOf(read) === "string") return null;
  const running = partAt(value, "running");
  const since = running === null ? null : numberAt(running, "since");
  return {
    cluster,
    pipe,
    schedule: read,
    made,
    seen,
    running: running === null || since === null ? null : { since, ends: numberAt(running, "ends") },
    last: runOf(partAt(value, "last")),
    missed: missedOf(partAt(value, "missed")),
  };
}

function scheduleOf(value: JsonObject): Schedule {
  const texts = (["every", "at", "from", "to", "for", "url", "filter"] as const).map((name) => [name, textAt(value, name)] as const);
  const numbers = (["rate", "speed"] as const).map((name) => [name, numberAt(value, name) ?? undefined] as const);
  const flags = (["profiler", "exact"] as const).map((name) => [name, member(value, name) === true ? true : undefined] as const);
  return Object.fromEntries([...texts, ...numbers, ...flags].filter(([, given]) => given !== undefined));
}

function runOf(value: JsonObject | null): ScheduledRun | null {
  if (value === null) return null;
  const [started, ended, sentence] = [textAt(value, "started"), textAt(value, "ended"), textAt(value, "sentence")];
  if (started === undefined || ended === undefined || sentence === undefined) return null;
  return { started, ended, ok: member(value, "ok") === true, sentence };
}

function missedOf(value: JsonObject | null): MissedRuns | null {
  if (value === null) return null;
  const [count, last, why] = [numberAt(value, "count"), textAt(value, "last"), textAt(value, "why")];
  return count === null || last === undefined || why === undefined ? null : { count, last, why };
}

function partAt(value: JsonObject, name: string): JsonObject | null {
  const found = member(value, name);
  return isObject(found) ? found : null;
}

function textAt(value: JsonObject, name: string): string | undefined {
  const found = member(value, name);
  return typeof found === "string" ? found : undefined;
}
