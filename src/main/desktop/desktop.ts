// The app around the engine: one instance, the window, the tray, menu, notifications, what the system hands over, and an end in order. All of
// Electron comes in as an argument: index.ts gives the real one, the tests a fake.
import { join } from "node:path";
import type { Mode, Status } from "../../shared/contract.ts";
import type { ServeOptions } from "../config/options.ts";
import type { SecretStore } from "../config/secrets.ts";
import { EVENT_CHANNEL, serveIpc } from "../contract/ipc.ts";
import type { Served } from "../contract/serve_engine.ts";
import { crashesBefore, offersSafeMode } from "../last_run.ts";
import { appMenu } from "./app_menu.ts";
import { AppliedSettings } from "./applied_settings.ts";
import { LINK_SCHEME, placeOfLink } from "./deep_link.ts";
import type { Electron, ElectronImage, ElectronWindow } from "./electron.ts";
import { type EndLimits, endInOrder, HURRIED_END, USUAL_END } from "./ending.ts";
import { HandedOver, type Taking } from "./handed_over.ts";
import { keepTray } from "./keep_tray.ts";
import { type Launch, readLaunch, SESSION_EXTENSIONS } from "./launch.ts";
import { type Notice, Notices } from "./notices.ts";
import { PAGE_PRIVILEGES, PAGE_URL } from "./page_protocol.ts";
import { openSecretStore } from "./safe_storage.ts";
import type { TrayActions } from "./tray_state.ts";
import { hardenContents, hardenSession, keepPlace, openWindow, showPlace } from "./window.ts";

/** What the app is started in and with. */
export interface Start {
  /** Arguments after the program's and the app's. */
  readonly args: readonly string[];
  readonly folder: string;
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  readonly execPath: string;
  /** The folder that the build wrote. */
  readonly out: string;
  readonly version: string;
  /** Flags and config file; throws BadOption. */
  readOptions(flags: readonly string[], openStore: (dataFolder: string) => SecretStore | null): ServeOptions;
  startEngine(options: ServeOptions, quit: () => void): Promise<Served>;
  /** How long the end may take. @default USUAL_END */
  readonly end?: EndLimits;
}

/** Runs the app; null where another one runs already, which is told what this one was started with. Throws BadOption. */
export async function runDesktop<Menu, Image extends ElectronImage>(
  electron: Electron<Menu, Image>,
  start: Start,
): Promise<Desktop<Menu, Image> | null> {
  const { app, protocol } = electron;
  if (!app.requestSingleInstanceLock({ args: [...start.args], folder: start.folder })) {
    app.quit();
    return null;
  }
  protocol.registerSchemesAsPrivileged([PAGE_PRIVILEGES]);
  const handedOver = new HandedOver(electron);
  const launch = readLaunch(start.args, start.folder);
  await app.whenReady();
  let options = start.readOptions(launch.flags, (dataFolder) => openSecretStore(dataFolder, electron.safeStorage));
  if (options.autorun && offersSafeMode(crashesBefore(options.data)) && wantsSafeMode(electron)) options = { ...options, autorun: false };
  const served = await start.startEngine(options, () => app.quit());
  const desktop = new Desktop(electron, start, options, served);
  await desktop.take(launch);
  handedOver.handTo(desktop);
  return desktop;
}

