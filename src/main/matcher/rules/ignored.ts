import { IGNORED } from "../../../shared/verdict_rules.ts";
import type { Disagreement } from "../disagreement.ts";
import { covers, pathPattern } from "../path_pattern.ts";
import { type Place, stepsOf } from "../place.ts";
import type { Ignored } from "../rule_settings.ts";
import { leftOpen, type Rule } from "./rule.ts";

/** Members of a hit that show fields of its document. */
const SHOWN: ReadonlySet<string> = new Set(["_source", "fields", "highlight"]);

/** What the user does not care about. It is asked last, so that what another rule explains is told by that. */
export function ignored(entry: Ignored): Rule {
  return { ...leftOpen(IGNORED, entry.reason, meaning(entry)), byEntry: true };
}

function meaning(entry: Ignored): (found: Disagreement) => boolean {
  if ("field" in entry) return ({ place }) => isOfField(place, entry.field);
  const pattern = pathPattern(entry.path);
  return ({ place }) => covers(pattern, stepsOf(place));
}

/** True inside the field of a hit's document: an array's steps are no part of its name. */
function isOfField(place: Place, field: string): boolean {
  let name = "";
  for (let at: Place | null = place; at !== null; at = at.parent) {
    if (at.parent?.role.kind === "hit" && SHOWN.has(at.step)) return name === field || name.startsWith(`${field}.`);
    if (!/^\d+$/.test(at.step)) name = name === "" ? at.step : `${at.step}.${name}`;
  }
  return false;
}
