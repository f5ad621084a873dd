// A place in the two answers: the pair of values there, what they mean, and how one got there. Places form a chain up to
// the root; a path's text is made only when something is to be said about it.
import type { JsonValue } from "../../shared/json.ts";
import { pointerToken } from "../../shared/json.ts";
import type { Role } from "./role.ts";

export interface Place {
  readonly parent: Place | null;
  /** Step for people: a member's name, an index, `[key=7]`, `[_id=a1]`. */
  readonly step: string;
  /** Step in ClickHouse's answer as a plain JSON pointer has it (tolerances are given so); "" where it has none. */
  readonly position: string;
  readonly role: Role;
  /** undefined: this side has nothing here. */
  readonly elasticsearch: JsonValue | undefined;
  readonly clickhouse: JsonValue | undefined;
}

/** A member of both answers that has no meaning of its own. */
export function memberPlace(parent: Place, name: string, elasticsearch: JsonValue | undefined, clickhouse: JsonValue | undefined): Place {
  return { parent, step: name, position: name, role: { kind: "plain" }, elasticsearch, clickhouse };
}

// A hostile document may be 100,000 deep: its path is cut in the middle rather than spelled out a thousand times.
const LONGEST_PATH = 400;

/** Pointer with keyed steps, as `Difference.path` has it. */
export function pathOf(place: Place): string {
  return spell(place, (at) => at.step);
}

/** The steps of `pathOf`, not escaped, all of them. */
export function stepsOf(place: Place): readonly string[] {
  const steps: string[] = [];
  for (let at: Place | null = place; at !== null && at.parent !== null; at = at.parent) steps.push(at.step);
  return steps.reverse();
}

/** Plain JSON pointer into ClickHouse's answer. */
export function positionOf(place: Place): string {
  return spell(place, (at) => at.position);
}

function spell(place: Place, stepOf: (at: Place) => string): string {
  const steps: string[] = [];
  for (let at: Place | null = place; at !== null && at.parent !== null; at = at.parent) steps.push(pointerToken(stepOf(at)));
  steps.reverse();
  if (steps.length > LONGEST_PATH) steps.splice(LONGEST_PATH / 2, steps.length - LONGEST_PATH, "…");
  return steps.length === 0 ? "" : `/${steps.join("/")}`;
}
