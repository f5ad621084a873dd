// Full-text queries: words and phrases from what documents hold, and the two query languages.
import type { Random } from "../../../scripts/sample/random.ts";
import type { JsonObject, JsonValue } from "../../../src/shared/json.ts";
import { anyField, boost, type Draw, fieldOf, sample } from "./query.ts";
import type { FuzzField } from "./world.ts";

const WORD = /[\p{L}\p{N}.']+/gu;

/** One clause on a text field. */
export function textQuery(draw: Draw, field: FuzzField): JsonObject {
  const { random } = draw;
  const { path } = field;
  const words = someWords(random, field, random.integer(1, 3));
  const text = words.join(" ");
  return random.weighted<() => JsonObject>([
    [() => ({ match: { [path]: random.chance(0.4) ? text : { query: text, ...matchOptions(random) } } }), 4],
    [() => ({ match_phrase: { [path]: random.chance(0.6) ? text : { query: text, slop: random.pick([0, 0, 1, 2]) } } }), 3],
    [() => ({ match_phrase_prefix: { [path]: `${text.slice(0, -1)}` } }), 1],
    [() => ({ match_bool_prefix: { [path]: text.slice(0, -1) } }), 1],
    [() => ({ term: { [path]: (words[0] ?? "x").toLowerCase() } }), 1],
    [() => ({ terms: { [path]: words.map((word) => word.toLowerCase()) } }), 1],
    [() => ({ prefix: { [path]: (words[0] ?? "x").toLowerCase().slice(0, 3) } }), 1],
    [() => ({ wildcard: { [path]: { value: `*${(words[0] ?? "x").toLowerCase().slice(1, 3)}*` } } }), 1],
    [() => multiMatch(draw, text), 2],
  ])();
}

function matchOptions(random: Random): JsonObject {
  return {
    ...(random.chance(0.5) ? { operator: random.pick(["and", "or", "AND"]) } : {}),
    ...(random.chance(0.2) ? { minimum_should_match: random.pick<JsonValue>([1, 2, "75%", "-25%", "2<-1"]) } : {}),
    ...(random.chance(0.1) ? { zero_terms_query: random.pick(["all", "none"]) } : {}),
    ...(random.chance(0.1) ? { lenient: true } : {}),
    ...boost(random),
  };
}

function multiMatch(draw: Draw, text: string): JsonObject {
  const { random } = draw;
  const fields = [1, 2].map(() => fieldOf(draw, ["text", "keyword"]).path + (random.chance(0.1) ? "^2" : ""));
  const type = random.pick(["best_fields", "best_fields", "phrase", "most_fields", "phrase_prefix", "bool_prefix", "cross_fields"]);
  return {
    multi_match: {
      query: text,
      ...(random.chance(0.8) ? { fields: random.chance(0.2) ? ["*"] : fields } : {}),
      ...(random.chance(0.8) ? { type } : {}),
      ...(random.chance(0.7) ? { lenient: true } : {}),
      ...(random.chance(0.2) ? { operator: "and" } : {}),
    },
  };
}

/** `query_string` as Kibana's Lucene bar sends it, or `simple_query_string`. */
export function stringQuery(draw: Draw): JsonObject {
  const { random } = draw;
  if (random.chance(0.2)) {
    const fields = [fieldOf(draw, ["text"]).path];
    const text = `${termText(draw)} ${random.pick(["+", "|", "-", ""])}${termText(draw)}`;
    return { simple_query_string: { query: text, ...(random.chance(0.7) ? { fields } : {}), ...operator(random) } };
  }
  const parts = Array.from({ length: random.integer(1, 3) }, () => clauseText(draw));
  const query = parts.join(random.pick([" AND ", " OR ", " ", " AND NOT "]));
  const where = random.chance(0.3)
    ? { default_field: fieldOf(draw, ["text"]).path }
    : random.chance(0.2)
      ? { fields: [fieldOf(draw, ["text", "keyword"]).path] }
      : {};
  return {
    query_string: {
      query,
      analyze_wildcard: true,
      ...where,
      ...operator(random),
      ...(random.chance(0.3) ? { time_zone: "Europe/Paris" } : {}),
    },
  };
}

function operator(random: Random): JsonObject {
  return random.chance(0.2) ? { default_operator: random.pick(["AND", "or"]) } : {};
}

function clauseText(draw: Draw): string {
  const { random } = draw;
  const field = anyField(draw);
  const value = escaped(String(sample(random, field)));
  return random.weighted<() => string>([
    [() => termText(draw), 3],
    [() => `${field.path}:${value}`, field.family === "geo" || value === "" ? 0 : 3],
    [() => `${field.path}:"${value}"`, field.family === "geo" ? 0 : 2],
    [() => `${fieldOf(draw, ["number"]).path}:[1 TO ${random.integer(5, 200)}]`, 1],
    [() => `${fieldOf(draw, ["number"]).path}:>${random.pick(["", "="])}${random.integer(0, 50)}`, 1],
    [() => `_exists_:${field.path}`, 1],
    [() => `${fieldOf(draw, ["keyword"]).path}:(${termText(draw)} OR ${termText(draw)})`, 1],
    [() => `${fieldOf(draw, ["keyword"]).path}:${random.pick(["e*", "*r*", "in?o"])}`, 1],
    [() => `@timestamp:[2024-10-2${random.integer(0, 9)} TO 2024-11-05}`, 1],
  ])();
}

function termText(draw: Draw): string {
  const { random } = draw;
  const [word = "fox"] = someWords(random, fieldOf(draw, ["text"]), 1);
  return random.weighted([
    [escaped(word), 5],
    [
      `"${someWords(random, fieldOf(draw, ["text"]), 2)
        .map(escaped)
        .join(" ")}"`,
      2,
    ],
    [`${escaped(word.slice(0, 2))}*`, 1],
  ]);
}

function escaped(text: string): string {
  return text.replaceAll(/[-+=&|!(){}[\]^"~*?:\\/<>\s]/g, (mark) => (mark === "<" || mark === ">" ? "" : `\\${mark}`));
}

/** Words that documents hold, out of the values of a field; made up where there are none. */
export function someWords(random: Random, field: FuzzField, count: number): string[] {
  const known = String(sample(random, field)).match(WORD) ?? ["fox"];
  const from = random.integer(0, Math.max(0, known.length - count));
  const words = known.slice(from, from + count);
  return random.chance(0.1) ? [...words, "absent"] : words;
}
