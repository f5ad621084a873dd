// The ways from the benchmark's clients to its upstream: direct, through nginx, through Parallax in its modes, through mitmdump.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { OPTIONS } from "../../src/main/config/option_table.ts";
import type { Status } from "../../src/shared/contract.ts";
import { freePort, type StartOptions, startParallax, until } from "../support/parallax_process.ts";

export interface Way {
  readonly name: string;
  readonly port: number;
  /** Processes between client and upstream; empty for none. */
  readonly pids: readonly number[];
  /** What a forward proxy's clients put before the target. */
  readonly origin?: string;
  /** How many exchanges are captured and missed, since the start; absent where nothing is captured. */
  readonly captured?: () => Promise<Captured>;
  stop(): Promise<void>;
}

interface Captured {
  readonly exchanges: number;
  readonly missed: number;
}

/** Why a way is not there. */
export interface Skipped {
  readonly name: string;
  readonly skipped: string;
}

/** Starts a role of proxy_process.ts. */
export function startRole(args: readonly string[], nodeArgs: readonly string[] = []): ChildProcess {
  const file = join(import.meta.dirname, "proxy_process.ts");
  return spawn(process.execPath, [...nodeArgs, file, ...args], { stdio: ["pipe", "pipe", "inherit"] });
}

/** The next line of JSON that a process prints. */
export async function nextLine<T>(child: ChildProcess): Promise<T> {
  if (child.stdout === null) throw new Error("the child has no output");
  const reader = createInterface({ input: child.stdout });
  for await (const text of reader) {
    reader.close();
    return JSON.parse(text);
  }
  throw new Error("the child said nothing");
}

/** The proxy's thread with a tap that only counts: what the wire and its copies cost without an engine. */
export async function wireWay(upstream: string, profile: string | undefined): Promise<Way> {
  const child = startRole(["wire", upstream], profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profile}`]);
  const { port } = await nextLine<{ port: number }>(child);
  return {
    name: "wire",
    port,
    pids: [child.pid ?? 0],
    captured: () => {
      child.stdin?.write("?");
      return nextLine<Captured>(child);
    },
    stop: async () => {
      child.stdin?.end();
      if (child.exitCode === null) await new Promise((resolve) => child.once("exit", resolve));
    },
  };
}

/** All of Parallax in one mode, its session file written, a page's event stream open. */
export async function parallaxWay(name: string, upstream: string, args: readonly string[], options: StartOptions = {}): Promise<Way> {
  const away = `http://127.0.0.1:${await freePort()}`;
  const backends = ["--elasticsearch", upstream, "--clickhouse", away];
  const parallax = await startParallax([...backends, "--capture-cap", String(8 * 1024 ** 3), ...args], options);
  const watching = new AbortController();
  void watch(`${parallax.interfaceUrl}/api/events`, watching.signal).catch(() => undefined);
  return {
    name,
    port: parallax.proxyPort,
    pids: [parallax.pid],
    captured: async () => (await parallax.ask<Status>("/api/status")).capture,
    stop: async () => {
      watching.abort();
      await parallax.stop();
    },
  };
}

/** Reads a page's events until `signal`, or until Parallax ends. */
async function watch(url: string, signal: AbortSignal): Promise<void> {
  const { body } = await fetch(url, { signal });
  for await (const _ of body ?? []);
}

/** The forward proxy. */
export async function interceptWay(upstream: string): Promise<Way | Skipped> {
  if (!OPTIONS.some(({ flag }) => flag === "intercept-port")) return { name: "intercept", skipped: "this version has no forward proxy" };
  const port = await freePort();
  const way = await parallaxWay("intercept", upstream, ["--intercept-port", String(port)]);
  return { ...way, port, origin: upstream };
}

/** nginx with one process, as a plain reverse proxy with kept connections. */
export async function nginxWay(upstreamPort: number, folder: string): Promise<Way | Skipped> {
  const binary = ["nginx", "/usr/sbin/nginx"].find((name) => spawnSync(name, ["-v"]).error === undefined);
  if (binary === undefined) return { name: "nginx", skipped: "nginx is not installed" };
  const port = await freePort();
  const config = join(folder, "nginx.conf");
  writeFileSync(
    config,
    `daemon off; master_process off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
events { worker_connections 1024; }
http {
  access_log off; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/f;
  uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s; keepalive_requests 100000000;
  upstream elasticsearch { server 127.0.0.1:${upstreamPort}; keepalive 64; keepalive_requests 100000000; }
  server { listen 127.0.0.1:${port}; location / { proxy_pass http://elasticsearch; proxy_http_version 1.1; proxy_set_header Connection ""; } }
}`,
  );
  return foreignWay("nginx", port, spawn(binary, ["-p", folder, "-c", config], { stdio: "ignore" }));
}

/** mitmdump as a reverse proxy that keeps what passes, as it does. */
export async function mitmdumpWay(upstream: string, folder: string): Promise<Way | Skipped> {
  if (spawnSync("mitmdump", ["--version"]).status !== 0) return { name: "mitmdump", skipped: "mitmdump is not installed" };
  const port = await freePort();
  const args = ["--quiet", "--set", `confdir=${folder}`, "--mode", `reverse:${upstream}`, "--listen-host", "127.0.0.1"];
  return foreignWay("mitmdump", port, spawn("mitmdump", [...args, "--listen-port", String(port)], { stdio: "ignore" }));
}

async function foreignWay(name: string, port: number, child: ChildProcess): Promise<Way> {
  const stop = async (): Promise<void> => void child.kill();
  try {
    await until(
      () =>
        fetch(`http://127.0.0.1:${port}/`).then(
          () => true,
          () => false,
        ),
      (answers) => answers || child.exitCode !== null,
      30_000,
    );
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`);
  } catch (error) {
    await stop();
    throw error;
  }
  return { name, port, pids: [child.pid ?? 0], stop };
}

/** Seconds of processor time that processes and their children have used; null where the system does not tell. */
export function processorSeconds(pids: readonly number[]): number | null {
  const ticks = pids.flatMap(withChildren).map(ticksOf);
  return ticks.some((one) => one === null) ? null : ticks.reduce<number>((sum, one) => sum + (one ?? 0), 0) / 100;
}

function withChildren(pid: number): readonly number[] {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const children = threads.flatMap((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").split(" "));
    return [pid, ...children.filter((child) => child !== "").flatMap((child) => withChildren(Number(child)))];
  } catch {
    return [pid];
  }
}

function ticksOf(pid: number): number | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return Number(fields[11]) + Number(fields[12]);
  } catch {
    return null;
  }
}
