// The settings of `serve` as one table, and the config file that holds them: nested objects of these keys. A wrong key or value is an
// error that names it and the nearest right one.
import { isObject, type JsonObject, type JsonValue, jsonObject } from "../../shared/json.ts";
import type { SettingKind } from "../../shared/settings.ts";
import { VERDICT_RULES_KEY } from "../../shared/verdict_rules.ts";
import { BadOption, readJsonFile } from "./json_file.ts";
import { nearest } from "./nearest.ts";
import { checkedRoutes } from "./routes.ts";
import { checkedRules, rulesOfFile } from "./rules.ts";
import { checkedVerdictRules, verdictRulesOfFile } from "./verdict_rules.ts";

interface Option {
  readonly key: string;
  readonly flag: string;
  readonly kind: SettingKind;
  /** The flag says the opposite of the key. */
  readonly opposite?: true;
}

/** The values of some settings, by key. */
export type Values = ReadonlyMap<string, JsonValue>;

export const OPTIONS: readonly Option[] = [
  { key: "elasticsearch.url", flag: "elasticsearch", kind: "addresses" },
  { key: "elasticsearch.ca", flag: "elasticsearch-ca", kind: "string" },
  { key: "elasticsearch.insecure", flag: "elasticsearch-insecure", kind: "boolean" },
  { key: "clickhouse.url", flag: "clickhouse", kind: "addresses" },
  { key: "clickhouse.cluster", flag: "clickhouse-cluster", kind: "string" },
  { key: "clickhouse.replicated", flag: "clickhouse-replicated", kind: "boolean" },
  { key: "clickhouse.port", flag: "clickhouse-port", kind: "port" },
  { key: "clickhouse.maxSeconds", flag: "clickhouse-max-seconds", kind: "seconds" },
  { key: "clickhouse.maxMemoryBytes", flag: "clickhouse-max-memory", kind: "bytes" },
  { key: "mode", flag: "mode", kind: "string" },
  { key: "routes", flag: "route", kind: "routes" },
  { key: "shadow", flag: "shadow", kind: "boolean" },
  { key: "proxy.port", flag: "port", kind: "port" },
  { key: "proxy.tls", flag: "tls", kind: "string" },
  { key: "proxy.tlsCert", flag: "tls-cert", kind: "string" },
  { key: "proxy.tlsKey", flag: "tls-key", kind: "string" },
  { key: "proxy.allowedHosts", flag: "allowed-host", kind: "strings" },
  { key: "intercept.on", flag: "intercept", kind: "boolean" },
  { key: "intercept.port", flag: "intercept-port", kind: "port" },
  { key: "intercept.elasticsearchHosts", flag: "intercept-elasticsearch", kind: "strings" },
  { key: "intercept.passThrough", flag: "intercept-pass-through", kind: "strings" },
  { key: "intercept.ca", flag: "intercept-ca", kind: "string" },
  { key: "intercept.insecure", flag: "intercept-insecure", kind: "boolean" },
  { key: "interface.port", flag: "ui-port", kind: "port" },
  { key: "interface.token", flag: "token", kind: "boolean" },
  { key: "interface.open", flag: "open", kind: "boolean" },
  { key: "auth.required", flag: "auth-required", kind: "boolean" },
  { key: "health.intervalSeconds", flag: "health-interval", kind: "seconds" },
  { key: "health.timeoutSeconds", flag: "health-timeout", kind: "seconds" },
  { key: "capture.capBytes", flag: "capture-cap", kind: "bytes" },
  { key: "dump.on", flag: "dump", kind: "boolean" },
  { key: "dump.filter", flag: "dump-filter", kind: "string" },
  { key: "journal.capBytes", flag: "journal-cap", kind: "bytes" },
  { key: "profiler.everyCall", flag: "enable-api-profiler", kind: "boolean" },
  { key: "telemetry.intervalSeconds", flag: "telemetry-interval", kind: "seconds" },
  { key: "telemetry.url", flag: "telemetry-url", kind: "addresses" },
  { key: "task_manager.disable_pump_scheduler", flag: "autorun", kind: "boolean", opposite: true },
  { key: "rules", flag: "rules", kind: "rules" },
  { key: VERDICT_RULES_KEY, flag: "verdict-rules", kind: "verdict_rules" },
  { key: "script.file", flag: "script", kind: "string" },
  { key: "script.limitMs", flag: "script-limit", kind: "milliseconds" },
  { key: "desktop.notifications", flag: "notifications", kind: "boolean" },
  { key: "desktop.openAtLogin", flag: "open-at-login", kind: "boolean" },
  { key: "desktop.versionUrl", flag: "version-url", kind: "string" },
  { key: "sample", flag: "sample", kind: "boolean" },
];

