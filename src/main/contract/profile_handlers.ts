// The contract's handlers of resource profiles: recorded, listed, read, removed.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { RequestName } from "../../shared/contract.ts";
import { isObject, type JsonValue, member } from "../../shared/json.ts";
import type { ProfileFormat, ProfileInfo } from "../../shared/profiles.ts";
import { messageOf } from "../../shared/thrown.ts";
import type { Engine } from "../engine.ts";
import { readCpuprofile } from "../profile/formats/cpuprofile.ts";
import { heapPprof } from "../profile/formats/heap_pprof.ts";
import { readHeapprofile } from "../profile/formats/heapprofile.ts";
import { FORMATS } from "../profile/formats/index.ts";
import type { KeptProfile } from "../profile/kept_profiles.ts";
import { FORMAT_FILES } from "../profile/names.ts";
import { ProfileNotKept, ProfilerRefusal } from "../profile/refusal.ts";
import { ContractFailure, type Handlers } from "./handlers.ts";
import type { SendRaw } from "./http_server.ts";

type ProfileRequestName = Extract<RequestName, `profile.${string}` | "profiles.list" | "profiles.clean" | "profiler.get">;

const LISTED = 1_000;
const MOST_SECONDS = 600;
const SLICE_BYTES = 1024 * 1024;

export function profileHandlers(engine: Engine): Pick<Handlers, ProfileRequestName> {
  const { profiler } = engine;
  return {
    "profiles.list": async ({ limit }) => (await profiler.kept.list(limit ?? LISTED)).map(infoOf),
    "profiler.get": async () => {
      const { calls, total } = await profiler.kept.amounts();
      const { everyCall, kept, problem } = profiler;
      return { ...profiler.activity, calls: { ...calls, on: everyCall.on, folder: kept.folder("call"), problem }, total };
    },
    "profile.record": async ({ kind, seconds }) => {
      if (seconds > MOST_SECONDS || (seconds === 0 && kind === "cpu")) {
        throw new ContractFailure("bad_request", `"seconds" is a whole number from 1 to ${MOST_SECONDS}; 0 for the heap as it is now.`);
      }
      return infoOf(await keptOf(engine, await profiler.byHand.record(kind, seconds).catch(refusedRecording)));
    },
    "profile.stop": async () => {
      const id = await profiler.byHand.stop().catch(refusedRecording);
      if (id === null) throw new ContractFailure("not_recording", "Nothing is being recorded that could be stopped.", 409);
      return infoOf(await keptOf(engine, id));
    },
    "profile.get": async ({ profile, format }) => {
      const found = await keptOf(engine, profile);
      formatOf(found, format);
      return infoOf(found);
    },
    "profile.read": async ({ profile, format, offset = 0 }) => {
      const found = await keptOf(engine, profile);
      const bytes = await bytesOf(found, formatOf(found, format));
      const slice = bytes.subarray(offset, offset + SLICE_BYTES);
      const next = offset + slice.length;
      return {
        text: slice.toString("base64"),
        encoding: "base64",
        totalBytes: bytes.length,
        next: next < bytes.length ? next : null,
      };
    },
    "profile.remove": async ({ profile }) => (await profiler.remove(profile)) ?? missing(profile),
    "profiles.clean": () => profiler.cleanCalls(),
  };
}

/** A profile as a file, in the format that `request` asks for. Throws ContractFailure. */
export async function profileFile(engine: Engine, request: JsonValue): ReturnType<SendRaw> {
  const asked = isObject(request) ? request : {};
  const id = String(member(asked, "profile") ?? "");
  const found = await keptOf(engine, id);
  const format = formatOf(found, member(asked, "format"));
  const { ending, type } = FORMAT_FILES[format];
  return { type, body: await bytesOf(found, format), file: found.id + ending };
}

/** A profile as it is kept, as text. Throws ContractFailure. */
export async function profileText(engine: Engine, id: string): Promise<{ readonly text: string; readonly info: ProfileInfo }> {
  const found = await keptOf(engine, id);
  return { text: Buffer.from(await bytesOf(found, formatOf(found, undefined))).toString("utf8"), info: infoOf(found) };
}

function infoOf({ id, origin, title, created, bytes, formats, exchange, pipe }: KeptProfile): ProfileInfo {
  return { id, origin, title, created, bytes, formats, exchange, pipe };
}

async function keptOf(engine: Engine, id: string): Promise<KeptProfile> {
  return (await engine.profiler.kept.find(id)) ?? missing(id);
}

function missing(id: string): never {
  throw new ContractFailure("no_profile", `There is no profile ${JSON.stringify(id)}, or it was removed.`, 404);
}

/** The format that is asked for, or the one that it is kept as. */
function formatOf({ id, formats }: KeptProfile, asked: JsonValue | undefined): ProfileFormat {
  const format = asked === undefined ? formats[0] : formats.find((one) => one === asked);
  if (format !== undefined) return format;
  throw new ContractFailure("no_format", `Profile ${id} can't be had as ${JSON.stringify(asked)}: it can as ${formats.join(", ")}.`);
}

async function bytesOf({ folder, files: [main = ""], id, formats }: KeptProfile, format: ProfileFormat): Promise<Buffer> {
  const bytes = await readFile(join(folder, main)).catch(() => missing(id));
  if (format === formats[0]) return bytes;
  try {
    return Buffer.from(converted(bytes.toString("utf8"), format));
  } catch (error) {
    throw new ContractFailure("no_format", `Profile ${id} can't be had as ${format}: ${main} is damaged (${messageOf(error)}).`);
  }
}

function converted(text: string, format: ProfileFormat): Uint8Array {
  if (format === "heapprofile") return Buffer.from(text);
  return "head" in JSON.parse(text) ? heapPprof(readHeapprofile(text), { measure: "inuse_space" }) : FORMATS[format](readCpuprofile(text));
}

/** Throws the ContractFailure of a recording that was refused or could not be kept, and anything else as it is. */
export function refusedRecording(error: unknown): never {
  if (error instanceof ProfilerRefusal) throw new ContractFailure("recording", error.message, error.why === "busy" ? 409 : 503);
  if (error instanceof ProfileNotKept) throw new ContractFailure("not_kept", error.message, 507);
  throw error;
}
