// A file of the data folder that a person writes: one JSON object, or nothing.
import { readFileSync } from "node:fs";
import { isObject, type JsonObject, type JsonValue, parseJson } from "../../shared/json.ts";
import { messageOf } from "../../shared/thrown.ts";

/** A wrong flag, key or value. `message` says which and what would fit. */
export class BadOption extends Error {
  override readonly name = "BadOption";
}

/** null where there is no such file. Throws BadOption for one that can't be read, or holds something else. */
export function readJsonFile(file: string): JsonObject | null {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const missing = error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
    if (missing) return null;
    throw new BadOption(`${file} can't be read: ${messageOf(error)}. Make it readable, or move it away.`);
  }
  let value: JsonValue;
  try {
    value = parseJson(text);
  } catch (error) {
    throw new BadOption(`${file} is not JSON: ${messageOf(error)}. Mend it or move it away.`);
  }
  if (!isObject(value)) throw new BadOption(`${file} must hold one JSON object.`);
  return value;
}

/** The JSON of a file that the flag names. Throws BadOption. */
export function readJsonList(file: string, flag: string): JsonValue {
  try {
    return parseJson(readFileSync(file, "utf8"));
  } catch (error) {
    throw new BadOption(`${flag}: ${file} can't be read: ${messageOf(error)}. Give a file with a JSON list.`);
  }
}
