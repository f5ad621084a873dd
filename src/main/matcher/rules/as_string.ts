import { isNumber, isObject, member } from "../../../shared/json.ts";
import { relativeDistance } from "../number.ts";
import { sumMember } from "./float_sum.ts";
import { tolerance } from "./rule.ts";

const SUFFIX = "_as_string";
const NOISE = 1e-12;

/** `value_as_string` beside a `value` that differs only by the noise of a sum. */
export const asString = tolerance("as_string", "The text of a number that itself agrees to the last few bits.", ({ kind, place }) => {
  const { step, parent } = place;
  if (kind !== "value" || parent === null || !step.endsWith(SUFFIX)) return false;
  if (!isObject(parent.elasticsearch) || !isObject(parent.clickhouse)) return false;
  const name = step.slice(0, -SUFFIX.length);
  const a = member(parent.elasticsearch, name);
  const b = member(parent.clickhouse, name);
  const role = place.role.kind === "metric" ? { ...place.role, member: name } : place.role;
  if (sumMember({ ...place, role }) === null || !isNumber(a) || !isNumber(b)) return false;
  return Number(a) !== Number(b) && relativeDistance(Number(a), Number(b)) <= NOISE;
});
