// Electron's entry: one instance, the engine, the window, the tray. No logic of its own.
import { join } from "node:path";
import { app, type BrowserWindow, dialog, ipcMain } from "electron";
import { messageOf } from "../shared/thrown.ts";
import { version } from "./cli/version.ts";
import { BadOption } from "./config/json_file.ts";
import { readServeOptions } from "./config/options.ts";
import { EVENT_CHANNEL, serveIpc } from "./contract/ipc.ts";
import { type Served, serveEngine } from "./contract/serve_engine.ts";
import { Engine } from "./engine.ts";
import { crashesBefore, offersSafeMode } from "./last_run.ts";
import { goOnAfterFaults } from "./report/faults.ts";
import { openLog } from "./report/log.ts";
import { createTray } from "./tray.ts";
import { openWindow, pageUrl } from "./window.ts";

const OUT = join(import.meta.dirname, "..");

async function main(): Promise<void> {
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  let options = readServeOptions(process.argv.slice(app.isPackaged ? 1 : 2), process.env, process.platform);
  await app.whenReady();
  if (options.autorun && offersSafeMode(crashesBefore(options.data)) && wantsSafeMode()) options = { ...options, autorun: false };
  const log = openLog(join(options.data, "logs", "parallax.log"));
  const engine = new Engine(options, log);
  const served = await serveEngine(engine, join(OUT, "renderer"), version());
  goOnAfterFaults((error) => engine.fault(error));
  // The watchdog takes it: to Node it would mean to open a debugger's port.
  process.on("SIGUSR1", () => {});
  serveIpc(
    {
      handle: (channel, listener) =>
        ipcMain.handle(channel, (event, ...args: unknown[]) =>
          listener(
            { url: event.senderFrame?.url ?? "", topFrame: event.senderFrame !== null && event.senderFrame.parent === null },
            ...args,
          ),
        ),
    },
    served.handlers,
    pageUrl(OUT),
  );
  let window: BrowserWindow | null = null;
  const open = (): void => {
    if (window === null || window.isDestroyed()) window = openWindow(OUT);
    else window.show();
  };
  keepTray(served, open);
  served.events.listen((name, data) => {
    if (window !== null && !window.isDestroyed()) window.webContents.send(EVENT_CHANNEL, name, data);
  });
  app.on("second-instance", open);
  app.on("activate", open);
  // The tray keeps it running: closing the window is not the end.
  app.on("window-all-closed", () => {});
  quitInOrder(served);
  open();
}

/** Asked before anything starts: a pipe may be what ends it again. */
function wantsSafeMode(): boolean {
  const answer = dialog.showMessageBoxSync({
    type: "warning",
    message: "Parallax did not end in order the last times.",
    detail: "In safe mode no pipe runs until you start it: no mirror, no replay, no backfill. Writes wait in the journal.",
    buttons: ["Start as usual", "Safe mode"],
    defaultId: 0,
    cancelId: 0,
  });
  return answer === 1;
}

function keepTray(served: Served, open: () => void): void {
  const update = createTray({
    open,
    setRunning: (running) => void served.handlers["proxy.set"]({ running }),
    setMode: (mode) => void served.handlers["proxy.set"]({ mode }),
    quit: () => app.quit(),
  });
  const show = async (): Promise<void> => {
    const { counts } = await served.handlers["verdicts.get"]({});
    update(served.status(), counts);
  };
  void show();
  served.events.listen((name) => {
    if (name !== "exchanges") void show();
  });
}

function quitInOrder(served: Served): void {
  let stopped = false;
  app.on("before-quit", (event) => {
    if (stopped) return;
    event.preventDefault();
    stopped = true;
    void served.stop().finally(() => app.quit());
  });
}

main().catch((error: unknown) => {
  const message = messageOf(error);
  if (!(error instanceof BadOption)) dialog.showErrorBox("Parallax can't start", message);
  process.stderr.write(`parallax: ${message}\n`);
  app.exit(2);
});
