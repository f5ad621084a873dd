// The keys `rules` and `script`, and the flag --rules, which names a file with the same list.
import { resolve } from "node:path";
import { isArray, type JsonValue } from "../../shared/json.ts";
import type { Rule } from "../../shared/rules.ts";
import { BadRule, readRule } from "../rules/read_rule.ts";
import { BadOption, readJsonList } from "./json_file.ts";

export interface RulesSettings {
  readonly rules: readonly Rule[];
  /** Path of the module; "" for none. */
  readonly script: string;
  readonly scriptLimitMs: number;
}

const LIMIT_MS = 1_000;

/** The value of the key, as it is when it is right. Throws BadOption with the path in it. */
export function checkedRules(value: JsonValue, name: string): JsonValue {
  if (!isArray(value)) throw new BadOption(`${name} must be a list of rules.`);
  const [key, ...file] = name.split(" ");
  const ids = value.map((rule, at) => readChecked(rule, [`${key}[${at}]`, ...file].join(" "), at).id);
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice !== undefined) throw new BadOption(`${name} has two rules with the id ${JSON.stringify(twice)}.`);
  return value;
}

/** The list in a file. Throws BadOption. */
export function rulesOfFile(file: string): JsonValue {
  return checkedRules(readJsonList(file, "--rules"), `rules in ${file}`);
}

/** The settings of checked values. */
export function rulesSettings(rules: JsonValue | undefined, script: string | null, limitMs: JsonValue | undefined): RulesSettings {
  return {
    rules: isArray(rules) ? rules.map((rule, at) => readChecked(rule, `rules[${at}]`, at)) : [],
    script: script === null || script === "" ? "" : resolve(script),
    scriptLimitMs: typeof limitMs === "number" ? limitMs : LIMIT_MS,
  };
}

function readChecked(rule: JsonValue, name: string, at: number): Rule {
  try {
    return readRule(rule, name, `config-${at + 1}`);
  } catch (error) {
    if (error instanceof BadRule) throw new BadOption(error.message);
    throw error;
  }
}
