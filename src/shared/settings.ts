// The settings of the config file as the window sees them. Plain data.
import type { JsonValue } from "./json.ts";

/** What a setting holds: `addresses` are URLs with commas between, `milliseconds` and `seconds` whole numbers. */
export type SettingKind =
  | "string"
  | "addresses"
  | "boolean"
  | "port"
  | "strings"
  | "routes"
  | "rules"
  | "verdict_rules"
  | "bytes"
  | "seconds"
  | "milliseconds";

export interface Setting {
  /** As the config file nests it: `proxy.port`. */
  readonly key: string;
  /** Without its dashes. */
  readonly flag: string;
  readonly kind: SettingKind;
  /** What the next start goes by; null: the default. Passwords in URLs are hidden. */
  readonly value: JsonValue;
  /** `flag`: given when this Parallax was started, which wins over the file. */
  readonly from: "flag" | "file" | "default";
  /** It runs by another value and takes this one at the next start. */
  readonly waits: boolean;
}

export interface SettingsState {
  /** The config file. */
  readonly file: string;
  readonly settings: readonly Setting[];
  /** `startup_options.json` keeps all pipes back, whatever the settings say. */
  readonly keptBackByFile: boolean;
}

/** Whether a start that goes wrong again and again could be had without pipes. */
export interface SafeMode {
  /** Runs in a row before this one that did not end in order. */
  readonly crashes: number;
  /** Two or more: the window, the terminal and the shell offer it. */
  readonly offered: boolean;
  /** What keeps all pipes back now; null: they run by themselves. */
  readonly by: "setting" | "flag" | "startup_options.json" | null;
}
