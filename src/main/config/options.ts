// What `serve` can be told: flags, then parallax.config.json in the data folder, then these defaults. One table; a wrong
// flag or key is an error that names it and the nearest right one.
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Mode } from "../../shared/contract.ts";
import { isObject, type JsonObject, type JsonValue } from "../../shared/json.ts";
import type { IndexRule } from "../../shared/routing.ts";
import { messageOf } from "../../shared/thrown.ts";
import { compileFilter } from "../capture/filter/index.ts";
import type { Filter } from "../capture/types.ts";
import { SEARCH_LIMITS, type SearchLimits } from "../clickhouse/client.ts";
import type { ClusterOptions } from "../clickhouse/cluster.ts";
import { JOURNAL_CAP_BYTES } from "../journal/journal.ts";
import type { ClientTls } from "../proxy/client_tls.ts";
import type { TlsTrust } from "../proxy/upstream.ts";
import { isMode } from "../routing/rules.ts";
import { hostList, type InterceptSettings } from "./intercept_options.ts";
import { BadOption, readJsonFile } from "./json_file.ts";
import { nearest } from "./nearest.ts";
import { checkedRoutes, routeOfText, routesOf } from "./routes.ts";
import { checkedRules, type RulesSettings, rulesOfFile, rulesSettings } from "./rules.ts";
import { pipesKeptBack } from "./startup_options.ts";
import { clientTls } from "./tls_options.ts";
import { urlProblem } from "./url.ts";

export interface ServeOptions {
  /** URLs of its nodes, with commas between. null: not given; localhost:9200 is tried, else the sample session opens. */
  readonly elasticsearch: string | null;
  /** How an https Elasticsearch is trusted. */
  readonly trust: TlsTrust;
  /** What becomes of clients that speak TLS; null: they are refused. */
  readonly clientTls: ClientTls | null;
  /** URL of a ClickHouse of the user's, or those of a cluster's servers with commas between; null: embedded. */
  readonly clickhouse: string | null;
  /** The cluster that tables are made on; null: the server alone. */
  readonly clickhouseCluster: ClusterOptions | null;
  readonly clickhousePort: PortOption;
  /** Bounds of each statement of a search. */
  readonly searchLimits: SearchLimits;
  readonly mode: Mode;
  /** Modes of indices; first match wins, `mode` is of the rest. */
  readonly routes: readonly IndexRule[];
  /** Whether Elasticsearch is asked, too, what ClickHouse has answered, so that it is compared. */
  readonly shadow: boolean;
  readonly port: PortOption;
  readonly uiPort: PortOption;
  readonly data: string;
  readonly sample: boolean;
  readonly open: boolean;
  /** False: every pipe that would start by itself is kept back. */
  readonly autorun: boolean;
  readonly token: boolean;
  /** Host names beside loopback's that clients may use for the Elasticsearch endpoint. */
  readonly allowedHosts: readonly string[];
  readonly intercept: InterceptSettings;
  /** Rewrite rules and the script. */
  readonly rules: RulesSettings;
  /** Most bytes that a session file may take. */
  readonly captureCapBytes: number;
  /** Whether exchanges are written as text, and which; null: all. */
  readonly dump: { readonly on: boolean; readonly filter: Filter | null };
  /** Most bytes of writes that the journal keeps. */
  readonly journalCapBytes: number;
}

export interface PortOption {
  readonly port: number;
  /** Given by the user: taken as it is, or the start fails. */
  readonly exact: boolean;
}

type Kind = "string" | "addresses" | "boolean" | "port" | "strings" | "routes" | "rules" | "bytes" | "seconds" | "milliseconds";
interface Option {
  readonly key: string;
  readonly flag: string;
  readonly kind: Kind;
}

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
  { key: "capture.capBytes", flag: "capture-cap", kind: "bytes" },
  { key: "dump.on", flag: "dump", kind: "boolean" },
  { key: "dump.filter", flag: "dump-filter", kind: "string" },
  { key: "journal.capBytes", flag: "journal-cap", kind: "bytes" },
  { key: "pipes.autorun", flag: "autorun", kind: "boolean" },
  { key: "rules", flag: "rules", kind: "rules" },
  { key: "script.file", flag: "script", kind: "string" },
  { key: "script.limitMs", flag: "script-limit", kind: "milliseconds" },
  { key: "sample", flag: "sample", kind: "boolean" },
];

const MOST_SECONDS = 86_400;
const MOST_MS = 60_000;

type Values = ReadonlyMap<string, JsonValue>;

