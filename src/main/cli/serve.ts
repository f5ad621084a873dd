// `parallax serve`: the engine and the interface without a window, until a signal ends it.
import { join } from "node:path";
import type { Status } from "../../shared/contract.ts";
import { messageOf } from "../../shared/thrown.ts";
import { BadOption } from "../config/json_file.ts";
import { readServeOptions, type ServeOptions } from "../config/options.ts";
import { type Served, serveEngine } from "../contract/serve_engine.ts";
import { Engine } from "../engine.ts";
import { goOnAfterFaults } from "../report/faults.ts";
import { openLog } from "../report/log.ts";
import { within } from "../time_limit.ts";
import { openBrowser } from "./open_browser.ts";
import { packageFolder, version } from "./version.ts";

/** All that the end may take. */
const STOP_MS = 4_500;
/** Ctrl-C reaches us twice, from the terminal and from the launcher: a second one so soon is the same. */
const SAME_SIGNAL_MS = 500;

/** Runs until SIGINT, SIGTERM or the launcher's end; returns the exit code. */
export async function serveCommand(argv: readonly string[]): Promise<number> {
  let options: ServeOptions;
  try {
    options = readServeOptions(argv, process.env, process.platform);
  } catch (error) {
    if (!(error instanceof BadOption)) throw error;
    process.stderr.write(`parallax serve: ${error.message}\n`);
    return 2;
  }
  const quit = Promise.withResolvers<undefined>();
  const asked = Promise.race([endAsked(), quit.promise]);
  // The launcher or a watchdog takes it: to Node it would mean to open a debugger's port.
  process.on("SIGUSR1", () => {});
  const log = openLog(join(options.data, "logs", "parallax.log"), (level, message) => {
    if (level !== "info") process.stderr.write(`${message}\n`);
  });
  const engine = new Engine(options, log);
  const starting = serveEngine(engine, join(packageFolder(), "out", "renderer"), version(), () => quit.resolve(undefined));
  const outcome = await Promise.race([starting.then(started, failed), asked]);
  if (outcome !== undefined && "error" in outcome) {
    process.stderr.write(`parallax serve: ${outcome.error}\n`);
    return endWith(2);
  }
  if (outcome !== undefined) {
    goOnAfterFaults((error) => engine.fault(error));
    announce(outcome.served, options);
    if (options.open) openBrowser(pageAddress(outcome.served, options));
    await asked;
    outcome.served.ending();
  }
  await within(outcome === undefined ? engine.stop() : outcome.served.stop(), STOP_MS);
  return endWith(0);
}

function started(served: Served): { readonly served: Served } {
  return { served };
}

function failed(error: unknown): { readonly error: string } {
  return { error: messageOf(error) };
}

// Whatever still waits for a server that is away must not keep the process.
function endWith(code: number): number {
  setTimeout(() => process.exit(code), 100).unref();
  return code;
}

/** Where every call needs the token, it is by this address that a browser has it. */
function pageAddress({ interface: { url }, token }: Served, { authRequired }: ServeOptions): string {
  return authRequired && token !== null ? `${url}/?token=${token}` : url;
}

function announce(served: Served, options: ServeOptions): void {
  const status = served.status();
  const lines = [
    `Parallax ${status.version}`,
    `  interface      ${pageAddress(served, options)}`,
    `  Elasticsearch  ${status.proxy.url}  (point clients here; it forwards to ${status.elasticsearch.url})`,
    `  intercept      ${status.intercept.on ? `${status.intercept.url}  (a proxy for http and https; open it for its certificate)` : "off"}`,
    `  ClickHouse     ${status.clickhouse.url === "" ? "not there" : status.clickhouse.url}${status.clickhouse.version === null ? "" : `  ${status.clickhouse.version}`}`,
    `  data           ${served.status().session.file}`,
    served.token === null ? "  no token is asked for" : `  token          ${served.token}`,
    ...safeModeLine(status),
    ...status.problems,
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

function safeModeLine({ safe_mode: { offered, crashes } }: Status): readonly string[] {
  if (!offered) return [];
  return [`  The last ${crashes} runs did not end in order. If a pipe is the cause, start without: parallax serve --no-autorun`];
}

function endAsked(): Promise<undefined> {
  return new Promise((resolve) => {
    let first = 0;
    const ask = (): void => {
      if (first > 0 && performance.now() - first > SAME_SIGNAL_MS) process.exit(130);
      first ||= performance.now();
      resolve(undefined);
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, ask);
    // However the launcher went, its end of this channel closes with it.
    if (process.connected) process.once("disconnect", ask);
  });
}
