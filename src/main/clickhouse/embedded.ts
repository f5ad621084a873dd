// The embedded ClickHouse: a child process on 127.0.0.1, HTTP only, started, watched, restarted on the same port and in the
// same folder when it dies, and ended with this process however that ends (embedded_child.ts watches us).
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { messageOf } from "../../shared/thrown.ts";
import { childNode, outsideArchive } from "../child_node.ts";
import {
  type Credentials,
  type EmbeddedFiles,
  earlierLogs,
  forgetEarlierStarts,
  forgetStart,
  writeEmbeddedConfig,
} from "./embedded_config.ts";
import { EmbeddedClickHouseError, problemOfOutput } from "./embedded_error.ts";
import { freePort } from "./free_port.ts";
import { libraryPath } from "./library.ts";

export interface EmbeddedOptions {
  /** Everything is kept here: tables, configuration, logs. Created when missing. */
  readonly dataFolder: string;
  /** @default 8123; 0 lets the system choose */
  readonly port?: number;
  /** A taken port is an error instead of giving way to the next free one. */
  readonly exactPort?: boolean;
  /** Longest time before it is started again when it dies soon after each start, ms. @default 30,000 */
  readonly mostBackoffMs?: number;
  readonly log?: (line: string) => void;
}

export interface EmbeddedState {
  /** `away`: it died or does not answer, and is being restarted. */
  readonly status: "starting" | "ok" | "away" | "stopped";
  /** What is wrong and what to do; "" when all is well. */
  readonly message: string;
}

export interface EmbeddedClickHouse {
  readonly url: string;
  readonly port: number;
  readonly version: string;
  readonly dataFolder: string;
  readonly logFile: string;
  /** All rights. The password is of this start only. */
  readonly app: Credentials;
  /** May only read: for searches. */
  readonly search: Credentials;
  readonly state: EmbeddedState;
  /** Process id of the server; null while there is none. */
  readonly pid: number | null;
  /** Calls back at each change of state; returns the way to stop that. */
  onState(listener: (state: EmbeddedState) => void): () => void;
  stop(): Promise<void>;
}

const DEFAULT_PORT = 8123;
const READY_MS = 60_000;
const READY_POLL_MS = 50;
const HEALTH_EVERY_MS = 2_000;
const HEALTH_TIMEOUT_MS = 10_000;
const HEALTH_FAILURES = 3;
const BACKOFF_MS = { first: 250, most: 30_000, forgottenAfter: 60_000 };
/** A server that has not closed its tables by then is killed: what it acknowledged is on disk all the same. */
const STOP_MS = 2_500;
const WAKE_MS = 100;
/** Connections that may be kept alive to it, at most. */
const KEPT_ALIVE = 8;
const OUTPUT_KEPT = 8_192;

