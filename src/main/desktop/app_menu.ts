// The application's menu: what every program has, with the system's keys, and the window's pages. Reload and the developer tools are there
// in development alone.
import type { MenuItem } from "./electron.ts";

export interface MenuActions {
  go(place: string): void;
  chooseFile(): void;
  closeFile(): void;
  setRunning(running: boolean): void;
  quit(): void;
}

/** Pages in the rail's order; the first nine have keys. */
export const PAGES: readonly (readonly [label: string, place: string])[] = [
  ["Traffic", "#/traffic"],
  ["Compare", "#/compare"],
  ["Indices", "#/indices"],
  ["Rules", "#/rules"],
  ["Pipes", "#/pipes"],
  ["Profiles", "#/profiles"],
  ["Statistics", "#/statistics"],
  ["Status", "#/status"],
  ["SQL", "#/sql"],
  ["Intercept", "#/intercept"],
];

export function appMenu(platform: NodeJS.Platform, packaged: boolean, actions: MenuActions): MenuItem[] {
  const mac = platform === "darwin";
  const separator: MenuItem = { type: "separator" };
  const settings: MenuItem = { label: "Settings…", accelerator: "CmdOrCtrl+,", click: () => actions.go("#/settings") };
  const quit: MenuItem = { label: "Quit Parallax", accelerator: "CmdOrCtrl+Q", click: () => actions.quit() };
  const own: MenuItem = {
    label: "Parallax",
    submenu: [
      { role: "about" },
      separator,
      settings,
      separator,
      { role: "hide" },
      { role: "hideOthers" },
      { role: "unhide" },
      separator,
      quit,
    ],
  };
  const file: MenuItem = {
    label: "File",
    submenu: [
      { label: "Open Session or HAR…", accelerator: "CmdOrCtrl+O", click: () => actions.chooseFile() },
      { label: "Back to the Live Session", click: () => actions.closeFile() },
      separator,
      { label: "Start", click: () => actions.setRunning(true) },
      { label: "Stop", click: () => actions.setRunning(false) },
      separator,
      ...(mac ? [] : [settings, separator]),
      { role: "close" },
      ...(mac ? [] : [quit]),
    ],
  };
  const edit: MenuItem = {
    label: "Edit",
    submenu: [{ role: "undo" }, { role: "redo" }, separator, { role: "cut" }, { role: "copy" }, { role: "paste" }, { role: "selectAll" }],
  };
  const development: MenuItem[] = packaged ? [] : [separator, { role: "reload" }, { role: "toggleDevTools" }];
  const view: MenuItem = {
    label: "View",
    submenu: [
      ...PAGES.map(([label, place], at) => ({
        label,
        ...(at < 9 ? { accelerator: `CmdOrCtrl+${at + 1}` } : {}),
        click: () => actions.go(place),
      })),
      separator,
      { role: "resetZoom" },
      { role: "zoomIn" },
      { role: "zoomOut" },
      separator,
      { role: "togglefullscreen" },
      ...development,
    ],
  };
  const window: MenuItem = { label: "Window", submenu: [{ role: "minimize" }, ...(mac ? [{ role: "front" } as const] : [])] };
  const help: readonly MenuItem[] = mac ? [] : [{ label: "Help", submenu: [{ role: "about" }] }];
  return [...(mac ? [own] : []), file, edit, view, window, ...help];
}
