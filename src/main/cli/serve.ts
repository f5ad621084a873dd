// `parallax serve`: the engine and the interface without a window, until a signal ends it.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { BadOption, readServeOptions, type ServeOptions } from "../config/options.ts";
import { type Served, serveEngine } from "../contract/serve_engine.ts";
import { Engine } from "../engine.ts";
import { openLog } from "../report/log.ts";
import { packageFolder, version } from "./version.ts";

/** Runs until SIGINT or SIGTERM; returns the exit code. */
export async function serveCommand(argv: readonly string[]): Promise<number> {
  let options: ServeOptions;
  try {
    options = readServeOptions(argv, process.env, process.platform);
  } catch (error) {
    if (!(error instanceof BadOption)) throw error;
    process.stderr.write(`parallax serve: ${error.message}\n`);
    return 2;
  }
  const log = openLog(join(options.data, "logs", "parallax.log"), (level, message) => {
    if (level !== "info") process.stderr.write(`${message}\n`);
  });
  const engine = new Engine(options, log);
  let served: Served;
  try {
    served = await serveEngine(engine, join(packageFolder(), "out", "renderer"), version());
  } catch (error) {
    process.stderr.write(`parallax serve: ${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
  announce(served);
  if (options.open) openBrowser(served.interface.url);
  await ended();
  await served.stop();
  return 0;
}

function announce(served: Served): void {
  const status = served.status();
  const lines = [
    `Parallax ${status.version}`,
    `  interface      ${status.interface.url}`,
    `  Elasticsearch  ${status.proxy.url}  (point clients here; it forwards to ${status.elasticsearch.url})`,
    `  ClickHouse     ${status.clickhouse.url === "" ? "not there" : status.clickhouse.url}${status.clickhouse.version === null ? "" : `  ${status.clickhouse.version}`}`,
    `  data           ${served.status().session.file}`,
    served.token === null ? "  no token is asked for" : `  token          ${served.token}`,
    ...status.problems,
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

function openBrowser(url: string): void {
  const command = process.platform === "darwin" ? "open" : process.platform === "win32" ? "explorer" : "xdg-open";
  spawn(command, [url], { stdio: "ignore", detached: true })
    .on("error", () => process.stdout.write(`Open ${url} in a browser.\n`))
    .unref();
}

function ended(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
    process.once("SIGHUP", resolve);
  });
}
