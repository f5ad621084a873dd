// The contract's handlers of the settings, and of a start without pipes.
import type { RequestName, Status } from "../../shared/contract.ts";
import type { JsonValue } from "../../shared/json.ts";
import type { SettingsState } from "../../shared/settings.ts";
import { BadOption } from "../config/json_file.ts";
import type { Settings } from "../config/settings.ts";
import { ContractFailure, type Handlers } from "./handlers.ts";

type SettingsRequestName = Extract<RequestName, `settings.${string}` | `safe_mode.${string}`>;

/** What the handlers need of the engine. */
interface Configured {
  readonly settings: Settings;
  readonly pipes: { keepAllBack(): Promise<void> };
}

export function settingsHandlers(engine: Configured, status: () => Status): Pick<Handlers, SettingsRequestName> {
  const { settings } = engine;
  const changed = (change: () => void): SettingsState =>
    attempt(() => {
      change();
      return settings.state();
    });
  return {
    "settings.get": () => attempt(() => settings.state()),
    // What comes by the contract is JSON, whichever way it comes.
    "settings.set": ({ key, value }) => changed(() => settings.set(key, (value ?? null) as JsonValue)),
    "settings.upload": ({ config }) => changed(() => settings.upload(config as JsonValue)),
    "safe_mode.enter": async () => {
      attempt(() => settings.set("task_manager.disable_pump_scheduler", true));
      await engine.pipes.keepAllBack();
      return status();
    },
  };
}

function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof BadOption) throw new ContractFailure("bad_setting", error.message);
    throw error;
  }
}