/** Starts the server and resolves when it answers. Throws EmbeddedClickHouseError. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedClickHouse> {
  const library = libraryPath();
  const app = newCredentials("parallax");
  const search = newCredentials("parallax_search");
  let wanted = options.port ?? DEFAULT_PORT;
  for (;;) {
    const port = await freePort(wanted, options.exactPort === true);
    const files = writeEmbeddedConfig(options.dataFolder, app, search);
    const server = new Supervisor(options, library, files, port, app, search);
    try {
      await server.start();
      return server;
    } catch (error) {
      await server.stop();
      // Somebody took the port between our look and ClickHouse's.
      const lost = error instanceof EmbeddedClickHouseError && error.code === "port_in_use" && options.exactPort !== true;
      if (!lost) throw error;
      wanted = wanted === 0 ? 0 : port + 1;
    }
  }
}

function newCredentials(user: string): Credentials {
  return Object.freeze({ user, password: randomBytes(24).toString("base64url") });
}

class Supervisor implements EmbeddedClickHouse {
  readonly url: string;
  readonly port: number;
  readonly dataFolder: string;
  readonly logFile: string;
  readonly app: Credentials;
  readonly search: Credentials;
  version = "";
  state: EmbeddedState = Object.freeze({ status: "starting", message: "" });
  readonly #library: string;
  readonly #files: EmbeddedFiles;
  readonly #log: (line: string) => void;
  readonly #listeners = new Set<(state: EmbeddedState) => void>();
  #child: ChildProcess | null = null;
  #output = "";
  /** Folders that keep the server from writing its logs. */
  #earlierLogs: readonly string[] = [];
  #stopping = false;
  #failures = 0;
  #backoff = BACKOFF_MS.first;
  #answeredSince = 0;
  readonly #mostBackoffMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: EmbeddedOptions, library: string, files: EmbeddedFiles, port: number, app: Credentials, search: Credentials) {
    this.#library = library;
    this.#files = files;
    this.#log = options.log ?? (() => {});
    this.#mostBackoffMs = options.mostBackoffMs ?? BACKOFF_MS.most;
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.dataFolder = options.dataFolder;
    this.logFile = files.log;
    this.app = app;
    this.search = search;
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  onState(listener: (state: EmbeddedState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async start(): Promise<void> {
    process.once("exit", this.#kill);
    const child = this.#spawn();
    const deadline = Date.now() + READY_MS;
    while (!(await this.#answers())) {
      if (child.exitCode !== null || child.signalCode !== null) throw problemOfOutput(this.#output, this.port, this.dataFolder);
      if (Date.now() > deadline) {
        throw new EmbeddedClickHouseError(
          "did_not_start",
          `The embedded ClickHouse did not answer on port ${this.port} within ${READY_MS / 1000} s; its log is ${this.logFile}.`,
        );
      }
      await pause(READY_POLL_MS);
    }
    this.version = await this.#ask("SELECT version()");
    this.#answeredSince = Date.now();
    forgetEarlierStarts(this.dataFolder, this.#files);
    await this.#forgetLogs();
    this.#become("ok", "");
    this.#log(`ClickHouse ${this.version} answers on ${this.url}, data in ${this.dataFolder}`);
    this.#watch();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    this.#become("stopped", "");
    const child = this.#child;
    if (child !== null) await this.#end(child);
    process.off("exit", this.#kill);
    forgetStart(this.#files);
  }

  // A server that is stopped (SIGSTOP) does not see our end of the pipe close.
  readonly #kill = (): void => void this.#child?.kill("SIGKILL");

  async #end(child: ChildProcess): Promise<void> {
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    if (child.exitCode !== null || child.signalCode !== null) return;
    const force = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
    // The server lives as long as its own query: with that killed it closes its tables and returns.
    await this.#ask("KILL QUERY WHERE user = '' ASYNC").catch(() => child.kill("SIGKILL"));
    // It waits for connections that are kept alive, and gives each up at its next request.
    const waking = setInterval(() => {
      for (let connection = 0; connection < KEPT_ALIVE; connection += 1) void this.#answers(WAKE_MS);
    }, WAKE_MS);
    await ended;
    clearInterval(waking);
    clearTimeout(force);
  }

  // It answers, so the folder is ours; what could not be removed keeps its logs from being written, and nothing else.
  async #forgetLogs(): Promise<void> {
    const removed = await Promise.allSettled(this.#earlierLogs.map((folder) => rm(folder, { recursive: true, force: true })));
    for (const outcome of removed) if (outcome.status === "rejected") this.#log(`An earlier log stays: ${messageOf(outcome.reason)}`);
  }

  #spawn(): ChildProcess {
    this.#output = "";
    this.#earlierLogs = earlierLogs(this.#files);
    const node = childNode();
    const child = spawn(node.command, [childScript(), this.#library, this.#files.config, this.#files.data, String(this.port)], {
      cwd: this.dataFolder,
      // Only what it needs: no secret, no NODE_OPTIONS of ours.
      env: { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: process.env.TMPDIR, ...node.env },
      stdio: ["pipe", "ignore", "pipe"],
      // Out of our process group: Ctrl-C in a terminal is for us, and we stop it in order.
      detached: true,
    });
    child.stdin?.on("error", () => {});
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#output = (this.#output + text).slice(-OUTPUT_KEPT);
    });
    child.once("error", (error) => {
      this.#output += error.message;
      this.#ended(child, error.message);
    });
    child.once("exit", (code, signal) => this.#ended(child, signal ?? `code ${code}`));
    child.unref();
    this.#child = child;
    return child;
  }

  #ended(child: ChildProcess, how: string): void {
    if (this.#child !== child) return;
    this.#child = null;
    if (this.#stopping || this.state.status === "starting") return;
    if (Date.now() - this.#answeredSince > BACKOFF_MS.forgottenAfter) this.#backoff = BACKOFF_MS.first;
    const problem = problemOfOutput(this.#output, this.port, this.dataFolder);
    const why = problem.code === "did_not_start" ? `ClickHouse ended (${how})` : problem.message;
    this.#log(`${why}; restarting in ${this.#backoff} ms`);
    this.#become("away", `${why}; restarting it. Its log is ${this.logFile}.`);
    this.#later(() => this.#restart(), this.#backoff);
    this.#backoff = Math.min(this.#backoff * 2, this.#mostBackoffMs);
  }

  async #restart(): Promise<void> {
    const child = this.#spawn();
    const deadline = Date.now() + READY_MS;
    while (this.#child === child && !this.#stopping) {
      if (await this.#answers()) {
        this.#answeredSince = Date.now();
        this.#failures = 0;
        await this.#forgetLogs();
        this.#log(`ClickHouse answers again on ${this.url}`);
        this.#become("ok", "");
        this.#watch();
        return;
      }
      if (Date.now() > deadline) child.kill("SIGKILL");
      await pause(READY_POLL_MS);
    }
  }

  #watch(): void {
    this.#later(async () => {
      const child = this.#child;
      if (child === null) return;
      this.#failures = (await this.#answers(HEALTH_TIMEOUT_MS)) ? 0 : this.#failures + 1;
      if (this.#child !== child || this.#stopping) return;
      if (this.#failures >= HEALTH_FAILURES) {
        this.#log(`ClickHouse has not answered ${this.#failures} times; ending it`);
        child.kill("SIGKILL");
        return;
      }
      this.#watch();
    }, HEALTH_EVERY_MS);
  }

  #later(work: () => Promise<void>, ms: number): void {
    if (this.#stopping) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void work(), ms);
    this.#timer.unref();
  }

  async #answers(timeoutMs = 1_000): Promise<boolean> {
    // Asked with our password: another server that holds the port refuses it and is not taken for ours.
    return this.#ask("SELECT 1", timeoutMs).then(
      (text) => text === "1",
      () => false,
    );
  }

  async #ask(sql: string, timeoutMs = 5_000): Promise<string> {
    const response = await fetch(this.url, {
      method: "POST",
      headers: { "X-ClickHouse-User": this.app.user, "X-ClickHouse-Key": this.app.password },
      body: sql,
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = (await response.text()).trim();
    if (!response.ok) throw new Error(text);
    return text;
  }

  #become(status: EmbeddedState["status"], message: string): void {
    if (this.state.status === status && this.state.message === message) return;
    this.state = Object.freeze({ status, message });
    for (const listener of this.#listeners) listener(this.state);
  }
}

/** Beside this file, as source or as built. */
function childScript(): string {
  const [source, built] = ["./embedded_child.ts", "./embedded_child.js"].map((name) => fileURLToPath(new URL(name, import.meta.url)));
  return outsideArchive(source !== undefined && existsSync(source) ? source : (built ?? ""));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