const MOST_SECONDS = 86_400;
const MOST_MS = 60_000;

/** The value of a flag that is given as text. Throws BadOption. */
export function fromText(kind: SettingKind, text: string, name: string): JsonValue {
  if (kind === "rules") return rulesOfFile(text);
  if (kind === "verdict_rules") return verdictRulesOfFile(text);
  if (kind !== "port" && kind !== "bytes" && kind !== "seconds" && kind !== "milliseconds") return text;
  return checked(kind, /^\d+$/.test(text) ? Number(text) : text, name);
}

/** The settings of a config file; none where there is no file. Throws BadOption. */
export function readConfigFile(file: string): Values {
  const value = readJsonFile(file);
  return value === null ? new Map() : valuesOf(value, file);
}

/** The settings of a config, by key, each checked. `source` names it in errors. Throws BadOption. */
export function valuesOf(config: JsonObject, source: string): Values {
  const values = new Map<string, JsonValue>();
  collect(config, "", source, values);
  return values;
}

/** Settings as a config file has them: nested objects. */
export function configOf(values: Values): JsonObject {
  const top: [string, JsonValue][] = [];
  const sections = new Map<string, [string, JsonValue][]>();
  for (const { key } of OPTIONS) {
    const value = values.get(key);
    if (value === undefined) continue;
    const dot = key.indexOf(".");
    const [section, name] = [key.slice(0, Math.max(dot, 0)), key.slice(dot + 1)];
    if (dot < 0) top.push([key, value]);
    else sections.set(section, [...(sections.get(section) ?? []), [name, value]]);
  }
  return jsonObject([...[...sections].map(([section, members]) => [section, jsonObject(members)] as const), ...top]);
}

function collect(object: JsonObject, prefix: string, source: string, values: Map<string, JsonValue>): void {
  const keys = OPTIONS.map((option) => option.key);
  for (const [name, value] of Object.entries(object)) {
    const path = prefix + name;
    const option = OPTIONS.find(({ key }) => key === path);
    if (option !== undefined) values.set(path, checked(option.kind, value, `${path} in ${source}`));
    else if (isObject(value) && keys.some((key) => key.startsWith(`${path}.`))) collect(value, `${path}.`, source, values);
    else throw new BadOption(`${source} has no key "${path}"; did you mean "${nearest(path, keys)}"?`);
  }
}

/** The value as the table keeps it. Throws BadOption naming it `name`. */
export function checked(kind: SettingKind, value: JsonValue, name: string): JsonValue {
  switch (kind) {
    case "string":
      if (typeof value === "string") return value;
      throw new BadOption(`${name} must be a string.`);
    case "addresses":
      if (typeof value === "string") return value;
      if (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "string")) return value.join(",");
      throw new BadOption(`${name} must be a URL or a list of URLs.`);
    case "boolean":
      if (typeof value === "boolean") return value;
      throw new BadOption(`${name} must be true or false.`);
    case "port":
      if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 65_535) return value;
      throw new BadOption(`${name} must be a port from 1 to 65535.`);
    case "bytes":
      if (typeof value === "number" && Number.isSafeInteger(value) && value >= 1024 ** 2) return value;
      throw new BadOption(`${name} must be a number of bytes, 1048576 or more.`);
    case "seconds":
      if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= MOST_SECONDS) return value;
      throw new BadOption(`${name} must be a whole number of seconds from 1 to ${MOST_SECONDS}.`);
    case "milliseconds":
      if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= MOST_MS) return value;
      throw new BadOption(`${name} must be a whole number of milliseconds from 1 to ${MOST_MS}.`);
    case "rules":
      return checkedRules(value, name);
    case "verdict_rules":
      return checkedVerdictRules(value, name);
    case "routes":
      return checkedRoutes(value, name);
    case "strings":
      if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
      throw new BadOption(`${name} must be a list of strings.`);
  }
}