/** The options of `serve`. Throws BadOption. */
export function readServeOptions(argv: readonly string[], env: NodeJS.ProcessEnv, platform: NodeJS.Platform): ServeOptions {
  const { values, data } = readFlags(argv);
  const folder = resolve(data ?? defaultDataFolder(env, platform));
  const keptBack = pipesKeptBack(folder);
  const merged: Values = new Map([...readConfigFile(join(folder, "parallax.config.json")), ...values]);
  const text = (key: string): string | null => {
    const value = merged.get(key);
    return typeof value === "string" ? value : null;
  };
  const yes = (key: string, otherwise: boolean): boolean => {
    const value = merged.get(key);
    return typeof value === "boolean" ? value : otherwise;
  };
  const port = (key: string, otherwise: number): PortOption => {
    const value = merged.get(key);
    return typeof value === "number" ? { port: value, exact: true } : { port: otherwise, exact: false };
  };
  const clickhouse = text("clickhouse.url");
  const list = (key: string): readonly string[] => {
    const value = merged.get(key);
    return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
  };
  const number = (key: string, otherwise: number): number => {
    const value = merged.get(key);
    return typeof value === "number" ? value : otherwise;
  };
  const ports = [
    { name: "proxy.port (--port)", of: port("proxy.port", 9280) },
    { name: "intercept.port (--intercept-port)", of: port("intercept.port", 9281) },
    { name: "interface.port (--ui-port)", of: port("interface.port", 9999) },
    { name: "clickhouse.port (--clickhouse-port)", of: port("clickhouse.port", 8123) },
  ];
  checkDistinct(ports);
  const replicated = merged.get("clickhouse.replicated");
  return Object.freeze({
    clientTls: clientTls({
      tls: text("proxy.tls"),
      cert: text("proxy.tlsCert"),
      key: text("proxy.tlsKey"),
      folder,
      mode: mode(text("mode")),
      elasticsearch: text("elasticsearch.url"),
    }),
    trust: trust(text("elasticsearch.ca"), yes("elasticsearch.insecure", false)),
    elasticsearch: url(text("elasticsearch.url"), "elasticsearch.url (--elasticsearch)"),
    clickhouse: clickhouse === "embedded" ? null : url(clickhouse, "clickhouse.url (--clickhouse)"),
    clickhouseCluster: cluster(text("clickhouse.cluster"), typeof replicated === "boolean" ? replicated : null, clickhouse),
    clickhousePort: port("clickhouse.port", 8123),
    searchLimits: {
      seconds: number("clickhouse.maxSeconds", SEARCH_LIMITS.seconds),
      memoryBytes: number("clickhouse.maxMemoryBytes", SEARCH_LIMITS.memoryBytes),
    },
    mode: mode(text("mode")),
    routes: routesOf(merged.get("routes")),
    shadow: yes("shadow", false),
    port: port("proxy.port", 9280),
    uiPort: port("interface.port", 9999),
    data: folder,
    sample: yes("sample", false),
    open: yes("interface.open", false),
    autorun: yes("pipes.autorun", true) && !keptBack,
    token: yes("interface.token", true),
    allowedHosts: list("proxy.allowedHosts"),
    intercept: {
      on: yes("intercept.on", true),
      port: port("intercept.port", 9281),
      elasticsearchHosts: hostList(list("intercept.elasticsearchHosts"), "intercept.elasticsearchHosts (--intercept-elasticsearch)"),
      passThrough: hostList(list("intercept.passThrough"), "intercept.passThrough (--intercept-pass-through)"),
      ca: certificates(text("intercept.ca"), "intercept.ca (--intercept-ca)"),
      insecure: yes("intercept.insecure", false),
    },
    rules: rulesSettings(merged.get("rules"), text("script.file"), merged.get("script.limitMs")),
    captureCapBytes: number("capture.capBytes", 2 * 1024 ** 3),
    dump: { on: yes("dump.on", false) || text("dump.filter") !== null, filter: filter(text("dump.filter")) },
    journalCapBytes: number("journal.capBytes", JOURNAL_CAP_BYTES),
  });
}

function mode(text: string | null): Mode {
  if (text === null || isMode(text)) return text ?? "compare";
  throw new BadOption(`mode (--mode) is ${JSON.stringify(text)}; there are "tap", "compare" and "clickhouse".`);
}

function filter(text: string | null): Filter | null {
  if (text === null || text.trim() === "") return null;
  const result = compileFilter(text);
  if (result.ok) return result.filter;
  throw new BadOption(`dump.filter (--dump-filter): at position ${result.error.position + 1}: ${result.error.message}`);
}

function url(text: string | null, name: string): string | null {
  const problem = text === null ? "" : urlProblem(text);
  if (problem !== "") throw new BadOption(`${name} ${problem}`);
  return text;
}

function cluster(name: string | null, replicated: boolean | null, clickhouse: string | null): ClusterOptions | null {
  if (name !== null && clickhouse !== null && clickhouse !== "embedded") return { name, replicated };
  if (name !== null) throw new BadOption("clickhouse.cluster (--clickhouse-cluster) needs a ClickHouse of yours: give --clickhouse URL.");
  if (replicated !== null)
    throw new BadOption("clickhouse.replicated (--clickhouse-replicated) is for a cluster: give --clickhouse-cluster NAME.");
  if (clickhouse === null || !clickhouse.includes(",")) return null;
  throw new BadOption("clickhouse.url (--clickhouse) has several URLs, which are those of a cluster: give --clickhouse-cluster NAME.");
}

