// The window, locked down as Electron's checklist has it: sandbox, no Node in the page, no navigation, no pop-ups, no permissions, nothing
// loaded from anywhere but the page's own protocol, a strict policy on every response.
import { join } from "node:path";
import type { Electron, ElectronContents, ElectronSession, ElectronWindow } from "./electron.ts";
import { externalUrl } from "./links.ts";
import { answerPage, PAGE_SCHEME, PAGE_URL } from "./page_protocol.ts";
import { keepWindowState, placeWindow, readWindowState, SMALLEST } from "./window_state.ts";

export const WEB_PREFERENCES = Object.freeze({
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  navigateOnDragDrop: false,
  spellcheck: false,
});

/** To copy is all that the page may ask for. */
const GRANTED = "clipboard-sanitized-write";
const ELSEWHERE: readonly string[] = ["http://*/*", "https://*/*", "ws://*/*", "wss://*/*", "ftp://*/*", "file://*/*"];
/** A page that dies again and again is left as it is. */
const RELOADS = 3;

/** What the session of the window may do: show the page that is in `page`, and nothing else. */
export function hardenSession(session: ElectronSession, page: string): void {
  session.setPermissionRequestHandler((_contents, permission, callback) => callback(permission === GRANTED));
  session.setPermissionCheckHandler((_contents, permission) => permission === GRANTED);
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest({ urls: [...ELSEWHERE] }, (_details, callback) => callback({ cancel: true }));
  session.protocol.handle(PAGE_SCHEME, (request) => answerPage(page, request));
}

/** For every page of the app, whoever made it. `own`: URLs of our servers, of which a page may be opened in the browser. */
export function hardenContents(contents: ElectronContents, electron: Pick<Electron, "shell">, own: () => readonly string[]): void {
  const openOutside = (url: string): void => {
    const external = externalUrl(url, own());
    if (external !== null) void electron.shell.openExternal(external);
  };
  contents.on("will-navigate", (event) => {
    event.preventDefault();
    openOutside(event.url);
  });
  contents.on("will-frame-navigate", (event) => event.preventDefault());
  contents.on("will-redirect", (event) => event.preventDefault());
  contents.on("will-attach-webview", (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    openOutside(url);
    return { action: "deny" };
  });
}

export interface OpenOptions {
  /** The folder that the build wrote. */
  readonly out: string;
  readonly data: string;
  /** The part of the address after `#`, `#` included; "" for the usual page. */
  readonly place: string;
}

/** Opens the window where it was; closing it leaves the engine running in the tray. */
export function openWindow(electron: Pick<Electron, "BrowserWindow" | "screen">, { out, data, place }: OpenOptions): ElectronWindow {
  const areas = electron.screen.getAllDisplays().map(({ workArea }) => workArea);
  const { maximized, ...bounds } = placeWindow(readWindowState(data), areas);
  const window = new electron.BrowserWindow({
    ...bounds,
    minWidth: SMALLEST.width,
    minHeight: SMALLEST.height,
    show: false,
    title: "Parallax",
    backgroundColor: "#141412",
    webPreferences: { ...WEB_PREFERENCES, preload: join(out, "preload", "index.cjs") },
  });
  window.once("ready-to-show", () => {
    if (maximized) window.maximize();
    window.show();
  });
  window.on("close", () => keepPlace(window, data));
  let reloads = 0;
  window.webContents.on("render-process-gone", () => {
    reloads += 1;
    if (reloads <= RELOADS) window.webContents.reload();
  });
  showPlace(window, place);
  return window;
}

/** Remembers where the window is. */
export function keepPlace(window: ElectronWindow, data: string): void {
  keepWindowState(data, { ...window.getNormalBounds(), maximized: window.isMaximized() });
}

/** Goes to a place of the page; in the page that is open this is a step within it. */
export function showPlace(window: ElectronWindow, place: string): void {
  // It is refused where another place is asked for meanwhile.
  window.loadURL(PAGE_URL + place).catch(() => undefined);
}
