// Tools that read what Parallax writes, where they are installed.
import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The tool's first name under which it runs; undefined when it is not installed. */
export function installed(...names: readonly string[]): string | undefined {
  return names.find((name) => spawnSync(name, ["--help"], { stdio: "ignore" }).error === undefined);
}

/** Go's command. */
export const GO = installed("go", "/usr/local/go/bin/go");
/** Why a test that needs the tool is skipped; false where it is there. */
export function missing(tool: string | undefined, name: string): string | false {
  return tool === undefined && `${name} is not installed`;
}

/** What a tool prints. Rejects with its complaints when it fails. */
export async function printed(tool: string | undefined, args: readonly string[]): Promise<string> {
  const { stdout } = await run(tool ?? "", args, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}
