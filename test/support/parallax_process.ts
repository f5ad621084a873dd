// Parallax as people run it: the headless process on ports and in a folder of its own, asked over its HTTP API.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

export interface ParallaxProcess {
  /** The Elasticsearch endpoint. */
  readonly proxyUrl: string;
  /** The debugging interface. */
  readonly interfaceUrl: string;
  readonly pid: number;
  /** JSON of `GET path` on the interface. */
  ask<T>(path: string): Promise<T>;
  /** What the process printed so far. */
  printed(): string;
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 60_000;

/** Runs `parallax serve --no-open --no-token` with `args` and waits until its health is 200. Throws with its output if it is not. */
export async function startParallax(args: readonly string[]): Promise<ParallaxProcess> {
  const folder = await mkdtemp(join(tmpdir(), "parallax-test-"));
  const [proxy, page, clickhouse] = [await freePort(), await freePort(), await freePort()];
  const ports = ["--port", String(proxy), "--ui-port", String(page), "--clickhouse-port", String(clickhouse)];
  const main = join(import.meta.dirname, "../../src/main/cli.ts");
  const child = spawn(process.execPath, [main, "serve", "--no-open", "--no-token", "--data", folder, ...ports, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  const interfaceUrl = `http://127.0.0.1:${page}`;
  const stop = async (): Promise<void> => {
    await end(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await untilHealthy(child, interfaceUrl, () => output);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    proxyUrl: `http://127.0.0.1:${proxy}`,
    interfaceUrl,
    pid: child.pid ?? 0,
    printed: () => output,
    async ask(path) {
      const answer = await fetch(interfaceUrl + path);
      if (!answer.ok) throw new Error(`GET ${path}: ${answer.status} ${await answer.text()}`);
      return JSON.parse(await answer.text());
    },
    stop,
  };
}

async function untilHealthy(child: ChildProcess, url: string, output: () => string): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`parallax ended with exit code ${child.exitCode}:\n${output()}`);
    const answer = await fetch(`${url}/api/health`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.status === 200) return;
    await pause(100);
  }
  throw new Error(`parallax was not healthy after ${READY_WITHIN_MS / 1000} s:\n${output()}`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), 15_000);
  await exit;
  clearTimeout(late);
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
