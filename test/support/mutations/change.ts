// A change to a right answer, and what has to come of it.
import { match } from "../../../src/main/matcher/index.ts";
import { isArray, isObject, type JsonObject, type JsonValue, jsonObject, parseObject, printJson } from "../../../src/shared/json.ts";
import type { Random } from "../random.ts";
import type { Spot, Step } from "./spots.ts";

export interface Change {
  readonly what: string;
  readonly changed: JsonValue;
  readonly expected: Expected;
}

export type Expected =
  /** Every difference is at one of these places, or inside of it. */
  | { readonly verdict: "different"; readonly paths: readonly string[] }
  /** The request leaves it open: this rule says so. */
  | { readonly verdict: "equivalent"; readonly rule: string };

/** A kind of change; null where it does not apply to the place. */
export type Changing = (root: JsonObject, spot: Spot, random: Random) => Change | null;

/** A copy of `root` with the value at `steps` replaced; undefined removes it. */
export function replaced(root: JsonValue, steps: readonly Step[], value: JsonValue | undefined): JsonValue {
  const [first, ...rest] = steps;
  if (first === undefined) return value ?? null;
  if (isArray(root)) {
    const at = Number(first.at);
    const inner = rest.length === 0 ? value : replaced(root[at] ?? null, rest, value);
    return inner === undefined ? root.toSpliced(at, 1) : root.with(at, inner);
  }
  if (!isObject(root)) throw new Error("no such place");
  return jsonObject(
    Object.entries(root).flatMap(([name, item]): (readonly [string, JsonValue])[] => {
      if (name !== first.at) return [[name, item]];
      const inner = rest.length === 0 ? value : replaced(item, rest, value);
      return inner === undefined ? [] : [[name, inner]];
    }),
  );
}

/** In words, what is wrong with the matcher's verdict about a change; null: nothing is. */
export function complaintAbout(right: JsonObject, request: JsonObject, { what, changed, expected }: Change): string | null {
  const clickhouse = parseObject(printJson(changed));
  if (clickhouse === null) return `${what}: the change is no object`;
  const found = match({ endpoint: "search", request, elasticsearch: right, clickhouse, tolerances: [] });
  const named = found.differences.map(({ kind, path }) => `${kind} ${path}`);
  const used = found.rules.filter(({ rule }) => rule !== "envelope").map(({ rule, paths }) => `${rule} at ${paths[0]}`);
  const told = `found ${found.verdict} ${named.slice(0, 5).join(", ")} ${used.join(", ")}`;
  if (expected.verdict === "equivalent") {
    const held = found.verdict === "equivalent" && found.rules.some(({ rule }) => rule === expected.rule);
    return held ? null : `${what}: not equivalent by ${expected.rule}: ${told}`;
  }
  const { paths } = expected;
  if (found.verdict !== "different") return `${what}: missed at ${paths.join(" or ")}: ${told}`;
  const inPlace = found.differences.every(({ path }) => paths.some((own) => path === own || path.startsWith(`${own}/`)));
  return inPlace ? null : `${what}: at ${paths.join(" or ")}: ${told}`;
}
