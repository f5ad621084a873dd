// The window, locked down as Electron's checklist has it: sandbox, no Node in the page, no navigation, no pop-ups, no
// permissions, a strict policy on every response.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { BrowserWindow, type Session, session, shell } from "electron";
import { CONTENT_SECURITY_POLICY } from "./contract/page.ts";

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

/** The page's address in the app. */
export function pageUrl(outFolder: string): string {
  return pathToFileURL(join(outFolder, "renderer", "index.html")).href;
}

/** Opens the window; closing it leaves the engine running in the tray. */
export function openWindow(outFolder: string): BrowserWindow {
  harden(session.defaultSession);
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 720,
    minHeight: 480,
    show: false,
    backgroundColor: "#141412",
    webPreferences: { ...WEB_PREFERENCES, preload: join(outFolder, "preload", "index.cjs") },
  });
  window.once("ready-to-show", () => window.show());
  window.webContents.on("will-navigate", (event) => event.preventDefault());
  window.webContents.on("will-attach-webview", (event) => event.preventDefault());
  window.webContents.setWindowOpenHandler(({ url }) => {
    if (url.startsWith("http://127.0.0.1:") || url.startsWith("http://localhost:")) void shell.openExternal(url);
    return { action: "deny" };
  });
  window.webContents.on("render-process-gone", () => window.webContents.reload());
  void window.loadURL(pageUrl(outFolder));
  return window;
}

function harden(target: Session): void {
  target.setPermissionRequestHandler((_contents, permission, callback) => callback(permission === "clipboard-sanitized-write"));
  target.setPermissionCheckHandler((_contents, permission) => permission === "clipboard-sanitized-write");
  target.webRequest.onHeadersReceived((details, callback) =>
    callback({ responseHeaders: { ...details.responseHeaders, "content-security-policy": [CONTENT_SECURITY_POLICY] } }),
  );
}
