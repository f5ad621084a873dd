// A list in a file of the data folder that the next start goes on with.
import { readFileSync } from "node:fs";
import { isArray, isObject, type JsonValue, member, parseJson } from "../../shared/json.ts";
import { replaceFile } from "../replace_file.ts";

export interface KeptListOptions<Entry> {
  readonly file: string;
  /** Of the list in the file. */
  readonly name: string;
  /** null for what is no entry. */
  readonly entryOf: (value: JsonValue) => Entry | null;
  /** Told when the file can't be read or written, and what follows from it. */
  readonly problem: (message: string) => void;
  /** What does not happen then, e.g. "no backfill goes on". */
  readonly loss: string;
}

/** Read when first asked for; written whole at each change. */
export class KeptList<Entry> {
  readonly #options: KeptListOptions<Entry>;
  #entries: readonly Entry[] | null = null;

  constructor(options: KeptListOptions<Entry>) {
    this.#options = options;
  }

  all(): readonly Entry[] {
    this.#entries ??= this.#read();
    return this.#entries;
  }

  replace(entries: readonly Entry[]): void {
    const { file, name, problem, loss } = this.#options;
    this.#entries = entries;
    try {
      replaceFile(file, JSON.stringify({ [name]: entries }, null, 2));
    } catch (error) {
      problem(`${file} can't be written, so ${loss} after the next start: ${String(error)}`);
    }
  }

  #read(): readonly Entry[] {
    const { file, name, entryOf, problem, loss } = this.#options;
    try {
      const value = parseJson(readFileSync(file, "utf8"));
      const entries = isObject(value) ? member(value, name) : undefined;
      return isArray(entries) ? entries.map(entryOf).filter((entry) => entry !== null) : [];
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) {
        problem(`${file} can't be read, so ${loss} by itself: ${String(error)}`);
      }
      return [];
    }
  }
}
