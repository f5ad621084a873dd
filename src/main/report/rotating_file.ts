// A file of lines that is rotated by its size: what was there becomes `.1`, what was that `.2`, and so on.
import { appendFile, mkdir, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";

const ROTATE_AT = 16 * 1024 * 1024;
const KEPT = 5;

export interface RotatingFile {
  /** `line` ends with a newline. */
  write(line: string): void;
  /** Resolves when all that was written is in the file. */
  flushed(): Promise<void>;
}

/**
 * A file that is written in order behind whoever writes. What can't be written is dropped, and the next line is tried anew: pino's own
 * destinations give up for good on a full disk.
 */
export function rotatingFile(file: string): RotatingFile {
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
