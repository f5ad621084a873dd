// Lists of objects that are searched each by itself: queries, aggregations and sorts that go into them.
import { type JsonObject, type JsonValue, printJson } from "../../../src/shared/json.ts";
import { metricAggregation } from "./metrics.ts";
import { boolQuery, type Draw, leafQuery } from "./query.ts";
import { NESTED } from "./world.ts";

/** True where the world has a nested field. */
export function hasNested({ world }: Draw): boolean {
  return world.inside.length > 0;
}

/** The same world as seen from inside its nested objects. */
function inside(draw: Draw): Draw {
  return { random: draw.random, world: { ...draw.world, fields: draw.world.inside } };
}

/** A query on nested objects, sometimes with those that matched. */
export function nestedQuery(draw: Draw): JsonObject {
  const { random } = draw;
  const query = random.chance(0.7) ? leafQuery(inside(draw)) : boolQuery(inside(draw), 0);
  return {
    nested: {
      path: NESTED,
      query,
      ...(random.chance(0.4) ? { score_mode: random.pick(["none", "avg", "max", "sum", "min"]) } : {}),
      ...(random.chance(0.1) ? { ignore_unmapped: true } : {}),
    },
  };
}

/** The same with the objects that matched beside each hit. Once in a request: their names must differ. */
export function nestedQueryWithHits(draw: Draw): JsonObject {
  const { random } = draw;
  const sort = random.chance(0.5) ? { sort: [{ [random.pick(draw.world.inside).path]: random.pick(["asc", "desc"]) }] } : {};
  const inner_hits = random.chance(0.4) ? {} : { size: random.integer(1, 4), ...sort };
  return { nested: { path: NESTED, query: leafQuery(inside(draw)), inner_hits } };
}

/** Buckets of nested objects, and from there back to their documents. */
export function nestedAggregation(draw: Draw): JsonObject {
  const { random } = draw;
  const within = inside(draw);
  const word = random.pick(draw.world.inside.filter(({ family }) => family === "keyword").map(({ path }) => path));
  const back = random.chance(0.4)
    ? { back: { reverse_nested: {}, ...(random.chance(0.5) ? { aggs: { m: metricAggregation(draw) } } : {}) } }
    : {};
  const metric: JsonObject = { m: metricAggregation(within, false) };
  const children = random.weighted<JsonObject>([
    [metric, 2],
    [{ t: { terms: { field: word, size: random.pick([2, 10]) }, aggs: { ...metric, ...back } } }, 4],
    [{ f: { filter: leafQuery(within), aggs: { ...metric, ...back } } }, 2],
  ]);
  return { nested: { path: NESTED }, aggs: children };
}

/** A sort by what nested objects hold. */
export function nestedSort(draw: Draw): JsonValue {
  const { random } = draw;
  const numbers = draw.world.inside.filter(({ family }) => family === "number");
  const filter = random.chance(0.4) ? { filter: leafQuery(inside(draw)) } : {};
  const nested = printJson(filter).includes("no.such") ? { path: NESTED } : { path: NESTED, ...filter };
  return { [random.pick(numbers).path]: { order: random.pick(["asc", "desc"]), mode: random.pick(["min", "max", "sum", "avg"]), nested } };
}
