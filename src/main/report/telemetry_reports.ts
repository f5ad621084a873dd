// When telemetry reports are made and where they go: to a file in the logs folder, now and then and at the end; and to a URL where one is
// configured, each once.
import type { TelemetryOccasion, TelemetryReport } from "../../shared/telemetry.ts";
import { messageOf } from "../../shared/thrown.ts";
import { within } from "../time_limit.ts";
import type { Log } from "./log.ts";
import { writeNewest } from "./newest_file.ts";

export interface TelemetrySettings {
  readonly intervalMs: number;
  /** May carry user and password; null: sent nowhere. */
  readonly url: string | null;
}

export interface TelemetryReportsOptions extends TelemetrySettings {
  readonly file: string;
  readonly log: Pick<Log, "write">;
  /** Makes one; waits for a server no longer than `limitMs`. */
  readonly report: (occasion: TelemetryOccasion, limitMs: number) => Promise<TelemetryReport>;
  /** How long the last one waits for each server. @default 400 */
  readonly endLimitMs?: number;
}

/** Servers that are asked, and the one that reports are sent to, get so long. */
const LIMIT_MS = 5_000;
const END_LIMIT_MS = 400;
/** Earlier reports that are kept beside the last one. */
const KEPT = 5;

export class TelemetryReports {
  readonly #options: TelemetryReportsOptions;
  readonly #timer: NodeJS.Timeout;
  #making: Promise<void> = Promise.resolve();

  /** Makes one at each interval from now on. */
  constructor(options: TelemetryReportsOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.#make("on-schedule"), options.intervalMs).unref();
  }

  get file(): string {
    return this.#options.file;
  }

  get intervalMs(): number {
    return this.#options.intervalMs;
  }

  /** Without credentials. */
  get url(): string | null {
    const { url } = this.#options;
    return url === null ? null : addressOf(url).shown;
  }

  /** For who asks: written and sent nowhere. */
  now(): Promise<TelemetryReport> {
    return this.#options.report("on-demand", LIMIT_MS);
  }

  /** Makes the last one. Takes a second and a half at most. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await within(this.#making, this.#endLimitMs);
    await this.#make("on-shutdown");
  }

  get #endLimitMs(): number {
    return this.#options.endLimitMs ?? END_LIMIT_MS;
  }

  // One after the other: a receiver that hangs gets no second one meanwhile.
  #make(occasion: "on-schedule" | "on-shutdown"): Promise<void> {
    const limitMs = occasion === "on-shutdown" ? this.#endLimitMs : LIMIT_MS;
    const one = async (): Promise<void> => {
      try {
        const text = `${JSON.stringify(await this.#options.report(occasion, limitMs), null, 2)}\n`;
        await writeNewest(this.#options.file, text, KEPT);
        await this.#send(text, limitMs);
      } catch (error) {
        this.#options.log.write("warn", `The telemetry report could not be made: ${messageOf(error)}`);
      }
    };
    if (occasion === "on-shutdown") return one();
    this.#making = this.#making.then(one);
    return this.#making;
  }

  async #send(body: string, limitMs: number): Promise<void> {
    const { url, log } = this.#options;
    if (url === null) return;
    const { shown, authorization } = addressOf(url);
    try {
      const headers = { "content-type": "application/json", ...(authorization === "" ? {} : { authorization }) };
      const response = await fetch(shown, { method: "POST", headers, body, redirect: "manual", signal: AbortSignal.timeout(limitMs) });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`it answered ${response.status}`);
    } catch (error) {
      log.write("warn", `The telemetry report could not be sent to ${shown}: ${messageOf(error)}. The next one is tried when it is due.`);
    }
  }
}

interface Address {
  /** Without credentials. */
  readonly shown: string;
  readonly authorization: string;
}

function addressOf(text: string): Address {
  const url = new URL(text);
  const { username, password } = url;
  url.username = "";
  url.password = "";
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return {
    shown: url.href,
    authorization: username === "" && password === "" ? "" : `Basic ${Buffer.from(pair).toString("base64")}`,
  };
}
