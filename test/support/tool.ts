// Tools that read what Parallax writes, where they are installed.
import { spawnSync } from "node:child_process";

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

/** What a tool prints. Throws with its complaints when it fails. */
export function printed(tool: string | undefined, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(tool ?? "", args, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  if (status !== 0) throw new Error(`${tool} ${args.join(" ")}: ${status}: ${stderr}`);
  return stdout;
}
