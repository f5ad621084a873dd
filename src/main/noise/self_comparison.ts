// Answers of one side to the same search, compared with the first of them: where they disagree, by pattern. No rule and no
// tolerance is asked: what a side says otherwise each time is what counts. Keeps one answer, however many are compared. Pure.
import { isArray, type JsonObject } from "../../shared/json.ts";
import type { NoiseKind } from "../../shared/noise.ts";
import type { Disagreement } from "../matcher/disagreement.ts";
import { textOf } from "../matcher/leaves.ts";
import { type Place, stepsOf } from "../matcher/place.ts";
import { Switches } from "../matcher/switches.ts";
import { indexTolerances } from "../matcher/tolerances.ts";
import { walk } from "../matcher/walk.ts";
import { type Spread, spreadOf, widest } from "./spread.ts";

/** Places of one pattern that are kept with all their values. */
const MOST_FOLLOWED = 100;
const MOST_COUNTED = 10_000;
const NO_SWITCHES = new Switches([]);

/** One place: what each answer had there, as JSON text; null for nothing. */
export interface Followed {
  readonly values: (string | null)[];
}

/** Places that disagree alike. */
export interface Alike {
  readonly kind: NoiseKind;
  /** `*` where the places have different hits or buckets. */
  steps: readonly string[];
  /** By `placeKey`, the first of them. */
  readonly followed: Map<string, Followed>;
  readonly places: Set<string>;
  /** null once something was no number. */
  spread: Spread;
}

export class SelfComparison {
  readonly #request: JsonObject;
  readonly #found = new Map<string, Alike>();
  #first: JsonObject | null = null;
  #answers = 0;

  /** `request`: the search's body. */
  constructor(request: JsonObject) {
    this.#request = request;
  }

  get answers(): number {
    return this.#answers;
  }

  /** The one that the others are compared with. */
  get first(): JsonObject | null {
    return this.#first;
  }

  /** In the order in which they were met. */
  get found(): readonly Alike[] {
    return [...this.#found.values()];
  }

  add(answer: JsonObject): void {
    const at = this.#answers;
    this.#answers += 1;
    if (this.#first === null) {
      this.#first = answer;
      return;
    }
    for (const { followed } of this.#found.values()) for (const { values } of followed.values()) values.push(values[0] ?? null);
    for (const disagreement of disagreements(this.#request, this.#first, answer)) this.#take(disagreement, at);
  }

  #take(found: Disagreement, at: number): void {
    const kind = kindOf(found);
    const steps = stepsOf(found.place);
    // Which of two elements has moved is a matter of view.
    const alike = this.#alike(kind, kind === "order" ? steps.with(-1, "*") : steps, found.place);
    const key = placeKey(steps);
    if (alike.places.size < MOST_COUNTED) alike.places.add(key);
    const [first, now] = [textIn(found, "elasticsearch"), textIn(found, "clickhouse")];
    const values = alike.followed.get(key)?.values ?? Array.from({ length: this.#answers }, () => first);
    values[at] = now;
    if (alike.followed.size < MOST_FOLLOWED) alike.followed.set(key, { values });
    alike.spread = widest(alike.spread, spreadOf(values));
  }

  #alike(kind: NoiseKind, steps: readonly string[], place: Place): Alike {
    const general = [kind, ...generalSteps(place)].join("\0");
    const known = this.#found.get(general);
    if (known !== undefined) {
      known.steps = known.steps.map((step, i) => (step === steps[i] ? step : "*"));
      return known;
    }
    const made: Alike = { kind, steps, followed: new Map(), places: new Set(), spread: { share: 0, distance: 0 } };
    this.#found.set(general, made);
    return made;
  }
}

/** Names a place among those of one answer. */
export function placeKey(steps: readonly string[]): string {
  return steps.join("\0");
}

/** Where two answers to a search disagree, but for how they were made. */
export function disagreements(request: JsonObject, one: JsonObject, other: JsonObject): readonly Disagreement[] {
  const found: Disagreement[] = [];
  const root: Place = { parent: null, step: "", position: "", role: { kind: "root", request }, elasticsearch: one, clickhouse: other };
  const record = (disagreement: Disagreement): void => {
    if (disagreement.place.role.kind !== "envelope") found.push(disagreement);
  };
  walk(root, { comparedLeaves: 0, record }, indexTolerances([], NO_SWITCHES));
  return found;
}

function kindOf({ kind }: Disagreement): NoiseKind {
  return kind === "missing" || kind === "extra" ? "presence" : kind;
}

function textIn(found: Disagreement, side: "elasticsearch" | "clickhouse"): string | null {
  const value = found[side];
  if (found.kind === "missing" || found.kind === "extra") return value === undefined ? null : "";
  return textOf(value);
}

function generalSteps(place: Place): readonly string[] {
  const steps: string[] = [];
  for (let at: Place | null = place; at !== null && at.parent !== null; at = at.parent) {
    const { role, elasticsearch, clickhouse } = at.parent;
    const isElement = (role.kind === "hit_list" || role.kind === "bucket_list") && isArray(elasticsearch ?? clickhouse);
    steps.push(isElement ? "*" : at.step);
  }
  return steps;
}
