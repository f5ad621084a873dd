// `stacktrace.html` in the logs folder, and those before it.
import { join } from "node:path";
import { writeNewest } from "../../report/newest_file.ts";

const NAME = "stacktrace.html";
/** Older ones that are kept beside the newest. */
export const OLDER_KEPT = 20;

/** Writes the newest one; returns its file. Rejects where the folder can't be written. */
export async function keepStackTrace(logs: string, page: string): Promise<string> {
  const file = join(logs, NAME);
  await writeNewest(file, page, OLDER_KEPT);
  return file;
}
