// Keeps the tray at what the engine says.
import type { VerdictCounts } from "../../shared/contract.ts";
import type { Served } from "../contract/serve_engine.ts";
import type { Electron, ElectronImage } from "./electron.ts";
import type { NewVersion } from "./new_version.ts";
import { createTray } from "./tray.ts";
import type { TrayActions } from "./tray_state.ts";

interface TrayParts {
  readonly actions: TrayActions;
  newVersion(): NewVersion | null;
}

const NO_COUNTS: VerdictCounts = Object.freeze({ equal: 0, equivalent: 0, different: 0, unsupported: 0, failed: 0, not_compared: 0 });

/** Returns the function that shows what is so now. */
export function keepTray<Menu, Image extends ElectronImage>(
  electron: Pick<Electron<Menu, Image>, "Menu" | "Tray" | "nativeImage">,
  platform: NodeJS.Platform,
  { handlers, events, status }: Pick<Served, "handlers" | "events" | "status">,
  { actions, newVersion }: TrayParts,
): () => void {
  const show = createTray(electron, platform, actions);
  let counts = NO_COUNTS;
  const refresh = async (): Promise<void> => {
    const recent = await handlers["session.recent"]({});
    show({ status: status(), counts, recent, newVersion: newVersion() });
  };
  // A session that is being replaced has nothing to tell; the next event will.
  const now = (): void => void refresh().catch(() => undefined);
  events.on("status", now);
  events.on("verdicts", (told) => {
    counts = told;
    now();
  });
  const begin = async (): Promise<void> => {
    counts = (await handlers["verdicts.get"]({})).counts;
  };
  void begin().then(now, now);
  return now;
}
