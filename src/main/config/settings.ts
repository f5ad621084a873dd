// The settings while Parallax runs: shown with where each comes from, changed one by one or by a whole configuration, and kept in the
// config file. What the file would make of the next start is tried before it is written: page and file never disagree.
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { isArray, isObject, type JsonObject, type JsonValue, jsonObject, member, printJson } from "../../shared/json.ts";
import type { Setting, SettingsState } from "../../shared/settings.ts";
import { messageOf } from "../../shared/thrown.ts";
import { VERDICT_RULES_KEY } from "../../shared/verdict_rules.ts";
import { replaceFile } from "../replace_file.ts";
import { BadOption } from "./json_file.ts";
import { nearest } from "./nearest.ts";
import { checked, configOf, OPTIONS, readConfigFile, type Values, valuesOf } from "./option_table.ts";
import { type Given, type ServeOptions, serveOptions } from "./options.ts";
import { keepPassword, PASSWORD_VARIABLES } from "./secrets.ts";

/** Settings that a running Parallax takes at once. */
const AT_ONCE: readonly string[] = [
  "mode",
  "task_manager.disable_pump_scheduler",
  VERDICT_RULES_KEY,
  "desktop.notifications",
  "desktop.openAtLogin",
  "desktop.versionUrl",
];
const HIDDEN = "…";

export class Settings {
  readonly #started: Given;
  /** Told of what the settings are now, for what is taken at once. */
  readonly #changed: (options: ServeOptions, keys: readonly string[]) => void;
  /** The settings of the file that run now. */
  #running: Values;

  constructor(given: Given, changed: (options: ServeOptions, keys: readonly string[]) => void) {
    this.#started = given;
    this.#running = given.file;
    this.#changed = changed;
  }

  /** Throws BadOption where the file was spoilt meanwhile. */
  state(): SettingsState {
    const file = this.#read();
    return {
      file: this.#started.configFile,
      settings: OPTIONS.map(({ key, flag, kind }) => this.#setting(key, flag, kind, file)),
      keptBackByFile: this.#started.keptBack,
    };
  }

  /** Gives one setting a value of the file, or with null its default again. Throws BadOption; then nothing is changed. */
  set(key: string, value: JsonValue): void {
    const option = OPTIONS.find((one) => one.key === key);
    if (option === undefined) {
      const keys = OPTIONS.map((one) => one.key);
      throw new BadOption(`There is no setting "${key}"; did you mean "${nearest(key, keys)}"?`);
    }
    if (typeof value === "string" && option.kind === "addresses" && value.includes(`:${HIDDEN}@`)) {
      throw new BadOption(`${key} has a password that is not shown: write it again.`);
    }
    const values = new Map(this.#read());
    if (value === null) values.delete(key);
    else values.set(key, checked(option.kind, value, key));
    this.#write(values, [key]);
  }

  /**
   * Takes a whole configuration in the place of the file's: nested keys, or entities as Sesam has them, of which only the node's metadata
   * `{"_id": "node", "type": "metadata", …}` means something here. Throws BadOption; then nothing is changed.
   */
  upload(config: JsonValue): void {
    const values = valuesOf(settingsOf(config), "the configuration");
    this.#write(
      values,
      OPTIONS.map(({ key }) => key),
    );
  }

  #read(): Values {
    return readConfigFile(this.#started.configFile);
  }

  #setting(key: string, flag: string, kind: Setting["kind"], file: Values): Setting {
    const given = this.#started.flags.get(key);
    const value = given ?? file.get(key) ?? null;
    const from = given !== undefined ? "flag" : file.has(key) ? "file" : "default";
    const waits = given === undefined && printed(file.get(key)) !== printed(this.#running.get(key));
    return { key, flag, kind, value: hidden(value), from, waits };
  }

  #write(values: Values, keys: readonly string[]): void {
    const options = serveOptions({ ...this.#started, file: values });
    const { configFile } = this.#started;
    try {
      mkdirSync(dirname(configFile), { recursive: true });
      replaceFile(configFile, printJson(configOf(this.#withoutPasswords(values)), 2), 0o600);
    } catch (error) {
      throw new BadOption(`${configFile} can't be written: ${messageOf(error)}. Nothing was changed.`);
    }
    const taken = keys.filter((key) => AT_ONCE.includes(key) && printed(values.get(key)) !== printed(this.#running.get(key)));
    const running = new Map(this.#running);
    for (const key of taken) {
      const value = values.get(key);
      if (value === undefined) running.delete(key);
      else running.set(key, value);
    }
    this.#running = running;
    this.#changed(options, taken);
  }

  /** Passwords go where they are encrypted, if there is such a place. */
  #withoutPasswords(values: Values): Values {
    const { store } = this.#started.passwords;
    if (store === null) return values;
    const plain = new Map(values);
    for (const key of Object.keys(PASSWORD_VARIABLES)) {
      const value = values.get(key);
      const urls = keepPassword(key, typeof value === "string" ? value : null, store);
      if (urls !== null) plain.set(key, urls);
    }
    return plain;
  }
}

function printed(value: JsonValue | undefined): string {
  return value === undefined ? "" : printJson(value);
}

/** `http://user:…@host` for URLs with a password. */
function hidden(value: JsonValue): JsonValue {
  return typeof value === "string" ? value.replaceAll(/(\/\/[^/:@\s]*):[^/@\s]*@/g, `$1:${HIDDEN}@`) : value;
}

function settingsOf(config: JsonValue): JsonObject {
  if (isArray(config)) {
    if (config.length === 1 && config[0] !== undefined) return settingsOf(config[0]);
    const other = config.find((entity) => !isNode(entity));
    if (other !== undefined) return refuseEntity(other);
    throw new BadOption(`The configuration must have the node's metadata once; it has it ${config.length} times.`);
  }
  if (!isObject(config)) throw new BadOption("The configuration must be a JSON object, or a list with the node's metadata.");
  if (member(config, "_id") === undefined && member(config, "type") === undefined) return config;
  if (!isNode(config)) return refuseEntity(config);
  return jsonObject(Object.entries(config).filter(([name]) => name !== "_id" && name !== "type"));
}

function isNode(entity: JsonValue): boolean {
  return isObject(entity) && member(entity, "_id") === "node" && member(entity, "type") === "metadata";
}

function refuseEntity(entity: JsonValue): never {
  const named = isObject(entity) ? printed(member(entity, "_id")) : printed(entity);
  throw new BadOption(
    `Of entities Parallax takes only {"_id": "node", "type": "metadata", …}; ${named} is another one. Its own pipes are not configured: see /api/pipes.`,
  );
}