/** Asked before anything starts: a pipe may be what ends it again. */
function wantsSafeMode({ dialog }: Pick<Electron, "dialog">): boolean {
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

export class Desktop<Menu, Image extends ElectronImage> implements Taking {
  readonly #electron: Electron<Menu, Image>;
  readonly #start: Start;
  readonly #options: ServeOptions;
  readonly #served: Served;
  readonly #settings: AppliedSettings;
  #window: ElectronWindow | null = null;
  #ending: Promise<void> | null = null;

  constructor(electron: Electron<Menu, Image>, start: Start, options: ServeOptions, served: Served) {
    this.#electron = electron;
    this.#start = start;
    this.#options = options;
    this.#served = served;
    const notices = new Notices((notice) => this.#notify(notice));
    const { app, ipcMain, Menu, session } = electron;
    hardenSession(session.defaultSession, join(start.out, "renderer"));
    app.on("web-contents-created", (_event, contents) => hardenContents(contents, electron, () => this.#ownServers()));
    serveIpc(
      {
        handle: (channel, listener) =>
          ipcMain.handle(channel, ({ senderFrame }, ...args) =>
            listener({ url: senderFrame?.url ?? "", topFrame: senderFrame !== null && senderFrame.parent === null }, ...args),
          ),
      },
      served.handlers,
      PAGE_URL,
    );
    // In development the system would start Electron without an app.
    if (app.isPackaged) app.setAsDefaultProtocolClient(LINK_SCHEME);
    Menu.setApplicationMenu(
      Menu.buildFromTemplate(appMenu(start.platform, app.isPackaged, { ...this.#actions, go: (place) => this.open(place) })),
    );
    this.#settings = new AppliedSettings(electron.app, start, served, () => tray());
    const tray = keepTray(electron, start.platform, served, { actions: this.#actions, newVersion: () => this.#settings.newVersion });
    void this.#differedBefore().then((shapes) => notices.knows(served.status().session.file, shapes));
    served.events.on("exchanges", ({ changed }) => notices.exchanges(changed, served.status()));
    served.events.on("status", (status) => notices.status(status));
    served.events.listen((name, data) => {
      if (this.#window !== null && !this.#window.isDestroyed()) this.#window.webContents.send(EVENT_CHANNEL, name, data);
    });
    app.on("activate", () => this.open());
    // The tray keeps it running: closing the window is not the end.
    app.on("window-all-closed", () => undefined);
    app.on("before-quit", (event) => {
      event.preventDefault();
      void this.end();
    });
    electron.powerMonitor.on("shutdown", (event) => {
      event?.preventDefault();
      void this.end(HURRIED_END);
    });
  }

  /** Opens the window, or brings it to the front, at a place of the page. */
  open(place = ""): void {
    if (this.#window === null || this.#window.isDestroyed()) {
      this.#window = openWindow(this.#electron, { out: this.#start.out, data: this.#options.data, place });
      this.#window.on("query-session-end", (event) => {
        event.preventDefault();
        void this.end(HURRIED_END);
      });
      return;
    }
    if (place !== "") showPlace(this.#window, place);
    if (this.#window.isMinimized()) this.#window.restore();
    this.#window.show();
    this.#window.focus();
  }

  /** What a start hands over: this one's, or a second one's. */
  async take(launch: Launch | null): Promise<void> {
    if (launch?.hidden !== true) this.open();
    const [file] = launch?.files.slice(-1) ?? [];
    if (file !== undefined) await this.openFile(file);
    const [link] = launch?.links.slice(-1) ?? [];
    if (link !== undefined) this.follow(link);
  }

  /** Shows a session file or a HAR. */
  async openFile(file: string): Promise<void> {
    try {
      await this.#served.handlers["session.open"]({ file });
      this.open("#/traffic");
    } catch (error) {
      this.#electron.dialog.showErrorBox("This file can't be opened", error instanceof Error ? error.message : String(error));
    }
  }

  /** Shows the place that a link names; any other link is left alone. */
  follow(link: string): void {
    const place = placeOfLink(link);
    if (place !== null) this.open(place);
  }

  /** Ends the app in order, once. */
  end(limits: EndLimits = this.#start.end ?? USUAL_END): Promise<void> {
    this.#ending ??= this.#end(limits);
    return this.#ending;
  }

  async #end(limits: EndLimits): Promise<void> {
    this.#settings.stop();
    const { handlers } = this.#served;
    await endInOrder(
      {
        told: () => this.#served.ending(),
        stopListening: async () => void (await handlers["proxy.set"]({ running: false })),
        waiting: () => {
          const { clickhouse, journal, safe_mode } = this.#served.status();
          // With ClickHouse away, or the mirror kept back, they wait for another day.
          return clickhouse.status === "ok" && safe_mode.by === null ? journal.writes : 0;
        },
        stop: () => this.#served.stop(),
      },
      limits,
    );
    // Not quit(): that would ask again whether it may. The window is told nothing by this.
    if (this.#window !== null && !this.#window.isDestroyed()) keepPlace(this.#window, this.#options.data);
    this.#electron.app.exit(0);
  }

  async #differedBefore(): Promise<readonly string[]> {
    try {
      const { shapes } = await this.#served.handlers["verdicts.get"]({});
      return shapes.flatMap(({ shape, counts }) => (counts.different > 0 ? [shape] : []));
    } catch {
      return []; // No session is open yet.
    }
  }

  #ownServers(): readonly string[] {
    const { interface: page, clickhouse } = this.#served.status();
    return [page.url, clickhouse.url];
  }

  get #actions(): TrayActions {
    const { handlers } = this.#served;
    return {
      open: (place) => this.open(place),
      openFile: (file) => void this.openFile(file),
      chooseFile: () => void this.#chooseFile(),
      closeFile: () => this.#do(handlers["session.close"]({})),
      setRunning: (running: boolean) => this.#do(handlers["proxy.set"]({ running })),
      setMode: (mode: Mode) => this.#do(handlers["proxy.set"]({ mode })),
      setIntercepting: (on: boolean) => this.#do(handlers["intercept.set"]({ on })),
      showVersion: (url) => void this.#electron.shell.openExternal(url),
      quit: () => this.#electron.app.quit(),
    };
  }

  #do(work: Promise<Status> | Status): void {
    Promise.resolve(work).catch((error: unknown) => {
      this.#electron.dialog.showErrorBox("Parallax", error instanceof Error ? error.message : String(error));
    });
  }

  async #chooseFile(): Promise<void> {
    const { canceled, filePaths } = await this.#electron.dialog.showOpenDialog({
      title: "Open a session file or HAR",
      properties: ["openFile"],
      filters: [{ name: "Sessions", extensions: [...SESSION_EXTENSIONS] }],
    });
    const [file] = filePaths;
    if (!canceled && file !== undefined) await this.openFile(file);
  }

  #notify({ title, body, place }: Notice): void {
    const { Notification } = this.#electron;
    if (!this.#settings.notifies || !Notification.isSupported()) return;
    const notification = new Notification({ title, body, silent: true });
    notification.on("click", () => this.open(place));
    notification.show();
  }
}
