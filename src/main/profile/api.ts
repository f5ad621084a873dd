// The header by which a call asks for its own profile in its response's stead, and the file that it gets.
import type { ThreadProfile } from "../../shared/profile.ts";
import { CPU_FORMATS, type CpuFormat } from "../../shared/profiles.ts";
import { FORMATS } from "./formats/index.ts";
import { callName, FORMAT_FILES } from "./names.ts";

/** As HTTP compares names. */
export const PROFILER_HEADER = "parallax-api-profiler";

/** The format that the header's value names; null for none that there is. */
export function formatAsked(value: string): CpuFormat | null {
  return CPU_FORMATS.find((format) => format === value.trim().toLowerCase()) ?? null;
}

/** What is wrong with a value that names no format. */
export function notAFormat(value: string): string {
  return `The header PARALLAX-API-PROFILER says ${JSON.stringify(value)}; there are ${CPU_FORMATS.join(", ")}. The call was not made.`;
}

/** A call that was profiled. */
export interface ProfiledCallFacts {
  readonly time: Date;
  readonly method: string;
  readonly target: string;
  /** 0 for none. */
  readonly exchange: number;
  /** Of the response that was discarded; 0 where there was none. */
  readonly status: number;
}

export interface CallFile {
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
}

/** The profile of a call as it is sent, such that `curl -O -J` saves it by its name. */
export function callFile(call: ProfiledCallFacts, format: CpuFormat, threads: readonly ThreadProfile[]): CallFile {
  const { ending, type } = FORMAT_FILES[format];
  return {
    headers: [
      ["content-type", type],
      ["content-disposition", `attachment; filename="${callName(call)}${ending}"`],
      ["x-parallax-status", String(call.status)],
      ...(call.exchange === 0 ? [] : [["x-parallax-exchange", String(call.exchange)] as const]),
    ],
    body: FORMATS[format](threads),
  };
}
