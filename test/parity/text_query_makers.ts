// Random clauses of one kind each. `next` is the random source: numbers in [0, 1).
import type { JsonObject, JsonValue } from "../../src/shared/json.ts";

export type Make = (next: () => number) => JsonObject;

const pick = <T>(next: () => number, list: readonly T[]): T => {
  const item = list[Math.floor(next() * list.length)];
  if (item === undefined) throw new Error("nothing to pick from");
  return item;
};
const times = (next: () => number, least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
const some = <T>(next: () => number, least: number, most: number, one: () => T): readonly T[] =>
  Array.from({ length: times(next, least, most) }, one);

const fuzzy: Make = (next) => {
  const kw = next() < 0.5;
  const value = some(next, 1, 7, () => pick(next, kw ? ["a", "b", "c", "é", "日", "😀"] : ["a", "b", "c", "é"])).join("");
  const options: JsonObject = {
    ...(next() < 0.7 ? { fuzziness: pick<JsonValue>(next, ["AUTO", 0, 1, 2, "2", "AUTO:2,4"]) } : {}),
    ...(next() < 0.3 ? { prefix_length: times(next, 0, 3) } : {}),
    ...(next() < 0.3 ? { max_expansions: pick(next, [1, 5, 20]) } : {}),
  };
  const swaps = next() < 0.3 ? { transpositions: false } : {};
  const kind = next();
  if (kind < 0.5)
    return { fuzzy: { [kw ? "kw" : "u"]: { value, ...options, ...swaps, ...(next() < 0.2 ? { rewrite: "constant_score" } : {}) } } };
  if (kind < 0.7)
    return {
      match: {
        [kw ? "kw" : "u"]: { query: kw ? value : `${value} ab`, operator: pick(next, ["or", "and"]), ...options, fuzziness: "AUTO" },
      },
    };
  if (kind < 0.8) return { match_bool_prefix: { u: { query: `${value} a`, ...options, fuzziness: 1 } } };
  if (kind < 0.9) return { query_string: { query: `${value}${pick(next, ["~", "~1", "~2"])}`, fields: ["u", "kw"] } };
  return { simple_query_string: { query: `${value}${pick(next, ["~", "~1", "~2 x"])}`, fields: ["u", "kw"] } };
};

const word = (next: () => number): string => pick(next, ["a", "b", "c", "d", "e", "the"]);

const phrase: Make = (next) => {
  const field = pick(next, ["t", "en"]);
  const query = some(next, 1, 4, () => word(next)).join(" ");
  const slop = times(next, 0, 6);
  const kind = next();
  if (kind < 0.6) return { match_phrase: { [field]: { query, slop } } };
  if (kind < 0.7) return { multi_match: { query, fields: ["t", "en"], type: "phrase", slop } };
  if (kind < 0.8) return { match_phrase_prefix: { [field]: { query, slop } } };
  return { query_string: { query: `"${query}"~${slop}`, default_field: field } };
};

const expression = (next: () => number, depth: number): string => {
  const leaf = next() < 0.3 || depth === 0;
  if (leaf)
    return pick(next, [
      "a",
      "b",
      "c",
      "é",
      "日",
      "😀",
      "A",
      "1",
      ".",
      "[ab]",
      "[^a]",
      "[a-c1-9]",
      "\\w",
      "\\d",
      "<0-12>",
      "<01-11>",
      "@",
      "#",
      '"ab"',
      "()",
    ]);
  const inner = () => expression(next, depth - 1);
  const kind = next();
  if (kind < 0.35) return `${inner()}${inner()}`;
  if (kind < 0.5) return `(${inner()}|${inner()})`;
  if (kind < 0.65) return `(${inner()})${pick(next, ["*", "+", "?", "{2}", "{1,3}", "{2,}"])}`;
  if (kind < 0.8) return `~(${inner()})`;
  return `(${inner()}&${inner()})`;
};

const regexp: Make = (next) => {
  const value = expression(next, 4);
  if (next() < 0.1) return { query_string: { query: `/${value}/`, fields: ["kw"] } };
  const flags = next() < 0.2 ? { flags: pick(next, ["NONE", "COMPLEMENT|INTERVAL", "INTERSECTION", "ANYSTRING|EMPTY"]) } : {};
  return { regexp: { [pick(next, ["kw", "u"])]: { value, ...flags, ...(next() < 0.2 ? { case_insensitive: true } : {}) } } };
};

const span = (next: () => number, depth: number): JsonObject => {
  const inner = (): JsonObject => span(next, depth - 1);
  const kind = depth === 0 ? 0 : next();
  if (kind < 0.2) return { span_term: { t: word(next) } };
  if (kind < 0.3) {
    const match = pick<JsonObject>(next, [
      { prefix: { t: "t" } },
      { wildcard: { t: "[b]?" } },
      { regexp: { t: "[a-c]" } },
      { fuzzy: { t: "f" } },
    ]);
    return { span_multi: { match } };
  }
  if (kind < 0.65) {
    const clauses: JsonObject[] = [...some(next, 1, 3, inner)];
    const in_order = next() < 0.6;
    if (in_order && next() < 0.2) clauses.push({ span_gap: { t: 1 } }, inner());
    return { span_near: { clauses, slop: times(next, 0, 4), in_order } };
  }
  if (kind < 0.7) return { span_or: { clauses: some(next, 1, 3, inner) } };
  if (kind < 0.77) return { span_first: { match: inner(), end: times(next, 1, 6) } };
  if (kind < 0.87) return { span_not: { include: inner(), exclude: inner(), pre: times(next, 0, 2), post: times(next, 0, 2) } };
  return { [pick(next, ["span_containing", "span_within"])]: { big: inner(), little: inner() } };
};

const rule = (next: () => number, depth: number): JsonObject => {
  const inner = (): JsonObject => rule(next, depth - 1);
  const gaps = next() < 0.5 ? { max_gaps: times(next, 0, 3) } : {};
  const order = next() < 0.6 ? { ordered: next() < 0.6 } : {};
  const kinds = ["containing", "contained_by", "not_containing", "not_contained_by", "overlapping", "not_overlapping", "before", "after"];
  const filter = depth > 0 && next() < 0.4 ? { filter: { [pick(next, kinds)]: inner() } } : {};
  const kind = next();
  if (kind < 0.5 || depth === 0) return { match: { query: some(next, 1, 3, () => word(next)).join(" "), ...gaps, ...order, ...filter } };
  if (kind < 0.6) return pick<JsonObject>(next, [{ prefix: { prefix: "t" } }, { wildcard: { pattern: "?" } }, { fuzzy: { term: "thx" } }]);
  if (kind < 0.75) return { any_of: { intervals: some(next, 1, 3, inner), ...filter } };
  return { all_of: { intervals: some(next, 1, 3, inner), ...gaps, ...order, ...filter } };
};

export const makers: Readonly<Record<string, Make>> = {
  fuzzy,
  phrase,
  regexp,
  span: (next) => span(next, 3),
  intervals: (next) => ({ intervals: { t: rule(next, 2) } }),
};
