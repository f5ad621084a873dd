// What `serve` can be told: flags, then parallax.config.json in the data folder, then these defaults. One table; a wrong
// flag or key is an error that names it and the nearest right one.
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Mode } from "../../shared/contract.ts";
import type { JsonValue } from "../../shared/json.ts";
import type { IndexRule } from "../../shared/routing.ts";
import { messageOf } from "../../shared/thrown.ts";
import { VERDICT_RULES_KEY, type VerdictEntry } from "../../shared/verdict_rules.ts";
import { compileFilter } from "../capture/filter/index.ts";
import type { Filter } from "../capture/types.ts";
import type { ClusterOptions } from "../clickhouse/cluster.ts";
import { SEARCH_LIMITS, type SearchLimits } from "../clickhouse/search_settings.ts";
import { JOURNAL_CAP_BYTES } from "../journal/journal.ts";
import type { ClientTls } from "../proxy/client_tls.ts";
import type { TlsTrust } from "../proxy/upstream.ts";
import type { TelemetrySettings } from "../report/telemetry_reports.ts";
import { isMode } from "../routing/rules.ts";
import { hostList, type InterceptSettings } from "./intercept_options.ts";
import { BadOption } from "./json_file.ts";
import { nearest } from "./nearest.ts";
import { fromText, OPTIONS, readConfigFile, type Values } from "./option_table.ts";
import { routeOfText, routesOf } from "./routes.ts";
import { type RulesSettings, rulesSettings } from "./rules.ts";
import { type Passwords, passwordOf, type SecretStore, withPassword } from "./secrets.ts";
import { pipesKeptBack } from "./startup_options.ts";
import { clientTls } from "./tls_options.ts";
import { urlProblem } from "./url.ts";
import { verdictRulesOf } from "./verdict_rules.ts";

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
  /** Whether every handled call writes its profile. */
  readonly apiProfiler: boolean;
  readonly token: boolean;
  /** Whether every call of the interface needs the token, and no page carries it. */
  readonly authRequired: boolean;
  /** How often the engine is asked for its health, and how long an answer may take. */
  readonly health: { readonly intervalMs: number; readonly timeoutMs: number };
  /** Host names beside loopback's that clients may use for the Elasticsearch endpoint. */
  readonly allowedHosts: readonly string[];
  readonly intercept: InterceptSettings;
  /** Rewrite rules and the script. */
  readonly rules: RulesSettings;
  /** What is said of the rules of the comparison. */
  readonly verdictRules: readonly VerdictEntry[];
  /** Most bytes that a session file may take. */
  readonly captureCapBytes: number;
  /** Whether exchanges are written as text, and which; null: all. */
  readonly dump: { readonly on: boolean; readonly filter: Filter | null };
  /** When telemetry reports are made, and where they are sent; null: nowhere. */
  readonly telemetry: TelemetrySettings;
  /** Most bytes of writes that the journal keeps. */
  readonly journalCapBytes: number;
  readonly desktop: DesktopOptions;
  readonly given: Given;
}

/** What concerns the app in Electron alone. */
export interface DesktopOptions {
  readonly notifications: boolean;
  readonly openAtLogin: boolean;
  /** Where a newer version is asked for; null: nowhere. */
  readonly versionUrl: string | null;
}

export interface PortOption {
  readonly port: number;
  /** Given by the user: taken as it is, or the start fails. */
  readonly exact: boolean;
}

/** What `serve` was told, and by whom. */
export interface Given {
  readonly data: string;
  readonly configFile: string;
  /** By flag: they win over the file. */
  readonly flags: Values;
  readonly file: Values;
  /** Pipes are kept back by `startup_options.json`, whatever the rest says. */
  readonly keptBack: boolean;
  /** What gives addresses their passwords. */
  readonly passwords: Passwords;
}

/** What is given by flag, by the config file and by `startup_options.json`; `openStore` opens where passwords are kept. Throws BadOption. */
export function readGiven(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
  openStore: (dataFolder: string) => SecretStore | null = () => null,
): Given {
  const { values, data } = readFlags(argv);
  const folder = resolve(data ?? defaultDataFolder(env, platform));
  const keptBack = pipesKeptBack(folder);
  const configFile = join(folder, "parallax.config.json");
  return {
    data: folder,
    configFile,
    flags: values,
    file: readConfigFile(configFile),
    keptBack,
    passwords: { env, store: openStore(folder) },
  };
}

/** The options of `serve`. Throws BadOption. */
export function readServeOptions(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
  openStore?: (dataFolder: string) => SecretStore | null,
): ServeOptions {
  return serveOptions(readGiven(argv, env, platform, openStore));
}

/** The options that follow from what is given. Throws BadOption. */
export function serveOptions(given: Given): ServeOptions {
  const { data: folder, keptBack } = given;
  const merged: Values = new Map([...given.file, ...given.flags]);
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
  const addresses = (key: string): string | null => {
    const urls = text(key);
    return urls === null ? null : withPassword(urls, passwordOf(key, urls, given.passwords));
  };
  const clickhouse = addresses("clickhouse.url");
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
    elasticsearch: url(addresses("elasticsearch.url"), "elasticsearch.url (--elasticsearch)"),
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
    apiProfiler: yes("profiler.everyCall", false),
    autorun: !yes("task_manager.disable_pump_scheduler", false) && !keptBack,
    given,
    token: tokenNeeded(yes("interface.token", true), yes("auth.required", false)),
    authRequired: yes("auth.required", false),
    health: { intervalMs: number("health.intervalSeconds", 5) * 1000, timeoutMs: number("health.timeoutSeconds", 5) * 1000 },
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
    verdictRules: verdictRulesOf(merged.get(VERDICT_RULES_KEY)),
    captureCapBytes: number("capture.capBytes", 2 * 1024 ** 3),
    dump: { on: yes("dump.on", false) || text("dump.filter") !== null, filter: filter(text("dump.filter")) },
    telemetry: {
      intervalMs: number("telemetry.intervalSeconds", 3600) * 1000,
      url: oneUrl(addresses("telemetry.url"), "telemetry.url (--telemetry-url)"),
    },
    desktop: {
      notifications: yes("desktop.notifications", true),
      openAtLogin: yes("desktop.openAtLogin", false),
      versionUrl: versionUrl(text("desktop.versionUrl")),
    },
    journalCapBytes: number("journal.capBytes", JOURNAL_CAP_BYTES),
  });
}

function mode(text: string | null): Mode {
  if (text === null || isMode(text)) return text ?? "compare";
  throw new BadOption(`mode (--mode) is ${JSON.stringify(text)}; there are "tap", "compare" and "clickhouse".`);
}

function tokenNeeded(token: boolean, authRequired: boolean): boolean {
  if (token || !authRequired) return token;
  throw new BadOption(
    "auth.required (--auth-required) asks the token for every call, and interface.token (--no-token) has none: choose one.",
  );
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

function oneUrl(text: string | null, name: string): string | null {
  if (text?.includes(",") === true) throw new BadOption(`${name} is one URL.`);
  return url(text, name);
}

function versionUrl(text: string | null): string | null {
  if (text === null || URL.parse(text)?.protocol === "https:") return text;
  throw new BadOption("desktop.versionUrl (--version-url) must be an https URL.");
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
  for (const { key, flag, kind, opposite } of OPTIONS) {
    const value = parsed[flag];
    if (value === undefined) continue;
    if (kind === "routes" && Array.isArray(value))
      values.set(
        key,
        value.map((item) => routeOfText(String(item))),
      );
    else if (opposite === true && typeof value === "boolean") values.set(key, !value);
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
