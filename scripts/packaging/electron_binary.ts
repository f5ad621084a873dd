// Electron's binary: the npm package brings none, and fetches it from where some networks can't reach.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT } from "./config.ts";

const FETCH_LIMIT_MS = 300_000;
const PACKAGE = join(PROJECT, "node_modules", "electron");

export const NO_ELECTRON = `Electron's binary is missing: node_modules/electron/dist has none, and it could not be fetched here.
What it needs: its release of github.com/electron/electron, once. Choose one:
  - run \`npm run package\` on a network that reaches it, or set ELECTRON_MIRROR to a mirror that you reach;
  - give the folder of an unpacked release of the same version and platform: \`npm run package -- --dir --electron FOLDER\`.
The headless twin needs no Electron: \`npm pack\`, or the Dockerfile.`;

/** The folder that holds it, fetched by Electron's own installer if need be; undefined where it can't be had. */
export function electronFolder(): string | undefined {
  if (!installed()) {
    process.stdout.write("Fetching Electron's binary …\n");
    spawnSync(process.execPath, [join(PACKAGE, "install.js")], { cwd: PROJECT, stdio: "ignore", timeout: FETCH_LIMIT_MS });
  }
  return installed() ? join(PACKAGE, "dist") : undefined;
}

function installed(): boolean {
  const name = join(PACKAGE, "path.txt");
  return existsSync(name) && existsSync(join(PACKAGE, "dist", readFileSync(name, "utf8").trim()));
}
