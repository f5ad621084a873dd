// `npm run package`: installers of the desktop app for this platform, into dist/.
//   node scripts/package.ts [--dir] [--electron FOLDER] [--output FOLDER] [--built]
// --built: out/ is taken as it is. --dir: the app as a folder, no installers (which electron-builder fetches tools for). --electron: a folder with Electron's binary.
// Exit codes: 0 done, 1 something is missing or failed (the message says what to do), 2 bad usage.
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { build } from "electron-builder";
import { PACKAGES_FOLDER, PROJECT, packagingConfig } from "./packaging/config.ts";
import { electronFolder, NO_ELECTRON } from "./packaging/electron_binary.ts";

const options = { dir: { type: "boolean" }, electron: { type: "string" }, output: { type: "string" }, built: { type: "boolean" } } as const;

interface Arguments {
  readonly dir?: boolean;
  readonly electron?: string;
  readonly output?: string;
  readonly built?: boolean;
}

function readArguments(): Arguments {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    process.stderr.write(
      `${error instanceof Error ? error.message : error}\nnpm run package -- [--dir] [--electron FOLDER] [--output FOLDER] [--built]\n`,
    );
    process.exit(2);
  }
}

function run(...script: string[]): void {
  const { status } = spawnSync(process.execPath, script, { cwd: PROJECT, stdio: "inherit" });
  if (status !== 0) process.exit(1);
}

const { dir = false, electron = electronFolder(), output = PACKAGES_FOLDER, built = false } = readArguments();
if (electron === undefined) {
  process.stderr.write(`${NO_ELECTRON}\n`);
  process.exit(1);
}
if (!built) run("scripts/build.ts");
run("scripts/third_party.ts");
const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = process.env;
const homepage = server === undefined || repository === undefined ? {} : { homepage: `${server}/${repository}` };
try {
  const written = await build({ projectDir: PROJECT, dir, publish: "never", config: packagingConfig({ electron, output, ...homepage }) });
  process.stdout.write(`${[output, ...written].join("\n")}\n`);
} catch (error) {
  process.stderr.write(`The package could not be made: ${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
}
