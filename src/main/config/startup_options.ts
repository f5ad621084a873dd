// `startup_options.json` in the data folder, read before anything else: what is to be kept from running by itself, for a start that
// would otherwise go wrong again.
import { join } from "node:path";
import { isObject, type JsonObject, type JsonValue, member } from "../../shared/json.ts";
import { BadOption, readJsonFile } from "./json_file.ts";
import { nearest } from "./nearest.ts";

const FILE = "startup_options.json";
const SECTION = "task_manager";
const KEEP_BACK = "disable_pump_scheduler";

/** True when `{"task_manager": {"disable_pump_scheduler": true}}` keeps all pipes back. Throws BadOption for what is none of it. */
export function pipesKeptBack(dataFolder: string): boolean {
  const file = join(dataFolder, FILE);
  const value = readJsonFile(file);
  if (value === null) return false;
  const section = onlyMember(value, SECTION, "", file);
  if (section === undefined) return false;
  if (!isObject(section)) throw new BadOption(`${SECTION} in ${file} must be an object.`);
  const keepBack = onlyMember(section, KEEP_BACK, `${SECTION}.`, file) ?? false;
  if (typeof keepBack === "boolean") return keepBack;
  throw new BadOption(`${SECTION}.${KEEP_BACK} in ${file} must be true or false.`);
}

function onlyMember(object: JsonObject, name: string, prefix: string, file: string): JsonValue | undefined {
  const other = Object.keys(object).find((key) => key !== name);
  if (other !== undefined) {
    throw new BadOption(`${file} has no key "${prefix}${other}"; did you mean "${prefix}${nearest(other, [name])}"?`);
  }
  return member(object, name);
}
