// Finds a Node that can run the sources: the pinned one beside the package, else the one that runs this, if new enough.
// Plain JavaScript, for any Node from 20 on.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** Path of a Node 24 or later, or undefined. */
export function findNode() {
  const pinned = join(ROOT, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");
  if (existsSync(pinned)) return pinned;
  return Number(process.versions.node.split(".")[0]) >= 24 ? process.execPath : undefined;
}

/** The CLI's entry: the sources of a checkout, else what the build wrote. */
export function cliEntry() {
  const source = join(ROOT, "src", "main", "cli.ts");
  return existsSync(source) && existsSync(join(ROOT, "node_modules")) ? source : join(ROOT, "out", "main", "cli.js");
}
