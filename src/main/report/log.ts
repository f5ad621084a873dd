// The log: one JSON object a line in <logs>/parallax.log, rotated by size, written in order and never waited for.
import { appendFile, mkdir, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";

export type Level = "info" | "warn" | "error";

export interface Log {
  /** `fields` are plain data; never bodies, never credentials. */
  write(level: Level, message: string, fields?: Readonly<Record<string, string | number | boolean | null>>): void;
  /** Resolves when all that was written is in the file. */
  flushed(): Promise<void>;
}

const ROTATE_AT = 16 * 1024 * 1024;
const KEPT = 5;

/** A log into `file`; `echo` gets each line too (the terminal of a headless run). A log that can't be written stops nothing. */
export function openLog(file: string, echo: (level: Level, message: string) => void = () => {}): Log {
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
    write(level, message, fields = {}) {
      echo(level, message);
      pending += `${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields })}\n`;
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
