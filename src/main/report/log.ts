// The log: one JSON object a line in <logs>/parallax.log, secrets taken out, rotated by size, written in order and never waited for. The
// newest lines are kept in memory for the window.
import { appendFile, mkdir, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { pino } from "pino";
import type { LogLevel, LogLine, LogPage } from "../../shared/log.ts";
import { redactText } from "../capture/redaction.ts";

export type Level = LogLevel;

export interface Log {
  /** `fields` are plain data; never bodies. Passwords in URLs and the values of credentials are taken out. */
  write(level: Level, message: string, fields?: LogLine["fields"]): void;
  /** Resolves when all that was written is in the file. */
  flushed(): Promise<void>;
}

export interface RecentLog extends Log {
  /** The newest lines of `level` or worse that have `text` in them, whatever its case. */
  recent(query: { readonly level?: Level; readonly text?: string; readonly limit?: number }): LogPage;
  /** Lines since the start. */
  readonly lines: number;
  /** Called after each line. */
  onLine: () => void;
}

const ROTATE_AT = 16 * 1024 * 1024;
const KEPT = 5;
const RECENT = 2_000;
const LEVELS: readonly Level[] = ["info", "warn", "error"];
const SECRET_FIELDS: readonly string[] = ["authorization", "cookie", "password", "token", "key", "secret"];

/** A log into `file`; `echo` gets each line too (the terminal of a headless run). A log that can't be written stops nothing. */
export function openLog(file: string, echo: (level: Level, message: string) => void = () => {}): RecentLog {
  const destination = rotatingFile(file);
  const logger = pino(
    {
      base: null,
      messageKey: "message",
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  let number = 0;
  let kept: LogLine[] = [];
  const log: RecentLog = {
    onLine: () => {},
    get lines() {
      return number;
    },
    write(level, message, fields = {}) {
      const clean = redactText(message);
      const told = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, cleanField(name, value)]));
      echo(level, clean);
      logger[level](told, clean);
      number += 1;
      kept.push({ number, time: new Date().toISOString(), level, message: clean, fields: told });
      if (kept.length > 2 * RECENT) kept = kept.slice(-RECENT);
      log.onLine();
    },
    recent({ level = "info", text = "", limit = RECENT }) {
      const wanted = text.toLowerCase();
      const lines = kept.filter((line) => LEVELS.indexOf(line.level) >= LEVELS.indexOf(level) && textOf(line).includes(wanted));
      return { file, lines: lines.slice(-Math.min(limit, RECENT)) };
    },
    flushed: () => destination.flushed(),
  };
  return log;
}

function cleanField(name: string, value: LogLine["fields"][string]): LogLine["fields"][string] {
  if (SECRET_FIELDS.includes(name.toLowerCase())) return "[redacted]";
  return typeof value === "string" ? redactText(value) : value;
}

function textOf({ time, level, message, fields }: LogLine): string {
  return `${time} ${level} ${message} ${JSON.stringify(fields)}`.toLowerCase();
}

/**
 * A file that is written in order behind whoever writes. What can't be written is dropped, and the next line is tried anew: pino's own
 * destinations give up for good on a full disk.
 */
function rotatingFile(file: string): { write(line: string): void; flushed(): Promise<void> } {
  let pending = "";
  let writing: Promise<void> | null = null;
  const drain = async (): Promise<void> => {
    await mkdir(dirname(file), { recursive: true });
    while (pending !== "") {
      const text = pending;
      pending = "";
      await rotate(file);
      await appendFile(file, text);
    }
  };
  return {
    write(line) {
      pending += line;
      writing ??= drain()
        .catch(() => {
          pending = "";
        })
        .finally(() => {
          writing = null;
        });
    },
    async flushed() {
      while (writing !== null) await writing;
    },
  };
}

async function rotate(file: string): Promise<void> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size < ROTATE_AT) return;
  for (let i = KEPT - 1; i >= 1; i -= 1) await rename(`${file}.${i}`, `${file}.${i + 1}`).catch(() => {});
  await rename(file, `${file}.1`);
}
