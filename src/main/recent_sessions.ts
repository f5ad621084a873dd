// Files that were opened lately, in `recent.json` of the data folder.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isArray, isObject, type JsonValue, member, parseJson } from "../shared/json.ts";
import type { RecentSession } from "../shared/session_list.ts";
import { replaceFile } from "./replace_file.ts";

const FILE = "recent.json";
const KEPT = 12;

/** The last one first, without those that are gone. */
export function recentSessions(dataFolder: string): readonly RecentSession[] {
  return read(dataFolder).filter(({ file }) => existsSync(file));
}

/** Puts `file` first. A folder that can't be written remembers nothing. */
export function rememberSession(dataFolder: string, file: string, now: Date = new Date()): void {
  const others = read(dataFolder).filter((one) => one.file !== file);
  try {
    replaceFile(join(dataFolder, FILE), JSON.stringify([{ file, opened: now.toISOString() }, ...others].slice(0, KEPT)));
  } catch {
    // The file is open all the same.
  }
}

function read(dataFolder: string): readonly RecentSession[] {
  let value: JsonValue;
  try {
    value = parseJson(readFileSync(join(dataFolder, FILE), "utf8"));
  } catch {
    return []; // None yet, or spoilt.
  }
  return isArray(value) ? value.flatMap(sessionOf) : [];
}

function sessionOf(value: JsonValue): readonly RecentSession[] {
  if (!isObject(value)) return [];
  const [file, opened] = [member(value, "file"), member(value, "opened")];
  return typeof file === "string" && typeof opened === "string" ? [{ file, opened }] : [];
}
