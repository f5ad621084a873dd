// `/debug/pprof/`: resource profiles as Go's programs serve them, so that `go tool pprof` and whatever else knows them can ask for ours.
import type { IncomingMessage, ServerResponse } from "node:http";
import { CPU_FORMATS, type CpuFormat } from "../../shared/profiles.ts";
import { messageOf } from "../../shared/thrown.ts";
import { pause } from "../pause.ts";
import { heapPprof } from "../profile/formats/heap_pprof.ts";
import type { HeapSampling } from "../profile/heap_sampling.ts";
import { FORMAT_FILES } from "../profile/names.ts";
import type { Profiler } from "../profile/profiler.ts";
import { startRecording } from "../profile/recording.ts";
import { ProfilerRefusal } from "../profile/refusal.ts";
import { ContractFailure } from "./handlers.ts";
import { pprofIndex } from "./pprof_index.ts";

const PPROF = "/debug/pprof";
const INTERVAL_US = 1_000;
/** Where `seconds` is not given. */
const CPU_SECONDS = 30;
const ALLOCATIONS_SECONDS = 10;
const MOST_SECONDS = 600;

/** Who makes the profiles. */
export type ProfileMaker = Pick<Profiler, "activity" | "alone" | "heap">;

interface Asked {
  readonly profiler: ProfileMaker;
  readonly query: URLSearchParams;
  /** The client does not wait any more. */
  readonly gone: AbortSignal;
}

interface Profile {
  readonly file: string;
  readonly type: string;
  readonly body: Uint8Array;
}

const PROFILES: Readonly<Record<string, (asked: Asked) => Promise<Profile>>> = { profile: cpu, heap, allocs };
/** What Go has under another name here. */
const ELSEWHERE: Readonly<Record<string, string>> = { threads: "/api/status/stacktrace", goroutine: "/api/status/stacktrace" };

export function isPprof(path: string): boolean {
  return path === PPROF || path.startsWith(`${PPROF}/`);
}

/** Answers a call of `/debug/pprof…`; a client that hangs up ends the recording. Throws ContractFailure. */
export async function sendPprof(profiler: ProfileMaker, path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== "GET" && request.method !== "HEAD") throw new ContractFailure("method", `GET ${path} only.`, 405);
  const name = path.slice(PPROF.length + 1);
  if (path === PPROF) return redirect(response, `${PPROF}/`);
  if (name === "") return sendIndex(profiler, request.headers.host ?? "", response);
  if (Object.hasOwn(ELSEWHERE, name)) return redirect(response, ELSEWHERE[name] ?? "");
  const make = Object.hasOwn(PROFILES, name) ? PROFILES[name] : undefined;
  if (make === undefined) {
    throw new ContractFailure("not_found", `There is no profile ${JSON.stringify(name)}; ${PPROF}/ lists what there is.`, 404);
  }
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  const query = new URLSearchParams((request.url ?? "").split("?", 2)[1] ?? "");
  // A look at the headers records nothing.
  const profile = request.method === "HEAD" ? null : await make({ profiler, query, gone: gone.signal }).catch(refused);
  if (gone.signal.aborted) return;
  if (profile === null) return void response.writeHead(200, { "content-type": FORMAT_FILES.pprof.type }).end();
  response.writeHead(200, {
    "content-type": profile.type,
    "content-length": profile.body.byteLength,
    "content-disposition": `attachment; filename="${profile.file}"`,
  });
  response.end(profile.body);
}

async function cpu({ profiler, query, gone }: Asked): Promise<Profile> {
  const seconds = secondsOf(query) ?? CPU_SECONDS;
  const format = formatOf(query);
  return profiler.alone({ kind: "cpu", title: `${PPROF}/profile, ${seconds} s`, until: after(seconds) }, async () => {
    const recording = await startRecording({ intervalUs: INTERVAL_US });
    await pause(seconds * 1000, gone);
    if (!gone.aborted) return { ...fileOf("profile", format), body: await recording.write(format) };
    // Nobody waits for it: the next one is not to, either.
    void recording.stop().catch(() => {});
    return { ...fileOf("profile", format), body: new Uint8Array() };
  });
}

async function heap({ profiler, query, gone }: Asked): Promise<Profile> {
  const seconds = secondsOf(query);
  const sampling = samplingOf(profiler);
  const collected = ["1", "true"].includes(query.get("gc") ?? "");
  if (seconds === null) return { ...fileOf("heap", "pprof"), body: heapPprof(await sampling.live(collected), { measure: "inuse_space" }) };
  return profiler.alone({ kind: "heap", title: `${PPROF}/heap, ${seconds} s`, until: after(seconds) }, async () => {
    const before = await sampling.live(collected);
    await pause(seconds * 1000, gone);
    const body = heapPprof(await sampling.live(collected), { measure: "inuse_space", before, durationMs: seconds * 1000 });
    return { ...fileOf("heap", "pprof"), body };
  });
}

async function allocs({ profiler, query, gone }: Asked): Promise<Profile> {
  const seconds = secondsOf(query) ?? ALLOCATIONS_SECONDS;
  const sampling = samplingOf(profiler);
  return profiler.alone({ kind: "heap", title: `${PPROF}/allocs, ${seconds} s`, until: after(seconds) }, async () => {
    const heaps = await sampling.allocated(seconds * 1000, gone);
    return { ...fileOf("allocs", "pprof"), body: heapPprof(heaps, { measure: "alloc_space", durationMs: seconds * 1000 }) };
  });
}

function samplingOf({ heap: sampling }: ProfileMaker): HeapSampling {
  if (sampling === null) throw new ProfilerRefusal("unable", "The threads' heaps are not sampled: V8's inspector can't be had here.");
  return sampling;
}

function secondsOf(query: URLSearchParams): number | null {
  const text = query.get("seconds");
  if (text === null) return null;
  const seconds = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (seconds >= 1 && seconds <= MOST_SECONDS) return seconds;
  throw new ContractFailure("bad_seconds", `seconds is ${JSON.stringify(text)}; it must be a whole number from 1 to ${MOST_SECONDS}.`);
}

function formatOf(query: URLSearchParams): CpuFormat {
  const text = query.get("format") ?? "pprof";
  const format = CPU_FORMATS.find((each) => each === text);
  if (format !== undefined) return format;
  throw new ContractFailure("no_format", `format is ${JSON.stringify(text)}; there are ${CPU_FORMATS.join(", ")}.`);
}

function fileOf(name: string, format: CpuFormat): Omit<Profile, "body"> {
  const { ending, type } = FORMAT_FILES[format];
  return { file: `${name}${ending}`, type };
}

function after(seconds: number): string {
  return new Date(Date.now() + seconds * 1000).toISOString();
}

function refused(error: unknown): never {
  if (error instanceof ContractFailure) throw error;
  if (error instanceof ProfilerRefusal) throw new ContractFailure("recording", error.message, error.why === "busy" ? 409 : 503);
  throw new ContractFailure("recording", `The profile could not be made: ${messageOf(error)}`, 503);
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(302, { location }).end();
}

function sendIndex(profiler: ProfileMaker, host: string, response: ServerResponse): void {
  response.setHeader("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'");
  response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
  response.end(pprofIndex({ host, threads: profiler.heap?.threads ?? [], recording: profiler.activity.recording }));
}
