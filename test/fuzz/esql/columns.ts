// What a generated pipeline knows of its columns: names as ES|QL writes them, types, and values to compare with.
import type { Random } from "../../../scripts/sample/random.ts";
import { isArray, isObject, type JsonValue, member } from "../../../src/shared/json.ts";
import type { FuzzField, World } from "../generate/world.ts";

export type Kind = "text" | "whole" | "double" | "date" | "boolean" | "ip" | "geo" | "nanos";

export interface Col {
  readonly name: string;
  readonly kind: Kind;
  /** Literals to compare with. */
  readonly samples: readonly string[];
  /** True for a field of the index, which full text search may ask for. */
  readonly field: boolean;
}

const WHOLE = new Set(["long", "integer", "short", "byte"]);

export function columnsOf(world: World): readonly Col[] {
  return world.fields.flatMap((field) => {
    if (hiddenFields(world).includes(field.path.split(".")[0] ?? "")) return [];
    const kind = kindOf(field);
    const literals = [...new Set(field.samples.slice(0, 12).flatMap((value) => literalOf(kind, value)))];
    return [{ name: written(field.path), kind, samples: literals, field: true }];
  });
}

/** Fields that FROM can't show: what copies fill, and what has keys of its own. */
export function hiddenFields({ mappings }: World): readonly string[] {
  const properties = member(mappings, "properties");
  const fields = Object.entries(isObject(properties) ? properties : {});
  return fields.flatMap(([name, field]) => {
    if (!isObject(field)) return [];
    const copied = member(field, "copy_to");
    return member(field, "type") === "flattened" ? [name] : isArray(copied) ? copied.map(String) : [];
  });
}

function kindOf({ family, type }: FuzzField): Kind {
  if (type === "date_nanos") return "nanos";
  switch (family) {
    case "keyword":
    case "text":
      return "text";
    case "number":
      return WHOLE.has(type) ? "whole" : "double";
    default:
      return family;
  }
}

function literalOf(kind: Kind, value: JsonValue): readonly string[] {
  if (isArray(value) || value === null || typeof value === "object") return [];
  const text = String(value);
  switch (kind) {
    case "text":
      return [quoted(text)];
    case "whole":
      return /^-?[0-9]{1,19}$/.test(text) ? [text] : [];
    case "double":
      return /^-?[0-9.]+(e-?[0-9]+)?$/i.test(text) ? [text.includes(".") ? text : `${text.replace(/e.*/i, "")}.0`] : [];
    case "ip":
      return [quoted(text)];
    case "boolean":
      return ["true", "false"];
    case "date":
    case "nanos":
      return /^[0-9]{4}-/.test(text) && !text.includes(" ") ? [quoted(text)] : [];
    case "geo":
      return [];
  }
}

/** A name in the query: in backticks where its letters ask for it. */
export function written(name: string): string {
  return name
    .split(".")
    .map((part) => (/^[A-Za-z_@][A-Za-z0-9_]*$/.test(part) ? part : `\`${part.replaceAll("`", "``")}\``))
    .join(".");
}

/** A text as a literal. */
export function quoted(text: string): string {
  const escaped = text
    .replaceAll("\\", "\\\\")
    .replaceAll('"', '\\"')
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll("\t", "\\t");
  return `"${escaped}"`;
}

/** A column of a kind; null where there is none. */
export function columnOf(random: Random, columns: readonly Col[], ...kinds: readonly Kind[]): Col | null {
  const fitting = columns.filter(({ kind }) => kinds.includes(kind));
  return fitting.length === 0 ? null : random.pick(fitting);
}
