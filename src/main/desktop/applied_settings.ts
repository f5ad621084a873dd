// The settings of the app, applied at the start and whenever they change: the login item, notifications, whom to ask for a newer version.
import type { Served } from "../contract/serve_engine.ts";
import type { ElectronApp } from "./electron.ts";
import { type LoginItem, setLoginItem } from "./login_item.ts";
import { findNewVersion, type NewVersion } from "./new_version.ts";

const ASKED_AGAIN_MS = 86_400_000;

interface AppliedIn extends LoginItem {
  readonly version: string;
}

export class AppliedSettings {
  readonly #app: Pick<ElectronApp, "isPackaged" | "setLoginItemSettings">;
  readonly #start: AppliedIn;
  readonly #served: Pick<Served, "handlers" | "events">;
  readonly #changed: () => void;
  #openAtLogin: boolean | null = null;
  #versionUrl: string | null = null;
  #timer: NodeJS.Timeout | undefined;
  notifies = true;
  newVersion: NewVersion | null = null;

  /** `changed`: there is something new to show. */
  constructor(
    app: Pick<ElectronApp, "isPackaged" | "setLoginItemSettings">,
    start: AppliedIn,
    served: Pick<Served, "handlers" | "events">,
    changed: () => void,
  ) {
    this.#app = app;
    this.#start = start;
    this.#served = served;
    this.#changed = changed;
    served.events.on("status", () => void this.#apply());
    void this.#apply();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #apply(): Promise<void> {
    try {
      const { settings } = await this.#served.handlers["settings.get"]({});
      const value = (key: string) => settings.find((setting) => setting.key === key)?.value ?? null;
      this.notifies = value("desktop.notifications") !== false;
      this.#logIn(value("desktop.openAtLogin") === true);
      const url = value("desktop.versionUrl");
      this.#ask(typeof url === "string" ? url : null);
    } catch {
      // The config file was spoilt meanwhile: what was applied stays, and the Settings page says what is wrong.
    }
  }

  #logIn(on: boolean): void {
    // What was never chosen here is left as the system has it.
    if (on === (this.#openAtLogin ?? false)) return;
    this.#openAtLogin = on;
    setLoginItem(this.#app, on, this.#start);
  }

  #ask(url: string | null): void {
    if (url === this.#versionUrl) return;
    this.#versionUrl = url;
    clearInterval(this.#timer);
    this.newVersion = null;
    if (url === null) return;
    const ask = async (): Promise<void> => {
      this.newVersion = await findNewVersion(url, this.#start.version);
      this.#changed();
    };
    this.#timer = setInterval(() => void ask(), ASKED_AGAIN_MS).unref();
    void ask();
  }
}
