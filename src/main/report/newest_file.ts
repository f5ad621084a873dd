// A file of which the newest one has the name: what was there before becomes `.1`, what was that `.2`, and so on.
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** Writes it, makes its folder, and keeps so many `older` ones; the oldest goes. Rejects where the folder can't be written. */
export async function writeNewest(file: string, text: string, older: number): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  // Whole before it has its name, and before the others make way: a full disk must not cost an older one.
  const fresh = `${file}.new`;
  try {
    await writeFile(fresh, text);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
  for (let i = older; i >= 1; i -= 1) await renamed(i === 1 ? file : `${file}.${i - 1}`, `${file}.${i}`);
  await rename(fresh, file);
}

async function renamed(from: string, to: string): Promise<void> {
  await rename(from, to).catch((error: unknown) => {
    const absent = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (!absent) throw error;
  });
}
