// Requests a second and p99: direct, through nginx (where it is installed) and through the proxy with capture on, in one run,
// in alternating rounds, 32 connections, 2 KB answers. Prints one table.
//   node test/bench/proxy.ts [--rounds N] [--seconds N] [--connections N]
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "4" },
    connections: { type: "string", default: "32" },
    profile: { type: "string" },
  },
});

interface Figures {
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
}

const children: ChildProcess[] = [];

function start(args: readonly string[], nodeArgs: readonly string[] = []): ChildProcess {
  const file = join(import.meta.dirname, "proxy_process.ts");
  const child = spawn(process.execPath, [...nodeArgs, file, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  children.push(child);
  return child;
}

async function line<T>(child: ChildProcess): Promise<T> {
  if (child.stdout === null) throw new Error("the child has no output");
  const reader = createInterface({ input: child.stdout });
  for await (const text of reader) {
    reader.close();
    return JSON.parse(text);
  }
  throw new Error("the child said nothing");
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** nginx with one worker, as a plain reverse proxy with kept connections; null where it is not installed. */
async function startNginx(upstreamPort: number, folder: string): Promise<number | null> {
  const binary = ["nginx", "/usr/sbin/nginx"].find((name) => spawnSync(name, ["-v"]).error === undefined);
  if (binary === undefined) return null;
  const port = await freePort();
  const config = join(folder, "nginx.conf");
  writeFileSync(
    config,
    `daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
events { worker_connections 1024; }
http {
  access_log off; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/f;
  uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s; keepalive_requests 100000000;
  upstream elasticsearch { server 127.0.0.1:${upstreamPort}; keepalive 64; keepalive_requests 100000000; }
  server { listen 127.0.0.1:${port}; location / { proxy_pass http://elasticsearch; proxy_http_version 1.1; proxy_set_header Connection ""; } }
}`,
  );
  children.push(spawn(binary, ["-p", folder, "-c", config], { stdio: "ignore" }));
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const answers = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(200) }).then(
      () => true,
      (error: Error) => error.name === "TimeoutError",
    );
    if (answers) return port;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("nginx did not start");
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

const folder = mkdtempSync(join(tmpdir(), "proxy-bench-"));
try {
  const upstream = await line<{ port: number }>(start(["upstream"]));
  const subject = start(
    ["subject", `http://127.0.0.1:${upstream.port}`],
    values.profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${values.profile}`],
  );
  const proxy = await line<{ port: number }>(subject);
  const nginx = await startNginx(upstream.port, folder);
  const ways = [
    { name: "direct", port: upstream.port },
    ...(nginx === null ? [] : [{ name: "nginx", port: nginx }]),
    { name: "parallax", port: proxy.port },
  ].map((way) => ({ ...way, rounds: [] as Figures[] }));
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (const way of ways) way.rounds.push(await line<Figures>(start(["load", String(way.port), values.connections, values.seconds])));
  }
  subject.stdin?.write("?");
  const captured = await line<{ captured: number; missed: number; rss: number }>(subject);
  subject.stdin?.end();
  await new Promise((resolve) => subject.once("exit", resolve));

  const rateOf = (name: string): number => median(ways.find((way) => way.name === name)?.rounds.map(({ rate }) => rate) ?? []);
  console.log(`${values.connections} connections, 2 KB answers, median of ${values.rounds} rounds of ${values.seconds} s`);
  console.log("way        requests/s   p50 ms   p99 ms   of direct   of nginx");
  for (const { name, rounds } of ways) {
    const rate = rateOf(name);
    const cells = [
      name.padEnd(10),
      rate.toFixed(0).padStart(11),
      median(rounds.map(({ p50 }) => p50))
        .toFixed(2)
        .padStart(9),
      median(rounds.map(({ p99 }) => p99))
        .toFixed(2)
        .padStart(9),
      (rate / rateOf("direct")).toFixed(2).padStart(12),
      (nginx === null ? "-" : (rate / rateOf("nginx")).toFixed(2)).padStart(11),
    ];
    console.log(cells.join(""));
  }
  if (nginx === null) console.log("nginx is not installed: no ratio to it");
  console.log(`captured ${captured.captured}, missed ${captured.missed}, memory ${(captured.rss / 1048576).toFixed(0)} MiB`);
} finally {
  for (const child of children) child.kill();
  rmSync(folder, { recursive: true, force: true });
}
