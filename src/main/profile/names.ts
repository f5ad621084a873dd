// The names of profile files, and what they say: a profile is found again by nothing else. They are safe on every file system and in a
// terminal: a slash of a path is written `~`, whatever else is not a letter, digit, dot or underscore is left out.
import type { ProfileFormat, ProfileInfo } from "../../shared/profiles.ts";

/** What each format is called as a file, and served as. */
export const FORMAT_FILES: Readonly<Record<ProfileFormat, { readonly ending: string; readonly type: string }>> = {
  calltree: { ending: ".calltree", type: "text/plain; charset=utf-8" },
  pstats: { ending: ".pstats", type: "application/octet-stream" },
  cpuprofile: { ending: ".cpuprofile", type: "application/json" },
  pprof: { ending: ".pb.gz", type: "application/octet-stream" },
  heapprofile: { ending: ".heapprofile", type: "application/json" },
};

/** The ending of a run's file for Python, as its users know it. */
export const RUN_PSTATS = ".pstat";

const PATH_CHARACTERS = 100;

/** `20261122T164500123Z`: sorts as time does. */
export function stamp(time: Date): string {
  return time.toISOString().replace(/[-:.]/g, "");
}

/** The name of one call's profile. `exchange`: null or 0 for none. */
export function callName({
  time,
  method,
  target,
  exchange,
}: {
  readonly time: Date;
  readonly method: string;
  readonly target: string;
  readonly exchange: number | null;
}): string {
  const [path = ""] = target.replace(/^https?:\/\/[^/]*/i, "").split(/[?#]/, 1);
  const safe = path
    .replace(/^\/+/, "")
    .replaceAll("/", "~")
    .replace(/[^\w.~-]/g, "")
    .slice(0, PATH_CHARACTERS);
  const verb = method.replace(/\W/g, "").toUpperCase().slice(0, 20);
  return `${stamp(time)}-${verb}-${safe}${exchange === null || exchange === 0 ? "" : `-exchange${exchange}`}`;
}

/** The name of the profile of a pipe's run. */
export function runName(pipe: string, started: Date): string {
  return `${pipe.replace(/[^\w.-]/g, "")}-${stamp(started)}`;
}

/** The name of a recording of so many seconds. */
export function recordingName(kind: "cpu" | "heap", time: Date, seconds: number): string {
  return `${kind}-${seconds}s-${stamp(time)}`;
}

const STAMP = "(\\d{4})(\\d\\d)(\\d\\d)T(\\d\\d)(\\d\\d)(\\d\\d)(\\d{3})Z";
const CALL = new RegExp(`^${STAMP}-(\\w+)-(.*?)(?:-exchange(\\d+))?$`);
const RECORDING = new RegExp(`^(cpu|heap)-(\\d+)s-${STAMP}$`);
const RUN = new RegExp(`^(.+)-${STAMP}$`);

type Named = Pick<ProfileInfo, "origin" | "title" | "created" | "exchange" | "pipe">;

/** What a profile's name says; null for no name of a profile. */
export function readName(id: string): Named | null {
  const call = CALL.exec(id);
  if (call !== null) {
    const [, , , , , , , , method = "", path = "", exchange] = call;
    const title = `${method} /${path.replaceAll("~", "/")}`;
    return { origin: "call", title, created: timeOf(call, 1), exchange: exchange === undefined ? null : Number(exchange), pipe: null };
  }
  const recording = RECORDING.exec(id);
  if (recording !== null) {
    const [, kind, seconds = ""] = recording;
    const origin = kind === "heap" ? "heap" : "cpu";
    const title = `${origin === "heap" ? "Heap" : "CPU"}, ${seconds} s`;
    return { origin, title, created: timeOf(recording, 3), exchange: null, pipe: null };
  }
  const run = RUN.exec(id);
  if (run === null) return null;
  const pipe = run[1] ?? "";
  return { origin: "run", title: `Run of ${pipe}`, created: timeOf(run, 2), exchange: null, pipe };
}

function timeOf(match: RegExpExecArray, from: number): string {
  const [year, month, day, hour, minute, second, ms] = match.slice(from, from + 7);
  return `${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`;
}
