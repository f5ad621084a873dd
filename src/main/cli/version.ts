// The version in package.json, from the sources and from what the build wrote alike.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The package's own folder. */
export function packageFolder(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, "package.json")) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

export function version(): string {
  const text = readFileSync(join(packageFolder(), "package.json"), "utf8");
  return /"version":\s*"([^"]+)"/.exec(text)?.[1] ?? "0.0.0";
}
