// A small file of ours, whole at any time.
import { renameSync, writeFileSync } from "node:fs";

/** Puts `text` and a line's end in the file's place; a reader finds the old one or the new one. `mode` is of a file that is made. Throws where it can't be written. */
export function replaceFile(file: string, text: string, mode?: number): void {
  writeFileSync(`${file}.new`, `${text}\n`, { mode });
  renameSync(`${file}.new`, file);
}
