// A ClickHouse cluster for tests: several real servers on loopback, one a shard, that know one another by their configuration. Without
// Keeper: the library that they are runs no Keeper, no queue of statements for all servers and no port between replicas.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { libraryPath } from "../../src/main/clickhouse/library.ts";
import { freePort, until } from "./parallax_process.ts";

export interface ClickHouseCluster {
  /** As its servers know it. */
  readonly name: string;
  /** One a server, of its HTTP interface; anyone is let in. */
  readonly urls: readonly string[];
  /** Answer of one server, as text. */
  ask(server: number, sql: string): Promise<string>;
  /** Kills one server. */
  kill(server: number): Promise<void>;
  /** Starts it again, with its data. */
  revive(server: number): Promise<void>;
  stop(): Promise<void>;
}

const NAME = "shards";
const READY_MS = 60_000;

/** Starts so many shards. */
export async function startClickHouseCluster(shards: number): Promise<ClickHouseCluster> {
  const folder = await mkdtemp(join(tmpdir(), "parallax-cluster-"));
  const ports = await Promise.all(Array.from({ length: shards }, async () => ({ http: await freePort(), tcp: await freePort() })));
  const running = new Map<number, ReturnType<typeof spawn>>();
  const urls = ports.map(({ http }) => `http://127.0.0.1:${http}`);

  const ask = async (server: number, sql: string): Promise<string> => {
    const answer = await fetch(urls[server] ?? "", { method: "POST", body: sql });
    const text = await answer.text();
    if (!answer.ok) throw new Error(text);
    return text.trim();
  };
  const revive = async (server: number): Promise<void> => {
    const data = join(folder, `data${server}`);
    const config = join(folder, `config${server}.xml`);
    await mkdir(data, { recursive: true });
    await writeFile(config, configXml(ports, join(folder, `server${server}.log`)));
    const { http = 0, tcp = 0 } = ports[server] ?? {};
    const args = [join(import.meta.dirname, "clickhouse_node.ts"), libraryPath(), config, data, String(http), String(tcp)];
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...args], { stdio: "ignore", cwd: folder });
    running.set(server, child);
    const answers = await until(
      () => ask(server, "SELECT 1").catch(() => ""),
      (text) => text === "1",
      READY_MS,
    );
    if (answers !== "1") throw new Error(`server ${server} of the ClickHouse cluster did not start`);
  };
  const kill = async (server: number): Promise<void> => {
    const child = running.get(server);
    running.delete(server);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  };
  const stop = async (): Promise<void> => {
    await Promise.all(ports.map((_, server) => kill(server)));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await Promise.all(ports.map((_, server) => revive(server)));
  } catch (error) {
    await stop();
    throw error;
  }
  return { name: NAME, urls, ask, kill, revive, stop };
}

function configXml(ports: readonly { readonly tcp: number }[], log: string): string {
  const shards = ports.map(
    ({ tcp }) =>
      `<shard><internal_replication>true</internal_replication><replica><host>127.0.0.1</host><port>${tcp}</port></replica></shard>`,
  );
  return `<clickhouse>
  <logger><level>warning</level><log>${log}</log></logger>
  <timezone>UTC</timezone>
  <max_server_memory_usage>1000000000</max_server_memory_usage>
  <remote_servers><${NAME}>${shards.join("")}</${NAME}></remote_servers>
</clickhouse>
`;
}
