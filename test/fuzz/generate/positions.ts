// Queries on where words stand, and on words that are near: spans, intervals, fuzzy, and what scores by functions.
import type { JsonObject } from "../../../src/shared/json.ts";
import { boost, type Draw, fieldOf, kibanaQuery, leafQuery } from "./query.ts";
import { someWords } from "./text_query.ts";
import type { FuzzField } from "./world.ts";

/** Any of them on one text field. */
export function positionQuery(draw: Draw): JsonObject {
  const { random } = draw;
  const field = fieldOf(draw, ["text"]);
  return random.weighted<() => JsonObject>([
    [() => span(draw, field), 2],
    [() => intervals(draw, field), 2],
    [() => fuzzy(draw, field), 2],
    [() => fuzzyMatch(draw, field), 1],
  ])();
}

function words(draw: Draw, field: FuzzField, count: number): string[] {
  return someWords(draw.random, field, count).map((word) => word.toLowerCase());
}

function span(draw: Draw, field: FuzzField): JsonObject {
  const { random } = draw;
  const term = (): JsonObject => ({ span_term: { [field.path]: words(draw, field, 1)[0] ?? "fox" } });
  const near = (): JsonObject => ({ span_near: { clauses: [term(), term()], slop: random.integer(0, 3), in_order: random.chance(0.5) } });
  return random.weighted<() => JsonObject>([
    [term, 1],
    [near, 4],
    [() => ({ span_or: { clauses: [term(), near()] } }), 1],
    [() => ({ span_first: { match: term(), end: random.integer(1, 4) } }), 2],
    [() => ({ span_not: { include: term(), exclude: term(), pre: random.integer(0, 1), post: random.integer(0, 1) } }), 1],
    [() => ({ span_containing: { big: near(), little: term() } }), 1],
    [() => ({ span_multi: { match: { prefix: { [field.path]: { value: words(draw, field, 1)[0]?.slice(0, 2) ?? "f" } } } } }), 1],
  ])();
}

function intervals(draw: Draw, field: FuzzField): JsonObject {
  const { random } = draw;
  const match = (count: number): JsonObject => ({
    match: { query: words(draw, field, count).join(" "), max_gaps: random.pick([-1, 0, 2]), ordered: random.chance(0.5) },
  });
  const rule = random.weighted<() => JsonObject>([
    [() => match(random.integer(1, 3)), 4],
    [() => ({ any_of: { intervals: [match(1), match(2)] } }), 1],
    [() => ({ all_of: { intervals: [match(1), match(1)], ordered: random.chance(0.5), max_gaps: random.pick([-1, 1, 3]) } }), 2],
    [() => ({ prefix: { prefix: words(draw, field, 1)[0]?.slice(0, 2) ?? "f" } }), 1],
    [() => ({ wildcard: { pattern: `${words(draw, field, 1)[0]?.slice(0, 1) ?? "f"}*` } }), 1],
  ])();
  return { intervals: { [field.path]: rule } };
}

function misspelt(draw: Draw, word: string): string {
  const { random } = draw;
  const letters = Array.from(word);
  const at = random.integer(0, Math.max(0, letters.length - 1));
  const change = random.pick(["drop", "swap", "put"]);
  if (change === "drop") return letters.toSpliced(at, 1).join("") || word;
  if (change === "put") return letters.toSpliced(at, 0, "e").join("");
  return letters.toSpliced(at, 2, ...letters.slice(at, at + 2).toReversed()).join("");
}

function fuzzy(draw: Draw, field: FuzzField): JsonObject {
  const { random } = draw;
  const value = misspelt(draw, words(draw, field, 1)[0] ?? "fox");
  const fuzziness = random.chance(0.6) ? { fuzziness: random.pick(["AUTO", 1, 2, "1", "AUTO:2,4"]) } : {};
  const prefix = random.chance(0.3) ? { prefix_length: 1 } : {};
  return { fuzzy: { [field.path]: { value, ...fuzziness, ...prefix, ...(random.chance(0.2) ? { transpositions: false } : {}) } } };
}

function fuzzyMatch(draw: Draw, field: FuzzField): JsonObject {
  const { random } = draw;
  const query = words(draw, field, 2)
    .map((word) => misspelt(draw, word))
    .join(" ");
  return { match: { [field.path]: { query, fuzziness: random.pick(["AUTO", 1]), ...(random.chance(0.5) ? { operator: "and" } : {}) } } };
}

/** Scores by functions around a query that scores the same for all. */
export function functionScore(draw: Draw): JsonObject {
  const { random } = draw;
  const number = fieldOf(draw, ["number"]).path;
  const one = (): JsonObject =>
    random.weighted<() => JsonObject>([
      [() => ({ weight: random.pick([2, 0.5, 3]), filter: leafQuery(draw) }), 3],
      [
        () => ({
          field_value_factor: { field: number, factor: 1.5, modifier: random.pick(["none", "log1p", "ln2p", "sqrt"]), missing: 1 },
        }),
        1,
      ],
      [() => ({ gauss: { "@timestamp": { origin: "2024-10-27", scale: "5d", ...(random.chance(0.3) ? { decay: 0.3 } : {}) } } }), 1],
      [() => ({ script_score: { script: { source: "1 + 2 * _score" } } }), 0.5],
    ])();
  const query = random.chance(0.5) ? { match_all: {} } : { bool: { filter: [kibanaQuery(draw)] } };
  const functions = random.chance(0.7) ? { functions: Array.from({ length: random.integer(1, 2) }, one) } : one();
  return {
    function_score: {
      query,
      ...functions,
      ...(random.chance(0.5) ? { score_mode: random.pick(["multiply", "sum", "avg", "first", "max", "min"]) } : {}),
      ...(random.chance(0.5) ? { boost_mode: random.pick(["multiply", "replace", "sum", "avg", "max", "min"]) } : {}),
      ...boost(random),
    },
  };
}
