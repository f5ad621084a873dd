// CPU profiles in the formats that others read.
import type { ThreadProfile } from "../../../shared/profile.ts";
import type { CpuFormat } from "../../../shared/profiles.ts";
import { calltree } from "./calltree.ts";
import { cpuprofile } from "./cpuprofile.ts";
import { pprof } from "./pprof.ts";
import { pstats } from "./pstats.ts";

/** `started`: epoch ms, of formats that tell it. */
export type WriteProfile = (profiles: readonly ThreadProfile[], when?: { readonly started?: number }) => Uint8Array;

export const FORMATS: Readonly<Record<CpuFormat, WriteProfile>> = { calltree, pstats, cpuprofile, pprof };
