// The entries of the setting `verdicts.rules`, as the window changes them.
import type { SearchPart } from "../../shared/exchange.ts";
import { isArray, isObject, type JsonValue, member } from "../../shared/json.ts";
import type { VerdictEntry } from "../../shared/verdict_rules.ts";

/** For which searches an entry is to hold. */
export type Scope = "shape" | "index" | "everywhere";

/** The entries of a setting's value, which the engine has checked. */
export function entriesIn(value: JsonValue): readonly VerdictEntry[] {
  if (!isArray(value)) return [];
  return value.flatMap((item) => {
    if (!isObject(item)) return [];
    const text = (name: "rule" | "index" | "shape" | "path" | "field" | "reason"): Partial<VerdictEntry> => {
      const own = member(item, name);
      return typeof own === "string" ? { [name]: own } : {};
    };
    const on = member(item, "on");
    const scope = { ...text("index"), ...text("shape"), ...text("path"), ...text("field") };
    return [{ rule: "", reason: "", ...text("rule"), ...(typeof on === "boolean" ? { on } : {}), ...scope, ...text("reason") }];
  });
}

/** The scopes that make sense for a search: a search of all indices has none of its own. */
export function scopesOf({ index, shape }: Pick<SearchPart, "index" | "shape">): readonly Scope[] {
  const named = index !== "" && index !== "_all" && !index.includes(":");
  return [...(shape === "" ? [] : (["shape"] as const)), ...(named ? (["index"] as const) : []), "everywhere"];
}

/** The members of an entry that make it hold for so much. */
export function scoped(scope: Scope, { index, shape }: Pick<SearchPart, "index" | "shape">): Pick<VerdictEntry, "index" | "shape"> {
  if (scope === "everywhere") return {};
  return scope === "shape" ? { shape } : { index };
}

/** The pattern of a difference's path: any hit and any bucket in the place of the one. */
export function patternOf(path: string): string {
  return path
    .split("/")
    .map((step) => (step.startsWith("[") && /\](#\d+)?$/.test(step) ? "*" : step))
    .join("/");
}

/** `entry` before all others, in the place of one for the very same. */
export function withFirst(entries: readonly VerdictEntry[], entry: VerdictEntry): readonly VerdictEntry[] {
  return [entry, ...entries.filter((one) => !sameScope(one, entry))];
}

/** The entry that says of a rule whether it is on where nothing else is said; null: it is. */
export function everywhere(entries: readonly VerdictEntry[], rule: string): VerdictEntry | null {
  return entries.find((one) => sameScope(one, { rule, reason: "" })) ?? null;
}

/** What is said of the rule for all searches goes last, and where it is on it need not be said. */
export function switched(entries: readonly VerdictEntry[], rule: string, on: boolean, reason: string): readonly VerdictEntry[] {
  const others = entries.filter((one) => !sameScope(one, { rule, reason }));
  return on ? others : [...others, { rule, on, reason }];
}

function sameScope(a: VerdictEntry, b: VerdictEntry): boolean {
  return (["rule", "index", "shape", "path", "field"] as const).every((name) => a[name] === b[name]);
}
