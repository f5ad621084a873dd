// The key `routes` and the flag --route: modes of indices, in order.
import { isArray, isObject, type JsonObject, type JsonValue, member } from "../../shared/json.ts";
import type { IndexRule } from "../../shared/routing.ts";
import { isMode, patternProblem } from "../routing/rules.ts";
import { BadOption } from "./json_file.ts";
import { nearest } from "./nearest.ts";

const KEYS = ["pattern", "mode"];

/** `logs-*=clickhouse` as a rule. Throws BadOption. */
export function routeOfText(text: string): JsonObject {
  const at = text.lastIndexOf("=");
  if (at === -1) throw new BadOption(`--route is PATTERN=MODE, like --route 'logs-*=clickhouse'; ${JSON.stringify(text)} is not.`);
  return checkedRoute({ pattern: text.slice(0, at), mode: text.slice(at + 1) }, "--route");
}

/** The value of the key. Throws BadOption with its path. */
export function checkedRoutes(value: JsonValue, name: string): JsonValue {
  if (!isArray(value)) throw new BadOption(`${name} must be a list of {"pattern", "mode"}.`);
  const [key, ...file] = name.split(" ");
  return value.map((item, at) => checkedRoute(item, [`${key}[${at}]`, ...file].join(" ")));
}

/** The rules of a checked value. */
export function routesOf(value: JsonValue | undefined): readonly IndexRule[] {
  if (!isArray(value)) return [];
  return value.flatMap((item) => {
    const [pattern, mode] = isObject(item) ? [member(item, "pattern"), member(item, "mode")] : [];
    return typeof pattern === "string" && isMode(mode) ? [{ pattern, mode }] : [];
  });
}

function checkedRoute(item: JsonValue, name: string): JsonObject {
  if (!isObject(item)) throw new BadOption(`${name} must be an object with "pattern" and "mode".`);
  const strange = Object.keys(item).find((key) => !KEYS.includes(key));
  if (strange !== undefined) throw new BadOption(`${name} has no key "${strange}"; did you mean "${nearest(strange, KEYS)}"?`);
  const [pattern, mode] = [member(item, "pattern"), member(item, "mode")];
  if (typeof pattern !== "string") throw new BadOption(`${name} needs a "pattern": an index, an alias, or an expression like "logs-*".`);
  const problem = patternProblem(pattern);
  if (problem !== "") throw new BadOption(`The pattern ${JSON.stringify(pattern)} of ${name} ${problem}.`);
  if (!isMode(mode))
    throw new BadOption(`The mode of ${name} is ${JSON.stringify(mode ?? null)}; there are "tap", "compare" and "clickhouse".`);
  return { pattern, mode };
}
