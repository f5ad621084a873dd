// The configuration files of the embedded ClickHouse: who may do what, how much memory it may take, where it logs.
import { createHash } from "node:crypto";
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { totalmem } from "node:os";
import { join } from "node:path";
import { messageOf } from "../../shared/thrown.ts";
import { notWritable } from "./embedded_error.ts";

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

export interface EmbeddedFiles {
  /** Where ClickHouse keeps its tables. */
  readonly data: string;
  readonly config: string;
  readonly log: string;
  /** Folder of this start's configuration. */
  readonly start: string;
}

const START_PREFIX = "start-";
const SYSTEM_LOGS = ["query_log", "processors_profile_log"] as const;

/**
 * Creates the folder and writes config.xml and users.xml into a subfolder of this start alone: a second start in a folder that
 * is in use must not change the passwords of the first. Throws EmbeddedClickHouseError when the folder can't be written.
 */
export function writeEmbeddedConfig(folder: string, app: Credentials, search: Credentials): EmbeddedFiles {
  try {
    const data = join(folder, "data");
    mkdirSync(data, { recursive: true });
    accessSync(data, constants.W_OK);
    const start = mkdtempSync(join(folder, START_PREFIX));
    const users = join(start, "users.xml");
    const files = { data, start, config: join(start, "config.xml"), log: join(folder, "clickhouse.log") };
    writeFileSync(users, usersXml(app, search), { mode: 0o600 });
    writeFileSync(files.config, configXml(files, users, join(folder, "clickhouse.err.log")), { mode: 0o600 });
    return Object.freeze(files);
  } catch (error) {
    throw notWritable(folder, messageOf(error));
  }
}

/** Removes what earlier starts in this folder left: called by the one that holds the folder. */
export function forgetEarlierStarts(folder: string, files: EmbeddedFiles): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (name.startsWith(START_PREFIX) && path !== files.start) rmSync(path, { recursive: true, force: true });
  }
}

/** Removes this start's configuration: called when its server is gone for good. */
export function forgetStart(files: EmbeddedFiles): void {
  rmSync(files.start, { recursive: true, force: true });
}

/**
 * Folders of the server's logs that an earlier start has left. The library keeps no list of its system tables: each start makes them anew, and
 * can't where their folders are there. To be asked before a start, and removed by the one that then holds the folder.
 */
export function earlierLogs({ data }: EmbeddedFiles): readonly string[] {
  return SYSTEM_LOGS.map((table) => join(data, "data", "system", table)).filter((folder) => existsSync(folder));
}

/** A quarter of the machine, at least 1 GB and at most 4 GB: the editor, Kibana and Elasticsearch live here too. */
export function memoryLimit(total: number = totalmem()): number {
  return Math.round(Math.min(Math.max(total / 4, 1e9), 4e9));
}

function configXml(files: EmbeddedFiles, users: string, errorLog: string): string {
  const systemLog = (table: string): string =>
    `<${table}><database>system</database><table>${table}</table><ttl>event_date + INTERVAL 3 DAY</ttl>` +
    `<flush_interval_milliseconds>1000</flush_interval_milliseconds></${table}>`;
  return `<clickhouse>
  <logger><level>information</level><log>${xml(files.log)}</log><errorlog>${xml(errorLog)}</errorlog><size>10M</size><count>2</count></logger>
  <user_directories><users_xml><path>${xml(users)}</path></users_xml></user_directories>
  <timezone>UTC</timezone>
  <max_server_memory_usage>${memoryLimit()}</max_server_memory_usage>
  <mark_cache_size>134217728</mark_cache_size>
  <primary_index_cache_size>134217728</primary_index_cache_size>
  <index_mark_cache_size>67108864</index_mark_cache_size>
  <http_max_uri_size>16777216</http_max_uri_size>
  ${SYSTEM_LOGS.map(systemLog).join("\n  ")}
</clickhouse>
`;
}

// `default` is whom the library's own call runs as: it must exist and must have no password, so it may do nothing but what
// that call does. Everyone else needs a password that lives as long as this process.
function usersXml(app: Credentials, search: Credentials): string {
  const loopback = "<networks><ip>127.0.0.1</ip></networks>";
  const password = (of: Credentials): string =>
    `<password_sha256_hex>${createHash("sha256").update(of.password).digest("hex")}</password_sha256_hex>`;
  return `<clickhouse>
  <profiles>
    <default><async_insert>0</async_insert></default>
    <search><readonly>2</readonly><cancel_http_readonly_queries_on_client_close>1</cancel_http_readonly_queries_on_client_close></search>
  </profiles>
  <users>
    <default>
      <password></password>${loopback}<profile>default</profile>
      <grants><query>GRANT SYSTEM LISTEN ON *.*</query><query>GRANT SELECT ON system.numbers</query></grants>
    </default>
    <${app.user}>${password(app)}${loopback}<profile>default</profile><access_management>1</access_management></${app.user}>
    <${search.user}>${password(search)}${loopback}<profile>search</profile>
      <grants><query>GRANT SELECT ON *.*</query></grants>
    </${search.user}>
  </users>
</clickhouse>
`;
}

function xml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
