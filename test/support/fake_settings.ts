// Settings without an engine: the real ones, over a config file of their own.
import { readGiven } from "../../src/main/config/options.ts";
import { Settings } from "../../src/main/config/settings.ts";
import { settingsHandlers } from "../../src/main/contract/settings_handlers.ts";
import type { Status } from "../../src/shared/contract.ts";

/** Handlers of the settings of the data folder `folder`. */
export function fakeSettings(folder: string, status: () => Status): ReturnType<typeof settingsHandlers> {
  const settings = new Settings(readGiven(["--data", folder, "--mode", "compare"], {}, "linux"), () => {});
  return settingsHandlers({ settings, pipes: { keepAllBack: () => Promise.resolve() } }, status);
}
