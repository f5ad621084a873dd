// The generators that were begun, and how far each is, in a file of the data folder: one that ran when Parallax ended goes on at its next
// start, in front of the same cluster and no other.
import { isObject, type JsonValue, member } from "../../../shared/json.ts";
import { KeptList } from "../kept_list.ts";
import type { GeneratorPlan } from "./generator.ts";

export interface RememberedGenerator extends GeneratorPlan {
  readonly cluster: string;
  readonly kind: string;
  readonly made: number;
  /** It runs, or goes on by itself. */
  readonly wanted: boolean;
}

export class RememberedGenerators {
  readonly #list: KeptList<RememberedGenerator>;

  /** `problem` is told when the file can't be read or written: then nothing is remembered. */
  constructor(file: string, problem: (message: string) => void) {
    this.#list = new KeptList({ file, name: "generators", entryOf, problem, loss: "no generator goes on" });
  }

  of(cluster: string): readonly RememberedGenerator[] {
    return this.#list.all().filter((entry) => entry.cluster === cluster);
  }

  /** The one of a kind; null where none was begun. */
  one(cluster: string, kind: string): RememberedGenerator | null {
    return this.of(cluster).find((entry) => entry.kind === kind) ?? null;
  }

  put(entry: RememberedGenerator): void {
    this.#list.replace([...this.#without(entry.cluster, entry.kind), entry]);
  }

  forget(cluster: string, kind: string): void {
    this.#list.replace(this.#without(cluster, kind));
  }

  #without(cluster: string, kind: string): readonly RememberedGenerator[] {
    return this.#list.all().filter((entry) => entry.cluster !== cluster || entry.kind !== kind);
  }
}

function entryOf(value: JsonValue): RememberedGenerator | null {
  if (!isObject(value)) return null;
  const text = (name: string): string | null => {
    const found = member(value, name);
    return typeof found === "string" ? found : null;
  };
  const number = (name: string): number | null => {
    const found = member(value, name);
    return typeof found === "number" ? found : null;
  };
  const [cluster, kind, index] = [text("cluster"), text("kind"), text("index")];
  if (cluster === null || kind === null || index === null) return null;
  return {
    cluster,
    kind,
    index,
    stream: member(value, "stream") === true,
    seed: number("seed") ?? 1,
    rate: number("rate"),
    documents: number("documents"),
    past: number("past") ?? 0,
    span: number("span") ?? 0,
    begun: number("begun") ?? 0,
    made: number("made") ?? 0,
    wanted: member(value, "wanted") === true,
  };
}
