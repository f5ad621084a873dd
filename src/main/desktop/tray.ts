// The tray, kept at what the engine says. Trays are fragile on Linux: one that can't be had is done without.
import type { Electron, ElectronImage, ElectronTray } from "./electron.ts";
import { ICON_SIZE, trayIcon } from "./tray_icon.ts";
import { type TrayActions, type TrayState, type TrayView, trayLine, trayMenu, trayState } from "./tray_state.ts";

const SCALES: readonly number[] = [1, 2, 3];

/** Puts the tray there; call the result with each new state. */
export function createTray<Menu, Image extends ElectronImage>(
  electron: Pick<Electron<Menu, Image>, "Menu" | "Tray" | "nativeImage">,
  platform: NodeJS.Platform,
  actions: TrayActions,
): (view: TrayView) => void {
  const template = platform === "darwin";
  let shown: TrayState = "stopped";
  let tray: ElectronTray<Menu, Image>;
  try {
    tray = new electron.Tray(image(electron, shown, template));
  } catch {
    return () => undefined;
  }
  tray.on("click", () => actions.open());
  return (view) => {
    const state = trayState(view.status, view.counts);
    if (state !== shown) tray.setImage(image(electron, state, template));
    shown = state;
    tray.setToolTip(trayLine(view));
    if (template) tray.setTitle(view.counts.different > 0 ? String(view.counts.different) : "");
    tray.setContextMenu(electron.Menu.buildFromTemplate(trayMenu(view, actions)));
  };
}

function image<Menu, Image extends ElectronImage>(
  { nativeImage }: Pick<Electron<Menu, Image>, "nativeImage">,
  state: TrayState,
  template: boolean,
): Image {
  const made = nativeImage.createEmpty();
  for (const scaleFactor of SCALES) {
    const side = ICON_SIZE * scaleFactor;
    made.addRepresentation({ scaleFactor, width: side, height: side, buffer: trayIcon(state, scaleFactor, template) });
  }
  made.setTemplateImage(template);
  return made;
}
