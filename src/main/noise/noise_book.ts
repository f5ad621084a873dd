// The noise that someone said to remember, by query shape, kept in a file of the data folder.
import { readFileSync } from "node:fs";
import { isArray, isNumber, isObject, type JsonObject, type JsonValue, member, numberAt, parseJson } from "../../shared/json.ts";
import type { KnownNoise, NoisySide, RememberedNoise } from "../../shared/noise.ts";
import { messageOf } from "../../shared/thrown.ts";
import type { SeenNoise } from "../matcher/rule_settings.ts";
import { replaceFile } from "../replace_file.ts";

const MOST = 1_000;

export interface NoiseBookOptions {
  /** null: nowhere. */
  readonly file: string | null;
  /** Told when the file can't be read or written: what is remembered then holds until the end. */
  readonly problem: (message: string) => void;
}

export class NoiseBook {
  readonly #options: NoiseBookOptions;
  readonly #shapes: Map<string, RememberedNoise>;

  constructor(options: NoiseBookOptions) {
    this.#options = options;
    this.#shapes = new Map(this.#read().map((one) => [one.shape, one]));
  }

  /** Newest first. */
  list(): readonly RememberedNoise[] {
    return [...this.#shapes.values()].toReversed();
  }

  of(shape: string): RememberedNoise | null {
    return this.#shapes.get(shape) ?? null;
  }

  /** What the rule `noise` leaves open in searches of this shape. */
  seen(shape: string): readonly SeenNoise[] {
    const noise = this.#shapes.get(shape);
    if (noise === undefined) return [];
    return noise.paths.map(({ path, kind, spread, sides }) => ({ path, kind, spread, reason: reasonOf(noise, sides) }));
  }

  /** In the place of what was remembered of the shape before. What was remembered the longest ago goes first. */
  remember(noise: RememberedNoise): void {
    this.#shapes.delete(noise.shape);
    this.#shapes.set(noise.shape, noise);
    const oldest = this.#shapes.keys().next().value;
    if (this.#shapes.size > MOST && oldest !== undefined) this.#shapes.delete(oldest);
    this.#write();
  }

  /** False where nothing was remembered of it. */
  forget(shape: string): boolean {
    const known = this.#shapes.delete(shape);
    if (known) this.#write();
    return known;
  }

  #read(): readonly RememberedNoise[] {
    const { file, problem } = this.#options;
    if (file === null) return [];
    try {
      const value = parseJson(readFileSync(file, "utf8"));
      const list = isObject(value) ? member(value, "noise") : undefined;
      if (!isArray(list)) throw new Error('it has no list "noise"');
      return list.flatMap(rememberedIn);
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
      problem(`${file} can't be read, so no noise is known from before: ${messageOf(error)}`);
      return [];
    }
  }

  #write(): void {
    const { file, problem } = this.#options;
    if (file === null) return;
    try {
      replaceFile(file, JSON.stringify({ noise: [...this.#shapes.values()] }, null, 2));
    } catch (error) {
      problem(`${file} can't be written, so noise is remembered until the end of this run: ${messageOf(error)}`);
    }
  }
}

const SPOKEN: Readonly<Record<NoisySide, string>> = { elasticsearch: "Elasticsearch", clickhouse: "ClickHouse" };

function reasonOf({ time, times }: RememberedNoise, sides: readonly NoisySide[]): string {
  const who = sides.map((side) => SPOKEN[side]).join(" and ");
  const disagrees = sides.length > 1 ? "disagree with themselves" : "disagrees with itself";
  return `${who} ${disagrees} here: seen in ${times} answers on ${new Date(time).toISOString().slice(0, 10)}.`;
}

// What someone wrote into the file by hand and does not fit is left out.
function rememberedIn(value: JsonValue): readonly RememberedNoise[] {
  if (!isObject(value)) return [];
  const [shape, sketch, index] = ["shape", "sketch", "index"].map((name) => member(value, name));
  const [time, times, paths] = [numberAt(value, "time"), numberAt(value, "times"), member(value, "paths")];
  if (typeof shape !== "string" || typeof sketch !== "string" || typeof index !== "string") return [];
  if (time === null || Math.abs(time) > LATEST_MS || times === null || !isArray(paths)) return [];
  return [{ shape, sketch, index, time, times, paths: paths.flatMap(knownIn) }];
}

/** A date knows no later. */
const LATEST_MS = 8.64e15;

function knownIn(value: JsonValue): readonly KnownNoise[] {
  if (!isObject(value)) return [];
  const [path, kind, spread, sides] = ["path", "kind", "spread", "sides"].map((name) => member(value, name));
  if (typeof path !== "string" || (kind !== "value" && kind !== "order") || !isArray(sides)) return [];
  const own = (["elasticsearch", "clickhouse"] as const).filter((side) => sides.includes(side));
  if (spread === null) return [{ path, kind, spread, sides: own }];
  return isObject(spread) ? spreadIn(spread).map((read) => ({ path, kind, spread: read, sides: own })) : [];
}

function spreadIn(spread: JsonObject): readonly { readonly share: number; readonly distance: number }[] {
  const [share, distance] = [member(spread, "share"), member(spread, "distance")];
  return isNumber(share) && isNumber(distance) ? [{ share: Number(share), distance: Number(distance) }] : [];
}
