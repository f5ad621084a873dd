// Settings of an index as Elasticsearch gives them: everything is text, or a list of texts. What can't be read makes the part of
// the analyzer that it belongs to one that we don't have.
import { isArray, isObject, type JsonObject, member } from "../../../shared/json.ts";

/** A setting of one tokenizer, filter or analyzer is one that is not followed here. */
export class UnknownSetting extends Error {
  override readonly name = "UnknownSetting";
}

export function settingText(settings: JsonObject, name: string): string | undefined {
  const value = member(settings, name);
  return value === undefined || value === null || isObject(value) || isArray(value) ? undefined : String(value);
}

export function settingNumber(settings: JsonObject, name: string, otherwise: number): number {
  const text = settingText(settings, name);
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!Number.isInteger(value)) throw new UnknownSetting(name);
  return value;
}

export function settingFlag(settings: JsonObject, name: string, otherwise = false): boolean {
  const text = settingText(settings, name);
  return text === undefined ? otherwise : text === "true";
}

/** A list; one text stands for a list of what its commas part. */
export function settingList(settings: JsonObject, name: string): readonly string[] | undefined {
  const value = member(settings, name);
  if (isArray(value)) return value.map((each) => String(each));
  const text = settingText(settings, name);
  return text?.split(",").map((each) => each.trim());
}

/** Throws UnknownSetting where there are others than these. */
export function onlySettings(settings: JsonObject, names: readonly string[]): void {
  for (const name of Object.keys(settings)) {
    if (name !== "type" && name !== "version" && !names.includes(name)) throw new UnknownSetting(name);
  }
}
