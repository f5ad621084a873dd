// Electron's entry: gives the app its Electron and its engine. No logic of its own.
import { join } from "node:path";
import * as electron from "electron";
import { messageOf } from "../shared/thrown.ts";
import { version } from "./cli/version.ts";
import { BadOption } from "./config/json_file.ts";
import { readServeOptions } from "./config/options.ts";
import { serveEngine } from "./contract/serve_engine.ts";
import { runDesktop } from "./desktop/desktop.ts";
import { Engine } from "./engine.ts";
import { goOnAfterFaults } from "./report/faults.ts";
import { openLog } from "./report/log.ts";

const OUT = join(import.meta.dirname, "..");
const { app, dialog } = electron;

runDesktop<electron.Menu, electron.NativeImage>(electron, {
  args: process.argv.slice(app.isPackaged ? 1 : 2),
  folder: process.cwd(),
  platform: process.platform,
  env: process.env,
  execPath: process.execPath,
  out: OUT,
  version: version(),
  readOptions: (flags, openStore) => readServeOptions(flags, process.env, process.platform, openStore),
  startEngine: async (options, quit) => {
    const engine = new Engine(options, openLog(join(options.data, "logs", "parallax.log")));
    const served = await serveEngine(engine, join(OUT, "renderer"), version(), quit);
    goOnAfterFaults((error) => engine.fault(error));
    // The watchdog takes it: to Node it would mean to open a debugger's port.
    process.on("SIGUSR1", () => {});
    return served;
  },
}).catch((error: unknown) => {
  const message = messageOf(error);
  if (!(error instanceof BadOption)) dialog.showErrorBox("Parallax can't start", message);
  process.stderr.write(`parallax: ${message}\n`);
  app.exit(2);
});
