// What Elasticsearch said of an index, as endpoints ask for it. Pure.
import { isObject, type JsonObject, type JsonValue, member } from "../../shared/json.ts";
import { expressionNames } from "../mirror/expression.ts";
import type { IndexDescription } from "../mirror/index_description.ts";

/** The parameters of an endpoint that means hidden and closed indices, too, where it is not told otherwise. */
export function everyIndex(params: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return params.has("expand_wildcards") ? params : new Map([...params, ["expand_wildcards", "all"]]);
}

/** A setting of the index as text; "" without it. */
export function settingOf({ raw }: Pick<IndexDescription, "raw">, name: string): string {
  const settings = member(raw, "settings");
  const index = isObject(settings) ? member(settings, "index") : undefined;
  const value = isObject(index) ? member(index, name) : undefined;
  return value === undefined || value === null || isObject(value) ? "" : String(value);
}

export function isClosed(index: IndexDescription): boolean {
  return settingOf(index, "verified_before_close") === "true";
}

export function isHidden(index: IndexDescription): boolean {
  return settingOf(index, "hidden") === "true";
}

/** The data stream that it is a part of; "" for none. */
export function dataStreamOf({ raw }: Pick<IndexDescription, "raw">): string {
  const name = member(raw, "data_stream");
  return typeof name === "string" ? name : "";
}

/** Its aliases with what is set for each, those alone that `expression` means. */
export function aliasesOf({ raw }: Pick<IndexDescription, "raw">, expression = ""): readonly (readonly [string, JsonValue])[] {
  const aliases: JsonObject | JsonValue = member(raw, "aliases") ?? null;
  return isObject(aliases) ? Object.entries(aliases).filter(([name]) => expressionNames(expression, name)) : [];
}
