// Whether the app starts at log-in, by the setting `desktop.openAtLogin`: in the tray, without a window.
import { mkdirSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { replaceFile } from "../replace_file.ts";
import type { ElectronApp } from "./electron.ts";
import { HIDDEN_FLAG } from "./launch.ts";

export interface LoginItem {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  readonly execPath: string;
}

/** Throws where Linux's file can't be written. In development nothing is done: what would start is Electron without an app. */
export function setLoginItem(app: Pick<ElectronApp, "isPackaged" | "setLoginItemSettings">, on: boolean, from: LoginItem): void {
  if (!app.isPackaged) return;
  if (from.platform !== "linux") {
    app.setLoginItemSettings({ openAtLogin: on, args: [HIDDEN_FLAG] });
    return;
  }
  const file = autostartFile(from.env);
  if (!on) {
    rmSync(file, { force: true });
    return;
  }
  mkdirSync(dirname(file), { recursive: true });
  replaceFile(file, autostartEntry(from.env.APPIMAGE ?? from.execPath));
}

/** Of the XDG autostart specification: Electron has no login item on Linux. */
export function autostartFile(env: NodeJS.ProcessEnv): string {
  return join(env.XDG_CONFIG_HOME ?? join(homedir(), ".config"), "autostart", "parallax.desktop");
}

export function autostartEntry(program: string): string {
  // The quoting of the Desktop Entry specification, and % is the beginning of a field code.
  const quoted = program.replaceAll(/["`$\\]/g, "\\$&").replaceAll("%", "%%");
  return `[Desktop Entry]\nType=Application\nName=Parallax\nExec="${quoted}" ${HIDDEN_FLAG}\nTerminal=false`;
}
