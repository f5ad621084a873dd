// Which backfills were asked for and are not over, in a file of the data folder: the next start goes on with them. How far they
// were is in the tables themselves.
import { isObject, type JsonValue, member } from "../../shared/json.ts";
import { KeptList } from "./kept_list.ts";

export interface WantedBackfill {
  readonly cluster: string;
  readonly index: string;
  /** Documents a second; null: as many as come. */
  readonly rate: number | null;
}

export class WantedBackfills {
  readonly #list: KeptList<WantedBackfill>;

  /** `problem` is told when the file can't be read or written: then nothing is remembered. */
  constructor(file: string, problem: (message: string) => void) {
    this.#list = new KeptList({ file, name: "backfills", entryOf, problem, loss: "no backfill goes on" });
  }

  of(cluster: string): readonly WantedBackfill[] {
    return this.#list.all().filter((entry) => entry.cluster === cluster);
  }

  add(entry: WantedBackfill): void {
    this.#list.replace([...this.#without(entry), entry]);
  }

  remove(entry: Pick<WantedBackfill, "cluster" | "index">): void {
    const rest = this.#without(entry);
    if (rest.length < this.#list.all().length) this.#list.replace(rest);
  }

  #without({ cluster, index }: Pick<WantedBackfill, "cluster" | "index">): readonly WantedBackfill[] {
    return this.#list.all().filter((entry) => entry.cluster !== cluster || entry.index !== index);
  }
}

function entryOf(value: JsonValue): WantedBackfill | null {
  if (!isObject(value)) return null;
  const [cluster, index, rate] = [member(value, "cluster"), member(value, "index"), member(value, "rate")];
  if (typeof cluster !== "string" || typeof index !== "string") return null;
  return { cluster, index, rate: typeof rate === "number" ? rate : null };
}
