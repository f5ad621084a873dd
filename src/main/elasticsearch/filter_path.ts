// `filter_path`: which parts of an answer are shown. Paths with `*` for a name and `**` for any number of them, `-` in front
// to leave out; as Elasticsearch's own filters, arrays are passed through. Pure.
import { isArray, isObject, type JsonObject, type JsonValue, jsonObject } from "../../shared/json.ts";

/** The answer as `filter_path` lets it show; an empty object when nothing is left. */
export function filterPath(body: JsonValue, expression: string): JsonValue {
  const paths = expression
    .split(",")
    .map((path) => path.trim())
    .filter((path) => path !== "");
  const excludes = paths.filter((path) => path.startsWith("-")).map((path) => steps(path.slice(1)));
  const includes = paths.filter((path) => !path.startsWith("-")).map(steps);
  const shown = includes.length === 0 ? body : include(body, includes);
  const left = excludes.length === 0 ? shown : exclude(shown, excludes);
  return left === undefined ? (isArray(body) ? [] : {}) : left;
}

type Path = readonly string[];

/** By dots that are not escaped. */
function steps(path: string): Path {
  return path.split(/(?<!\\)\./).map((step) => step.replaceAll("\\.", "."));
}

function include(value: JsonValue | undefined, paths: readonly Path[]): JsonValue | undefined {
  if (value === undefined || paths.some((path) => path.length === 0 || path.every((step) => step === "**"))) return value;
  if (isArray(value)) {
    const items = value.flatMap((item) => only(include(item, paths)));
    return items.length === 0 ? undefined : items;
  }
  if (!isObject(value)) return undefined;
  return filled(value, (name, child) => {
    const below = paths.flatMap((path) => after(path, name));
    return below.length === 0 ? undefined : include(child, below);
  });
}

function exclude(value: JsonValue | undefined, paths: readonly Path[]): JsonValue | undefined {
  // What was empty from the start stays; what becomes empty goes.
  if (value === undefined || (typeof value === "object" && value !== null && Object.keys(value).length === 0)) return value;
  if (isArray(value)) {
    const items = value.flatMap((item) => only(exclude(item, paths)));
    return items.length === 0 ? undefined : items;
  }
  if (!isObject(value)) return value;
  return filled(value, (name, child) => {
    const below = paths.flatMap((path) => after(path, name));
    return below.some((path) => path.length === 0) ? undefined : below.length === 0 ? child : exclude(child, below);
  });
}

function filled(object: JsonObject, keep: (name: string, child: JsonValue) => JsonValue | undefined): JsonObject | undefined {
  const members = Object.entries(object).flatMap(([name, child]) => {
    const kept = keep(name, child);
    return kept === undefined ? [] : [[name, kept] as const];
  });
  return members.length === 0 ? undefined : jsonObject(members);
}

/** What is left of a path below the member `name`; several where `**` may end here or go on. */
function after(path: Path, name: string): readonly Path[] {
  const [first, ...rest] = path;
  if (first === undefined) return [];
  if (first === "**") return [path, ...after(rest, name)];
  return fits(first, name) ? [rest] : [];
}

function fits(pattern: string, name: string): boolean {
  if (!pattern.includes("*")) return pattern === name;
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s").test(name);
}

function only(value: JsonValue | undefined): readonly JsonValue[] {
  return value === undefined ? [] : [value];
}
