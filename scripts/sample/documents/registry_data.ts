// Reads the data sets of the development dependency vega-datasets.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isArray, isObject, type JsonObject, parseJson } from "../../../src/shared/json.ts";

// The package exports its script only; its data lie beside the folder of that.
const folder = join(dirname(fileURLToPath(import.meta.resolve("vega-datasets"))), "../data");

/** The objects of a JSON data set: of its array, or of the array under `key`. */
export function readObjects(file: string, key?: string): readonly JsonObject[] {
  const whole = parseJson(readFileSync(join(folder, file), "utf8"));
  const list = key === undefined || !isObject(whole) ? whole : whole[key];
  if (!isArray(list)) throw new Error(`${file}: no array${key === undefined ? "" : ` under ${key}`}`);
  return list.filter((item) => isObject(item));
}

/** The rows of a CSV data set without quoted commas, as objects of text. */
export function readRows(file: string): readonly Readonly<Record<string, string>>[] {
  const [head = "", ...lines] = readFileSync(join(folder, file), "utf8").trim().split(/\r?\n/);
  const names = head.split(",");
  const rows = lines.map((line) => line.split(",")).filter((cells) => cells.length === names.length);
  return rows.map((cells) => Object.fromEntries(names.map((name, at) => [name, cells[at] ?? ""])));
}
