// Real clients for `npm run test:clients`: fetched once from the public registries into a cache folder outside the project,
// at one version each, never packaged. PARALLAX_CLIENTS_CACHE names another folder.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** Where a client is, or why it can't be had. */
export type Recipe = { readonly ok: true; readonly folder: string } | { readonly ok: false; readonly why: string };

const LIMIT_MS = 120_000;

/** The folder `name` of the cache. When it is missing, `make` fills it aside: an interrupted fetch leaves nothing that looks complete. */
export function cached(name: string, make: (aside: string) => string | undefined): Recipe {
  const cache = process.env.PARALLAX_CLIENTS_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "parallax-clients");
  const folder = join(cache, name);
  if (existsSync(folder)) return { ok: true, folder };
  const aside = `${folder}.${process.pid}`;
  mkdirSync(aside, { recursive: true });
  process.stderr.write(`fetching ${name} …\n`);
  const why = make(aside);
  if (why !== undefined) {
    rmSync(aside, { recursive: true, force: true });
    return { ok: false, why: `${name} can't be had: ${why}` };
  }
  mkdirSync(dirname(folder), { recursive: true });
  if (existsSync(folder)) rmSync(aside, { recursive: true, force: true });
  else renameSync(aside, folder);
  return { ok: true, folder };
}

/** Runs a command to its end. The reason when it failed: its last line. */
export function ran(command: string, args: readonly string[], folder: string): string | undefined {
  const { status, error, stderr, stdout } = spawnSync(command, args, { cwd: folder, encoding: "utf8", timeout: LIMIT_MS });
  if (error !== undefined) return `${command}: ${error.message}`;
  if (status === 0) return undefined;
  const said = `${stdout}\n${stderr}`.trim().split("\n").at(-1) ?? "";
  return `${command} ${args[0] ?? ""} ended with ${status ?? "a signal"}: ${said}`;
}