function trust(file: string | null, insecure: boolean): TlsTrust {
  const ca = certificates(file, "elasticsearch.ca (--elasticsearch-ca)");
  return ca === null ? { insecure } : { insecure, ca };
}

/** The text of a file of PEM certificates. */
function certificates(file: string | null, name: string): string | null {
  if (file === null) return null;
  let pem: string;
  try {
    pem = readFileSync(file, "utf8");
  } catch (error) {
    throw new BadOption(`${name} can't be read: ${messageOf(error)}. Give a file of PEM certificates.`);
  }
  if (pem.includes("-----BEGIN CERTIFICATE-----")) return pem;
  throw new BadOption(`${name}: ${file} holds no PEM certificate (-----BEGIN CERTIFICATE-----).`);
}

function checkDistinct(ports: readonly { readonly name: string; readonly of: PortOption }[]): void {
  for (const [at, one] of ports.entries()) {
    const same = ports.slice(at + 1).find(({ of }) => of.exact && one.of.exact && of.port === one.of.port);
    if (same !== undefined) throw new BadOption(`${one.name} and ${same.name} are both ${one.of.port}; give each its own.`);
  }
}

/** Where everything lives when --data is not given: the platform's folder for application data. */
export function defaultDataFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (platform === "darwin") return join(homedir(), "Library", "Application Support", "Parallax");
  if (platform === "win32") return join(env.APPDATA ?? join(homedir(), "AppData", "Roaming"), "Parallax");
  return join(env.XDG_CONFIG_HOME ?? join(homedir(), ".config"), "Parallax");
}

function readFlags(argv: readonly string[]): { readonly values: Values; readonly data: string | null } {
  const names = [...OPTIONS.map((option) => option.flag), "data"];
  for (const arg of argv) {
    const name = arg.startsWith("--") ? (arg.slice(2).split("=", 1)[0] ?? "") : null;
    const plain = name?.startsWith("no-") === true ? name.slice(3) : name;
    if (plain === null || names.includes(plain)) continue;
    throw new BadOption(`There is no flag ${arg}; did you mean --${nearest(plain, names)}? \`parallax serve --help\` lists all.`);
  }
  const parsed = parse(argv);
  const values = new Map<string, JsonValue>();
  for (const { key, flag, kind } of OPTIONS) {
    const value = parsed[flag];
    if (value === undefined) continue;
    if (kind === "routes" && Array.isArray(value))
      values.set(
        key,
        value.map((item) => routeOfText(String(item))),
      );
    else values.set(key, typeof value === "string" ? fromText(kind, value, `--${flag}`) : asJson(value));
  }
  const data = parsed.data;
  return { values, data: typeof data === "string" ? data : null };
}

function asJson(value: boolean | readonly (string | boolean)[]): JsonValue {
  return value;
}

function parse(argv: readonly string[]): Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>> {
  const options: Record<string, { type: "string" | "boolean"; multiple?: boolean }> = { data: { type: "string" } };
  for (const { flag, kind } of OPTIONS) {
    const several = kind === "strings" || kind === "routes";
    options[flag] = kind === "boolean" ? { type: "boolean" } : several ? { type: "string", multiple: true } : { type: "string" };
  }
  try {
    return parseArgs({ args: [...argv], options, allowNegative: true, strict: true }).values;
  } catch (error) {
    throw new BadOption(`${messageOf(error)} \`parallax serve --help\` lists the flags.`);
  }
}

function fromText(kind: Kind, text: string, name: string): JsonValue {
  if (kind === "rules") return rulesOfFile(text);
  if (kind !== "port" && kind !== "bytes" && kind !== "seconds" && kind !== "milliseconds") return text;
  return checked(kind, /^\d+$/.test(text) ? Number(text) : text, name);
}

function readConfigFile(file: string): Values {
  const value = readJsonFile(file);
  if (value === null) return new Map();
  const values = new Map<string, JsonValue>();
  collect(value, "", file, values);
  return values;
}

function collect(object: JsonObject, prefix: string, file: string, values: Map<string, JsonValue>): void {
  const keys = OPTIONS.map((option) => option.key);
  for (const [name, value] of Object.entries(object)) {
    const path = prefix + name;
    const option = OPTIONS.find(({ key }) => key === path);
    if (option !== undefined) values.set(path, checked(option.kind, value, `${path} in ${file}`));
    else if (isObject(value) && keys.some((key) => key.startsWith(`${path}.`))) collect(value, `${path}.`, file, values);
    else throw new BadOption(`${file} has no key "${path}"; did you mean "${nearest(path, keys)}"?`);
  }
}

function checked(kind: Kind, value: JsonValue, name: string): JsonValue {
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
    case "routes":
      return checkedRoutes(value, name);
    case "strings":
      if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
      throw new BadOption(`${name} must be a list of strings.`);
  }
}
