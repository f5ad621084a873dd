// Delta debugging of a JSON object: takes parts out of it, large ones first, for as long as the rest still shows what is looked for. Pure.
import { isArray, isObject, type JsonObject, type JsonValue, jsonObject, printJson } from "../../shared/json.ts";

export interface Reducing {
  /** Whether a smaller object still shows it. */
  readonly holds: (smaller: JsonObject) => Promise<boolean>;
  /** Most objects that are tried. */
  readonly mostTrials: number;
  /** Asked often: false ends it with what was found by then. @default always true */
  readonly goOn?: () => boolean;
}

export interface Reduced {
  /** The smallest that was found. */
  readonly value: JsonObject;
  readonly trials: number;
  /** False where it ended before everything was tried. */
  readonly whole: boolean;
}

/** `start` itself is taken to show it, and is not tried. */
export async function reduce(start: JsonObject, reducing: Reducing): Promise<Reduced> {
  const reducer = new Reducer(start, reducing);
  const whole = await reducer.run();
  return { value: reducer.value, trials: reducer.trials, whole };
}

type Path = readonly (string | number)[];

/** Numbers that say how much is shown. */
const AMOUNTS = new Set(["size", "from", "shard_size"]);
/** Objects with more parts than this are not replaced by one of them: that would be many trials for little. */
const MOST_INNER = 8;

class Reducer {
  value: JsonObject;
  trials = 0;
  readonly #reducing: Reducing;
  readonly #tried = new Set<string>();

  constructor(start: JsonObject, reducing: Reducing) {
    this.value = start;
    this.#reducing = reducing;
  }

  /** True when nothing is left to try. */
  async run(): Promise<boolean> {
    for (let before = Number.POSITIVE_INFINITY; this.#length < before && !this.#over; ) {
      before = this.#length;
      await this.#reduceAt([]);
    }
    return !this.#over;
  }

  get #length(): number {
    return printJson(this.value).length;
  }

  get #over(): boolean {
    const { mostTrials, goOn } = this.#reducing;
    return this.trials >= mostTrials || goOn?.() === false;
  }

  async #reduceAt(path: Path): Promise<void> {
    await this.#dropParts(path);
    if (path.length > 0) await this.#replaceByInner(path);
    const node = valueAt(this.value, path);
    const steps = isArray(node) ? [...node.keys()].toReversed() : isObject(node) ? Object.keys(node) : [];
    for (const step of steps) {
      if (this.#over) return;
      if (valueAt(this.value, [...path, step]) !== undefined) await this.#reduceAt([...path, step]);
    }
    if (typeof node === "number" && AMOUNTS.has(String(path.at(-1)))) await this.#lessen(path, node);
  }

  // Halves first, then quarters, down to single parts: one part of many that matters is found in the logarithm of their number.
  async #dropParts(path: Path): Promise<void> {
    let piece = partsOf(valueAt(this.value, path));
    while (piece >= 1 && !this.#over) {
      for (let from = 0; from < partsOf(valueAt(this.value, path)) && !this.#over; ) {
        const node = valueAt(this.value, path);
        if (!(await this.#attempt(path, withoutParts(node, from, piece)))) from += piece;
      }
      piece = piece === 1 ? 0 : Math.ceil(piece / 2);
    }
  }

  // A clause in place of the bool around it, an aggregation in place of the one that it stands in.
  async #replaceByInner(path: Path): Promise<void> {
    for (let found = true; found && !this.#over; ) {
      found = false;
      const inner = innerObjects(valueAt(this.value, path));
      if (inner.length > MOST_INNER) return;
      for (const one of inner) {
        found = await this.#attempt(path, one);
        if (found) break;
      }
    }
  }

  async #lessen(path: Path, amount: number): Promise<void> {
    for (const less of [0, 1, 2, 5, 10, Math.floor(amount / 2)]) {
      if (less < amount && (await this.#attempt(path, less))) return;
    }
  }

  async #attempt(path: Path, part: JsonValue | undefined): Promise<boolean> {
    if (this.#over || part === undefined) return false;
    const smaller = replaced(this.value, path, part);
    if (!isObject(smaller)) return false;
    const text = printJson(smaller);
    if (this.#tried.has(text)) return false;
    this.#tried.add(text);
    this.trials += 1;
    if (!(await this.#reducing.holds(smaller))) return false;
    this.value = smaller;
    return true;
  }
}

function valueAt(value: JsonValue, path: Path): JsonValue | undefined {
  let at: JsonValue | undefined = value;
  for (const step of path) {
    if (typeof step === "number") at = isArray(at) ? at[step] : undefined;
    else at = isObject(at) && Object.hasOwn(at, step) ? at[step] : undefined;
  }
  return at;
}

function replaced(value: JsonValue, path: Path, part: JsonValue): JsonValue {
  const [step, ...rest] = path;
  if (step === undefined) return part;
  if (typeof step === "number") return isArray(value) ? value.with(step, replaced(value[step] ?? null, rest, part)) : value;
  if (!isObject(value)) return value;
  return jsonObject(Object.entries(value).map(([name, inner]) => [name, name === step ? replaced(inner, rest, part) : inner]));
}

function partsOf(node: JsonValue | undefined): number {
  return isArray(node) ? node.length : isObject(node) ? Object.keys(node).length : 0;
}

function withoutParts(node: JsonValue | undefined, from: number, count: number): JsonValue | undefined {
  if (isArray(node)) return node.toSpliced(from, count);
  return isObject(node) ? jsonObject(Object.entries(node).toSpliced(from, count)) : undefined;
}

/** Objects that stand two levels below: in `{bool: {must: [A], filter: B}}` A and B. */
function innerObjects(node: JsonValue | undefined): readonly JsonObject[] {
  if (!isObject(node)) return [];
  const below = Object.values(node)
    .filter(isObject)
    .flatMap((inner) => Object.values(inner));
  return below.flatMap((inner) => (isArray(inner) ? inner.filter(isObject) : isObject(inner) ? [inner] : []));
}
