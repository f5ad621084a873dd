// Which backfills were asked for and are not over, in a file of the data folder: the next start goes on with them. How far they
// were is in the tables themselves.
import { readFileSync } from "node:fs";
import { isArray, isObject, type JsonValue, member, parseJson } from "../../shared/json.ts";
import { replaceFile } from "../replace_file.ts";

export interface WantedBackfill {
  readonly cluster: string;
  readonly index: string;
  /** Documents a second; null: as many as come. */
  readonly rate: number | null;
}

export class WantedBackfills {
  readonly #file: string;
  readonly #problem: (message: string) => void;
  #entries: readonly WantedBackfill[] | null = null;

  /** Read when first asked for. `problem` is told when the file can't be read or written: then nothing is remembered. */
  constructor(file: string, problem: (message: string) => void) {
    this.#file = file;
    this.#problem = problem;
  }

  of(cluster: string): readonly WantedBackfill[] {
    return this.#all().filter((entry) => entry.cluster === cluster);
  }

  add(entry: WantedBackfill): void {
    this.#write([...this.#without(entry), entry]);
  }

  remove(entry: Pick<WantedBackfill, "cluster" | "index">): void {
    const rest = this.#without(entry);
    if (rest.length < this.#all().length) this.#write(rest);
  }

  #without({ cluster, index }: Pick<WantedBackfill, "cluster" | "index">): readonly WantedBackfill[] {
    return this.#all().filter((entry) => entry.cluster !== cluster || entry.index !== index);
  }

  #all(): readonly WantedBackfill[] {
    this.#entries ??= this.#read();
    return this.#entries;
  }

  #read(): readonly WantedBackfill[] {
    try {
      const value = parseJson(readFileSync(this.#file, "utf8"));
      const entries = isObject(value) ? member(value, "backfills") : undefined;
      return isArray(entries) ? entries.flatMap(entryOf) : [];
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) {
        this.#problem(`${this.#file} can't be read, so no backfill goes on by itself: ${String(error)}`);
      }
      return [];
    }
  }

  #write(entries: readonly WantedBackfill[]): void {
    this.#entries = entries;
    try {
      replaceFile(this.#file, JSON.stringify({ backfills: entries }, null, 2));
    } catch (error) {
      this.#problem(`${this.#file} can't be written, so no backfill goes on after the next start: ${String(error)}`);
    }
  }
}

function entryOf(value: JsonValue): readonly WantedBackfill[] {
  if (!isObject(value)) return [];
  const [cluster, index, rate] = [member(value, "cluster"), member(value, "index"), member(value, "rate")];
  if (typeof cluster !== "string" || typeof index !== "string") return [];
  return [{ cluster, index, rate: typeof rate === "number" ? rate : null }];
}
