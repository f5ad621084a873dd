// The tray: state at a glance, start and stop, mode, open, quit. Everything here is also in the window and the CLI, since
// trays are fragile on Linux.
import { Menu, nativeImage, Tray } from "electron";
import type { Mode, Status, VerdictCounts } from "../shared/contract.ts";

export interface TrayActions {
  open(): void;
  setRunning(running: boolean): void;
  setMode(mode: Mode): void;
  quit(): void;
}

// Two bars, Elasticsearch above ClickHouse, 16 x 16.
const ICON =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAYAAAAf8/9hAAAAPElEQVR42mNgGAWjYBSMAmoDRgYGhv///zMwMDAwMDExMfz//59UPSSpYWZmJsqF/////0/Qa0wMoyEwCgBW0gkRuYXmtQAAAABJRU5ErkJggg==";

/** Puts the tray there; call the result with each new state. */
export function createTray(actions: TrayActions): (status: Status, counts: VerdictCounts) => void {
  const tray = new Tray(nativeImage.createFromDataURL(ICON));
  tray.on("click", () => actions.open());
  return (status, counts) => {
    tray.setToolTip(tooltip(status, counts));
    tray.setContextMenu(Menu.buildFromTemplate(template(actions, status, counts)));
  };
}

function tooltip(status: Status, counts: VerdictCounts): string {
  const wrong = status.problems.length > 0 || status.health?.state === "failed";
  const state = wrong ? "needs attention" : status.running ? `listening on ${status.proxy.port}` : "stopped";
  return `Parallax: ${state}, ${counts.different} different`;
}

function template(actions: TrayActions, status: Status, counts: VerdictCounts): Electron.MenuItemConstructorOptions[] {
  const mode = (name: Mode, label: string): Electron.MenuItemConstructorOptions => ({
    label,
    type: "radio",
    checked: status.mode === name,
    click: () => actions.setMode(name),
  });
  return [
    { label: tooltip(status, counts), enabled: false },
    { label: `Health: ${status.health?.state ?? "not checked yet"}`, enabled: false },
    { type: "separator" },
    { label: "Open Parallax", click: () => actions.open() },
    { label: status.running ? "Stop" : "Start", click: () => actions.setRunning(!status.running) },
    { label: "Mode", submenu: [mode("tap", "Tap"), mode("compare", "Compare")] },
    { type: "separator" },
    { label: "Quit", click: () => actions.quit() },
  ];
}
