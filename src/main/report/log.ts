// The log: one JSON object a line in <logs>/parallax.log, secrets taken out, rotated by size, written in order and never waited for. The
// newest lines are kept in memory for the window.
import { pino } from "pino";
import type { LogLevel, LogLine, LogPage } from "../../shared/log.ts";
import { redactText } from "../capture/redaction.ts";
import { rotatingFile } from "./rotating_file.ts";

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
