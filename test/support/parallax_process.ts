// Parallax as people run it: the headless process on ports and in a folder of its own, asked over its HTTP API.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Status } from "../../src/shared/contract.ts";

export interface ParallaxProcess {
  /** The Elasticsearch endpoint. */
  readonly proxyUrl: string;
  readonly proxyPort: number;
  /** The debugging interface. */
  readonly interfaceUrl: string;
  readonly interfacePort: number;
  readonly clickhousePort: number;
  /** Its data folder. */
  readonly data: string;
  /** The process that was started: the launcher where one was asked for, else the engine. */
  readonly pid: number;
  /** JSON of `GET path` on the interface. */
  ask<T>(path: string): Promise<T>;
  /** Answer of a request of the contract. Throws with the message of its refusal. */
  call<T>(name: string, request?: object): Promise<T>;
  /** What the process printed so far. */
  printed(): string;
  /** Sends the signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<Ended>;
  /** Ends it in order and removes its folder. */
  stop(): Promise<void>;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly ms: number;
}

export interface StartOptions {
  /** A data folder that outlives the process. @default a new one, removed by `stop` */
  readonly data?: string;
  /** Through `bin/parallax.js`, as people start it. @default false */
  readonly launcher?: boolean;
  /** @default true: no token is asked for */
  readonly noToken?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** A module that the engine's process runs first. */
  readonly preload?: string;
  /** Gives no port: the defaults, or what they give way to. @default false */
  readonly defaultPorts?: boolean;
}

const READY_WITHIN_MS = 60_000;
const ROOT = join(import.meta.dirname, "../..");

/** Runs `parallax serve --no-open` with `args`, without the intercept proxy unless they name it or no port is given, and waits until its health is 200. Throws with its output if it is not. */
export async function startParallax(args: readonly string[], options: StartOptions = {}): Promise<ParallaxProcess> {
  const folder = options.data ?? (await mkdtemp(join(tmpdir(), "parallax-test-")));
  const given = [await freePort(), await freePort(), await freePort()].map(String);
  const flags = ["--port", "--ui-port", "--clickhouse-port"].flatMap((flag, i) => [flag, given[i] ?? ""]);
  const ports = options.defaultPorts === true ? [] : flags;
  const token = options.noToken === false ? [] : ["--no-token"];
  const plain = options.defaultPorts === true || args.some((arg) => arg.startsWith("--intercept")) ? [] : ["--no-intercept"];
  const child = spawnParallax(["serve", "--no-open", ...token, "--data", folder, ...ports, ...plain, ...args], options);
  const output = outputOf(child);
  let interfaceUrl = `http://127.0.0.1:${given[1]}`;
  const stop = async (): Promise<void> => {
    await end(child, "SIGTERM");
    if (options.data === undefined) await rm(folder, { recursive: true, force: true });
  };
  try {
    if (options.defaultPorts === true) interfaceUrl = await announced(child, output);
    await untilHealthy(child, interfaceUrl, output);
  } catch (error) {
    await stop();
    throw error;
  }
  const { proxy, interface: page, clickhouse }: Status = JSON.parse(await (await fetch(`${interfaceUrl}/api/status`)).text());
  return {
    proxyUrl: proxy.url,
    proxyPort: proxy.port,
    interfaceUrl,
    interfacePort: page.port,
    clickhousePort: clickhouse.port ?? 0,
    data: folder,
    pid: child.pid ?? 0,
    printed: output,
    async ask(path) {
      const answer = await fetch(interfaceUrl + path);
      if (!answer.ok) throw new Error(`GET ${path}: ${answer.status} ${await answer.text()}`);
      return JSON.parse(await answer.text());
    },
    async call(name, request = {}) {
      const answer = await fetch(`${interfaceUrl}/api/call/${name}`, { method: "POST", body: JSON.stringify(request) });
      const reply = JSON.parse(await answer.text());
      if (reply.ok !== true) throw new Error(`${name}: ${answer.status} ${reply.error?.message}`);
      return reply.value;
    },
    end: (signal) => end(child, signal),
    stop,
  };
}

/** Runs `parallax` with `args` to its end; ends it after `limitMs` if it does not end by itself (then `code` is null). */
export async function runParallax(
  args: readonly string[],
  { limitMs = 15_000, ...options }: StartOptions & { readonly limitMs?: number } = {},
): Promise<Ended & { readonly output: string }> {
  const started = performance.now();
  const child = spawnParallax(args, options);
  const output = outputOf(child);
  const late = setTimeout(() => child.kill("SIGKILL"), limitMs);
  const [code, signal] = await once(child, "close");
  clearTimeout(late);
  return { code, signal, ms: performance.now() - started, output: output() };
}

function spawnParallax(args: readonly string[], { launcher = false, env = {}, preload }: StartOptions): ChildProcess {
  const entry = launcher ? join(ROOT, "bin", "parallax.js") : join(ROOT, "src", "main", "cli.ts");
  const first = preload === undefined ? [] : ["--import", preload];
  return spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...first, entry, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
}

function outputOf(child: ChildProcess): () => string {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", (text: string) => (output += text));
  return () => output;
}

async function announced(child: ChildProcess, output: () => string): Promise<string> {
  const find = (): string | undefined => /interface +(http:\S+)/.exec(output())?.[1];
  const found = await until(find, (url) => url !== undefined || child.exitCode !== null, READY_WITHIN_MS);
  if (found === undefined) throw new Error(`parallax did not say where it is:\n${output()}`);
  return found;
}

async function untilHealthy(child: ChildProcess, url: string, output: () => string): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`parallax ended with ${child.signalCode ?? `exit code ${child.exitCode}`}:\n${output()}`);
    }
    const answer = await fetch(`${url}/api/health`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.status === 200) return;
    await pause(100);
  }
  throw new Error(`parallax was not healthy after ${READY_WITHIN_MS / 1000} s:\n${output()}`);
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<Ended> {
  const started = performance.now();
  if (child.exitCode === null && child.signalCode === null) {
    const exit = once(child, "exit");
    child.kill(signal);
    const late = setTimeout(() => child.kill("SIGKILL"), 15_000);
    await exit;
    clearTimeout(late);
  }
  return { code: child.exitCode, signal: child.signalCode, ms: performance.now() - started };
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  probe.close();
  await once(probe, "close");
  return port;
}

/** The ClickHouse that a Parallax runs in its data folder, by id. */
export function clickhouseIn(data: string): number | undefined {
  const servers = new Set(processesWith("embedded_child"));
  return processesWith(data).find((pid) => servers.has(pid));
}

/** Processes whose command line has `word` in it (a data folder, say), by id. */
export function processesWith(word: string): readonly number[] {
  const listed = spawnSync("ps", ["-A", "-ww", "-o", "pid=,args="], { encoding: "utf8" }).stdout;
  const lines = listed.split("\n").filter((line) => line.includes(word));
  return lines.map((line) => Number.parseInt(line, 10)).filter((pid) => pid !== process.pid);
}

/** Calls `read` until `enough` says yes, at most `limitMs`; gives what was read last, whatever it is. */
export async function until<T>(read: () => Promise<T> | T, enough: (value: T) => boolean, limitMs = 15_000): Promise<T> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const value = await read();
    if (enough(value) || Date.now() > deadline) return value;
    await pause(40);
  }
}
