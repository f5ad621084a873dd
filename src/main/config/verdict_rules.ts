// The key `verdicts.rules` and the flag --verdict-rules, which names a file with the same list: which rules of the comparison are off or on
// where, and what is of no interest.
import { isArray, isObject, type JsonObject, type JsonValue, member } from "../../shared/json.ts";
import { IGNORED, VERDICT_RULES, VERDICT_RULES_KEY, type VerdictEntry } from "../../shared/verdict_rules.ts";
import { pathPatternProblem } from "../matcher/path_pattern.ts";
import { patternProblem } from "../routing/rules.ts";
import { BadOption, readJsonList } from "./json_file.ts";
import { nearest } from "./nearest.ts";

const KEYS = ["rule", "on", "index", "shape", "path", "field", "reason"];
const MOST_ENTRIES = 1000;
const LONGEST_TEXT = 1000;

/** The value of the key, as it is when it is right. Throws BadOption with the path in it. */
export function checkedVerdictRules(value: JsonValue, name: string): JsonValue {
  entriesOf(value, name);
  return value;
}

/** The list in a file. Throws BadOption. */
export function verdictRulesOfFile(file: string): JsonValue {
  return checkedVerdictRules(readJsonList(file, "--verdict-rules"), `${VERDICT_RULES_KEY} in ${file}`);
}

/** The entries of a checked value. */
export function verdictRulesOf(value: JsonValue | undefined): readonly VerdictEntry[] {
  return value === undefined ? [] : entriesOf(value, VERDICT_RULES_KEY);
}

function entriesOf(value: JsonValue, name: string): readonly VerdictEntry[] {
  if (!isArray(value)) throw new BadOption(`${name} must be a list of entries {"rule", "reason", …}.`);
  if (value.length > MOST_ENTRIES) throw new BadOption(`${name} has ${value.length} entries, more than ${MOST_ENTRIES}.`);
  const [key, ...file] = name.split(" ");
  return value.map((entry, at) => entryOf(entry, [`${key}[${at}]`, ...file].join(" ")));
}

function entryOf(entry: JsonValue, name: string): VerdictEntry {
  if (!isObject(entry)) throw new BadOption(`${name} must be an object with "rule" and "reason".`);
  const strange = Object.keys(entry).find((key) => !KEYS.includes(key));
  if (strange !== undefined) throw new BadOption(`${name} has no key "${strange}"; did you mean "${nearest(strange, KEYS)}"?`);
  const rule = ruleOf(entry, name);
  const reason = textAt(entry, "reason", name)?.trim();
  if (reason === undefined || reason === "") throw new BadOption(`${name} needs a "reason" in plain words.`);
  const places = placesOf(entry, name);
  if (rule === IGNORED) return { rule, ...ignoredOf(entry, places, name), reason };
  return { rule, on: switchOf(entry, rule, places, name), ...places, reason };
}

function ruleOf(entry: JsonObject, name: string): string {
  const names = VERDICT_RULES.map((rule) => rule.name);
  const rule = textAt(entry, "rule", name);
  if (rule === undefined) throw new BadOption(`${name} needs a "rule": "${IGNORED}", or the name of one that is switched.`);
  if (names.includes(rule)) return rule;
  throw new BadOption(`${name} names the rule "${rule}", which there is not; did you mean "${nearest(rule, names)}"?`);
}

function switchOf(entry: JsonObject, rule: string, { path }: Places, name: string): boolean {
  const on = member(entry, "on");
  if (typeof on !== "boolean") throw new BadOption(`${name} needs "on": true or false.`);
  if (member(entry, "field") !== undefined) throw new BadOption(`${name} has a "field", which only "${IGNORED}" has; give a "path".`);
  const switchable = VERDICT_RULES.find((one) => one.name === rule)?.switchable;
  if (switchable === "no") throw new BadOption(`${name}: the rule "${rule}" can't be switched.`);
  if (switchable === "path" && path === undefined) {
    throw new BadOption(`${name} needs a "path": "${rule}" explains something in every answer, so it can't be switched as a whole.`);
  }
  return on;
}

function ignoredOf(entry: JsonObject, places: Places, name: string): Omit<VerdictEntry, "rule" | "reason"> {
  if (member(entry, "on") !== undefined) throw new BadOption(`${name} has "on", which "${IGNORED}" has not: take the entry away instead.`);
  const field = textAt(entry, "field", name);
  if (field === "") throw new BadOption(`The "field" of ${name} is empty.`);
  if ((field === undefined) === (places.path === undefined)) throw new BadOption(`${name} needs either a "path" or a "field" to ignore.`);
  return { ...places, ...(field === undefined ? {} : { field }) };
}

type Places = Pick<VerdictEntry, "index" | "shape" | "path">;

function placesOf(entry: JsonObject, name: string): Places {
  const [index, shape, path] = [textAt(entry, "index", name), textAt(entry, "shape", name), textAt(entry, "path", name)];
  const wrong = (what: string, text: string, problem: string) =>
    new BadOption(`The ${what} ${JSON.stringify(text)} of ${name} ${problem}.`);
  const indexProblem = index === undefined ? "" : patternProblem(index);
  if (index !== undefined && indexProblem !== "") throw wrong("index", index, indexProblem);
  if (shape !== undefined && !/^[0-9a-f]{8,64}$/.test(shape))
    throw wrong("shape", shape, "is not the fingerprint of a query, hexadecimal digits");
  const pathProblem = path === undefined ? "" : pathPatternProblem(path);
  if (path !== undefined && pathProblem !== "") throw wrong("path", path, pathProblem);
  return { ...(index === undefined ? {} : { index }), ...(shape === undefined ? {} : { shape }), ...(path === undefined ? {} : { path }) };
}

function textAt(entry: JsonObject, key: string, name: string): string | undefined {
  const value = member(entry, key);
  if (value === undefined) return undefined;
  if (typeof value !== "string") throw new BadOption(`The "${key}" of ${name} must be a string.`);
  if (value.length > LONGEST_TEXT) throw new BadOption(`The "${key}" of ${name} is longer than ${LONGEST_TEXT} characters.`);
  return value;
}
