// CPU profiles in the formats that others read.
import type { ThreadProfile } from "../../../shared/profile.ts";
import type { CpuFormat } from "../../../shared/profiles.ts";
import { calltree } from "./calltree.ts";
import { cpuprofile } from "./cpuprofile.ts";
import { pprof } from "./pprof.ts";
import { pstats } from "./pstats.ts";

export type WriteProfile = (profiles: readonly ThreadProfile[]) => Uint8Array;

export const FORMATS: Readonly<Record<CpuFormat, WriteProfile>> = { calltree, pstats, cpuprofile, pprof };
