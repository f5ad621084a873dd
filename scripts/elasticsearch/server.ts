// Starts a single-node Elasticsearch on 127.0.0.1, security off, and waits until it answers. It ends with `stop`, and at
// the latest with the process that started it.
import { spawn } from "node:child_process";
import { chownSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Distribution, findDistribution, letOthersRead } from "./distribution.ts";
import { keptServer } from "./kept.ts";

export interface ServerOptions {
  /** 0: any free port. */
  readonly port: number;
  /** Keeps the data there; without it a temporary folder is used and removed at the stop. */
  readonly dataFolder?: string;
  /** Java heap, e.g. `1g`. */
  readonly heap?: string;
  readonly say: (line: string) => void;
}

export interface ElasticsearchServer {
  readonly url: string;
  readonly folder: string;
  /** Ends the server, waits for its end and removes its temporary folder. */
  stop(): Promise<void>;
  /** Resolves when the server is gone, whoever ended it. */
  readonly ended: Promise<void>;
}
export type Started = { readonly ok: true; readonly server: ElasticsearchServer } | { readonly ok: false; readonly why: string };

const READY_WITHIN_MS = 150_000;
/** Elasticsearch refuses to run as root: then it runs as `nobody`. */
const NOBODY = 65534;

/** Starts the server; `why` says what is missing on this machine, or why it did not come up (with the end of its log). */
export async function startElasticsearch(options: ServerOptions): Promise<Started> {
  const found = findDistribution(options.say);
  if (!found.ok) return found;
  const port = await freePort(options.port);
  if (port === undefined) return { ok: false, why: `port ${options.port} on 127.0.0.1 is in use: give another with --port` };
  const transportPort = (await freePort(0)) ?? 0;
  const folder = options.dataFolder === undefined ? mkdtempSync(join(tmpdir(), "elasticsearch-reference-")) : resolve(options.dataFolder);
  const asRoot = process.getuid?.() === 0;
  layOut(folder, found.distribution, port, transportPort);
  if (asRoot) {
    giveTo(folder, NOBODY);
    letOthersRead(found.distribution.home);
  }
  const server = launch(found.distribution, folder, port, options, asRoot ? String(NOBODY) : "-");
  const failure = await waitUntilReady(server);
  if (failure === undefined) return { ok: true, server };
  const log = tail(join(folder, "logs", "stdout.log"));
  await server.stop();
  return { ok: false, why: `${failure}\n${log}` };
}

function launch(distribution: Distribution, folder: string, port: number, options: ServerOptions, user: string): ElasticsearchServer {
  const java = join(distribution.java, "bin", "java");
  const launcher = ["-Xms4m", "-Xmx64m", "-XX:+UseSerialGC", "-cp", join(distribution.home, "lib", "tools", "server-launcher", "*")];
  const heap = options.heap ?? "1g";
  const keeper = spawn(
    process.execPath,
    [join(import.meta.dirname, "keeper.ts"), user, java, ...launcher, "org.elasticsearch.server.launcher.ServerLauncher"],
    {
      // The launcher takes its home from the working directory. Detached: a Ctrl-C reaches only who started us, and that one stops it in order.
      cwd: distribution.home,
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
      env: {
        PATH: process.env.PATH ?? "",
        HOME: folder,
        ES_HOME: distribution.home,
        ES_PATH_CONF: join(folder, "conf"),
        ES_DISTRIBUTION_TYPE: "zip",
        ES_TMPDIR: join(folder, "tmp"),
        ES_JAVA_HOME: distribution.java,
        ES_JAVA_OPTS: `-Xms${heap} -Xmx${heap} -XX:-AlwaysPreTouch`,
        JAVA_HOME: distribution.java,
        JAVA_TYPE: "ES_JAVA_HOME",
        JAVA: java,
      },
    },
  );
  return keptServer({ keeper, port, folder, log: join(folder, "logs", "stdout.log"), temporary: options.dataFolder === undefined });
}

async function waitUntilReady(server: ElasticsearchServer): Promise<string | undefined> {
  let gone = false;
  void server.ended.then(() => {
    gone = true;
  });
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    if (gone) return "Elasticsearch ended before it was ready:";
    const answer = await fetch(`${server.url}/_cluster/health?wait_for_status=yellow&timeout=20s`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok === true) return undefined;
    await pause(250);
  }
  return `Elasticsearch was not ready after ${READY_WITHIN_MS / 1000} s:`;
}

function layOut(folder: string, distribution: Distribution, port: number, transportPort: number): void {
  for (const part of ["data", "logs", "tmp", "conf/jvm.options.d"]) mkdirSync(join(folder, part), { recursive: true });
  for (const file of ["jvm.options", "log4j2.properties"])
    copyFileSync(join(distribution.home, "config", file), join(folder, "conf", file));
  const settings: Readonly<Record<string, string | number | boolean>> = {
    "cluster.name": "reference",
    "node.name": "reference-1",
    "path.data": join(folder, "data"),
    "path.logs": join(folder, "logs"),
    "http.host": "127.0.0.1",
    "http.port": port,
    "transport.host": "127.0.0.1",
    "transport.port": transportPort,
    "discovery.type": "single-node",
    "xpack.security.enabled": false,
    "action.destructive_requires_name": false,
    "cluster.routing.allocation.disk.threshold_enabled": false,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`);
  writeFileSync(join(folder, "conf", "elasticsearch.yml"), lines.join(""));
}

function giveTo(folder: string, user: number): void {
  chownSync(folder, user, user);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    chownSync(join(entry.parentPath, entry.name), user, user);
}

/** The port, or any free one for 0; undefined where it is in use. */
export async function freePort(wanted: number): Promise<number | undefined> {
  return await new Promise((done) => {
    const probe = createServer();
    probe.once("error", () => done(undefined));
    probe.listen(wanted, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => done(typeof address === "object" && address !== null ? address.port : undefined));
    });
  });
}

function tail(file: string): string {
  return readFileSync(file, "utf8").split("\n").slice(-30).join("\n");
}
