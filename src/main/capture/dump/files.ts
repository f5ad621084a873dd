// Dump files: `logs-START-END.txt`, both moments known when the file begins, so that whoever follows it by name keeps it to its end. A new
// one begins each hour, and earlier where one is full; the oldest go.
import { appendFile, mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

export interface DumpFileLimits {
  readonly windowMs: number;
  readonly fileBytes: number;
  readonly files: number;
}

const LIMITS: DumpFileLimits = { windowMs: 3_600_000, fileBytes: 128 * 1024 * 1024, files: 48 };
const NAME = /^logs-\d{8}T\d{6}Z-\d{8}T\d{6}Z\.txt$/;

export class DumpFiles {
  readonly #folder: string;
  readonly #limits: DumpFileLimits;
  #name = "";
  #end = 0;
  #bytes = 0;

  constructor(folder: string, limits: DumpFileLimits = LIMITS) {
    this.#folder = folder;
    this.#limits = limits;
  }

  /** The file written last; "" before the first. */
  get file(): string {
    return this.#name === "" ? "" : join(this.#folder, this.#name);
  }

  /** Adds text of the moment `now` (epoch ms). Throws what the file system does. */
  async append(text: string, now: number): Promise<void> {
    const bytes = Buffer.from(text, "utf8");
    if (now >= this.#end || this.#bytes + bytes.byteLength > this.#limits.fileBytes) await this.#begin(now);
    await appendFile(this.file, bytes, { mode: 0o600 });
    this.#bytes += bytes.byteLength;
  }

  async #begin(now: number): Promise<void> {
    const { windowMs, files } = this.#limits;
    const window = Math.floor(now / windowMs) * windowMs;
    // A second file within a window begins when it does.
    const start = window + windowMs === this.#end ? Math.max(now, this.#start() + 1000) : now;
    this.#end = window + windowMs;
    this.#name = `logs-${stamp(start)}-${stamp(this.#end)}.txt`;
    this.#bytes = 0;
    await mkdir(this.#folder, { recursive: true });
    const names = (await readdir(this.#folder)).filter((name) => NAME.test(name) && name !== this.#name).toSorted();
    for (const old of names.slice(0, Math.max(0, names.length - files + 1))) await rm(join(this.#folder, old), { force: true });
  }

  // Two files of one second would be one.
  #start(): number {
    const [, date = "", time = ""] = /^logs-(\d{8})T(\d{6})Z/.exec(this.#name) ?? [];
    return Date.parse(`${date.replace(/(....)(..)(..)/, "$1-$2-$3")}T${time.replace(/(..)(..)(..)/, "$1:$2:$3")}Z`);
  }
}

function stamp(ms: number): string {
  return new Date(ms)
    .toISOString()
    .replace(/\.\d+Z$/, "Z")
    .replaceAll(/[-:]/g, "");
}
