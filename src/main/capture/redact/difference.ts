// One place where answers differ, without a value that was chosen: in its path's keyed steps and on its two sides.
import type { Difference } from "../../../shared/exchange.ts";
import { aggregationNamed, FIGURES } from "./answer_edits.ts";
import type { Asked } from "./asked.ts";
import type { StandIns } from "./edits.ts";
import type { RedactionRules } from "./rules.ts";

const STEP = /\/(\[(?:[^\]\\]|\\.)*\]|[^/]*)/g;
const KEYED = /^\[([^=\]]+)=(.*)\]$/s;

/** `taken`: its values go. */
export function redactedDifference(
  { path }: Difference,
  asked: Asked | undefined,
  rules: RedactionRules,
  standIns: StandIns,
): { readonly path: string; readonly taken: boolean } {
  const { fields, bodies } = rules;
  const whole = bodies.has("answers");
  if (!fields.any && !whole) return { path, taken: false };
  const steps = stepsOf(path);
  const names: string[] = [];
  let under: Asked["aggregations"] | undefined;
  let about = false;
  let taken = whole;
  const clean = steps.map((step, i) => {
    const keyed = KEYED.exec(step);
    if (keyed !== null) {
      const [, by = "", value = ""] = keyed;
      const goes = whole || (by === "key" && about) || fields.fits([by]) !== null;
      return goes ? `[${by}=${standIns.of(value)}]` : step;
    }
    if (step === "aggregations" && under === undefined) {
      under = asked?.aggregations ?? null;
      return step;
    }
    if (under !== undefined) {
      const known = aggregationNamed(under, step);
      if (known !== undefined) {
        about = known.about !== null;
        under = known.under;
        return step;
      }
      about ||= under === null;
      if (about && steps[i - 1] === "buckets" && !/^[0-9]+$/.test(step)) return standIns.of(step);
    }
    if (steps[i - 1] === "sort" && (asked === undefined || asked.sort.length === 0 || asked.sort[Number(step)] != null)) taken = true;
    names.push(step);
    if (fields.fits(names.filter((name) => !/^[0-9]+$/.test(name))) !== null) taken = true;
    return step;
  });
  const last = steps.at(-1) ?? "";
  if (about && !FIGURES.has(last)) taken = true;
  return { path: clean.map((step) => `/${step}`).join(""), taken };
}

function stepsOf(path: string): readonly string[] {
  return [...path.matchAll(STEP)].map((match) => match[1] ?? "");
}
