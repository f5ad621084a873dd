// Finds a Node that can run the sources: the pinned one beside the package, else the one that runs this, if new enough.
// Plain JavaScript, for any Node from 20 on.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

// What bounds the engine's memory. Bodies of a megabyte come and go on several threads: glibc gives each thread an arena of its own, and each keeps
// what was freed in it. And V8 lets young objects take 100 MB before it looks which of them are left.
export const ENGINE_FLAGS = ["--max-semi-space-size=8"];
export const ENGINE_ENVIRONMENT = { MALLOC_ARENA_MAX: "2" };

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** Path of a Node 24 or later, or undefined. */
export function findNode() {
  const pinned = join(ROOT, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");
  if (existsSync(pinned)) return pinned;
  return Number(process.versions.node.split(".")[0]) >= 24 ? process.execPath : undefined;
}

/** What to do where there is none: a checkout brings its own, an installed package can't. */
export function howToGetNode() {
  if (existsSync(join(ROOT, "package-lock.json"))) return "Run `npm ci` in the checkout: it brings its own.";
  return "Install a newer one (https://nodejs.org), or run this once by `npx -p node@24 -p parallax-search parallax`.";
}

/** The CLI's entry: the sources of a checkout, else what the build wrote. */
export function cliEntry() {
  const source = join(ROOT, "src", "main", "cli.ts");
  return existsSync(source) && existsSync(join(ROOT, "node_modules")) ? source : join(ROOT, "out", "main", "cli.js");
}
