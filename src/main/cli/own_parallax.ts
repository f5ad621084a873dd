// A Parallax of a verb's own, in this process: free ports, a data folder that is removed afterwards.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messageOf } from "../../shared/thrown.ts";
import { freePort } from "../clickhouse/free_port.ts";
import { BadOption } from "../config/json_file.ts";
import { readServeOptions, type ServeOptions } from "../config/options.ts";
import { serveEngine } from "../contract/serve_engine.ts";
import { Engine } from "../engine.ts";
import { openLog } from "../report/log.ts";
import { within } from "../time_limit.ts";
import { RunningParallax, VerbFailure } from "./running_parallax.ts";
import { packageFolder, version } from "./version.ts";

const STOP_MS = 10_000;

export interface OwnParallax {
  readonly parallax: RunningParallax;
  stop(): Promise<void>;
}

export interface OwnOptions {
  readonly elasticsearch: string;
  /** URL; null: an embedded one. */
  readonly clickhouse: string | null;
  /** File of what is said of the rules of the comparison; null: nothing is. */
  readonly verdictRules: string | null;
}

/** Starts one. Throws VerbFailure. */
export async function startOwnParallax(own: OwnOptions): Promise<OwnParallax> {
  const data = await mkdtemp(join(tmpdir(), "parallax-compare-"));
  try {
    const engine = new Engine(await optionsOf(own, data), openLog(join(data, "logs", "parallax.log")));
    const served = await serveEngine(engine, join(packageFolder(), "out", "renderer"), version());
    const stop = async (): Promise<void> => {
      await within(served.stop(), STOP_MS);
      await rm(data, { recursive: true, force: true });
    };
    return { parallax: new RunningParallax(served.interface.port, served.token), stop };
  } catch (error) {
    await rm(data, { recursive: true, force: true });
    if (error instanceof VerbFailure) throw error;
    throw new VerbFailure(error instanceof BadOption ? 2 : 3, messageOf(error));
  }
}

async function optionsOf({ elasticsearch, clickhouse, verdictRules }: OwnOptions, data: string): Promise<ServeOptions> {
  const flags = ["--elasticsearch", elasticsearch, "--data", data, "--no-open", "--no-intercept", "--mode", "compare"];
  if (clickhouse !== null) flags.push("--clickhouse", clickhouse);
  if (verdictRules !== null) flags.push("--verdict-rules", verdictRules);
  const options = readServeOptions(flags, process.env, process.platform);
  const free = async () => ({ port: await freePort(0, true), exact: false });
  return { ...options, port: await free(), uiPort: await free(), clickhousePort: await free() };
}
