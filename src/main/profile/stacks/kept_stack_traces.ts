// `stacktrace.html` in the logs folder. What was there before becomes `.1`, what was that `.2`, and so on: the oldest goes.
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

const NAME = "stacktrace.html";
/** Older ones that are kept beside the newest. */
export const OLDER_KEPT = 20;

/** Writes the newest one; returns its file. Rejects where the folder can't be written. */
export async function keepStackTrace(logs: string, page: string): Promise<string> {
  await mkdir(logs, { recursive: true });
  const file = join(logs, NAME);
  // Whole before it has its name, and before the others make way: a full disk must not cost an older one.
  const fresh = join(logs, `${NAME}.new`);
  try {
    await writeFile(fresh, page);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
  for (let i = OLDER_KEPT; i >= 1; i -= 1) await renamed(i === 1 ? file : `${file}.${i - 1}`, `${file}.${i}`);
  await rename(fresh, file);
  return file;
}

async function renamed(from: string, to: string): Promise<void> {
  await rename(from, to).catch((error: unknown) => {
    const absent = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (!absent) throw error;
  });
}
