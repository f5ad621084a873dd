// Maps: points in view, clusters on a grid, and the old coordinate map.
import type { JsonObject } from "../../../src/shared/json.ts";
import type { Random } from "../random.ts";
import { kibanaSearch, type PlannedRequest } from "../request.ts";
import type { KibanaView } from "../views.ts";
import { aggregationBody, boolQuery, someFilters, timeRange, type Window } from "./shapes.ts";

const VIEWS = [
  { top: 85, left: -180, bottom: -85, right: 180, zoom: 2 },
  { top: 72.4, left: -25.3125, bottom: 34.30714, right: 45, zoom: 5 },
  { top: 52.48278, left: -135, bottom: 21.94305, right: -56.25, zoom: 5 },
  { top: 45.08904, left: -126.5625, bottom: 31.95216, right: -112.5, zoom: 7 },
] as const;

/** One look at a map with a layer of clusters and, closer by, one of documents. */
export function map(random: Random, view: KibanaView, window: Window): PlannedRequest[] {
  const field = view.location;
  if (field === undefined) return [];
  const place = `maps:${view.id}`;
  const seen = random.pick(VIEWS);
  const { filter, mustNot } = someFilters(random, view);
  const box: JsonObject = { geo_bounding_box: { [field]: { top_left: [seen.left, seen.top], bottom_right: [seen.right, seen.bottom] } } };
  const query = boolQuery(
    [...filter, timeRange(view, window), random.chance(0.7) ? box : { bool: { must: [{ exists: { field } }, box] } }],
    mustNot,
  );
  const measure = random.pick(view.measures);
  const grid: JsonObject = {
    gridSplit: {
      geotile_grid: {
        bounds: { top_left: [seen.left, seen.top], bottom_right: [seen.right, seen.bottom] },
        field,
        precision: seen.zoom,
        shard_size: 65535,
        size: 65535,
      },
      aggs: {
        gridCentroid: { geo_centroid: { field } },
        ...(random.chance(0.6) ? { [`sum_of_${measure}`]: { sum: { field: measure } } } : {}),
      },
    },
  };
  const clusters = kibanaSearch(random, view, place, aggregationBody(view, grid, query), { track_total_hits: "false" });
  return random.chance(0.5) ? [clusters, documents(random, view, place, query)] : [clusters];
}

function documents(random: Random, view: KibanaView, place: string, query: JsonObject): PlannedRequest {
  const body: JsonObject = {
    size: random.pick([100, 500]),
    docvalue_fields: [view.location ?? "", random.pick(view.measures)],
    sort: [{ [view.timeField]: { order: "desc" } }],
    script_fields: {},
    stored_fields: ["*"],
    runtime_mappings: {},
    _source: false,
    query,
  };
  return kibanaSearch(random, view, place, body, { track_total_hits: "10001" });
}

/** The coordinate map of older dashboards: geohash cells inside a filter aggregation. */
export function coordinateMap(random: Random, view: KibanaView, window: Window): PlannedRequest[] {
  const field = view.location;
  if (field === undefined) return [];
  const seen = random.pick(VIEWS);
  const aggs = {
    filter_agg: {
      filter: {
        geo_bounding_box: {
          ignore_unmapped: true,
          [field]: { top_left: { lat: seen.top, lon: seen.left }, bottom_right: { lat: seen.bottom, lon: seen.right } },
        },
      },
      aggs: {
        "2": {
          geohash_grid: { field, precision: random.pick([2, 3, 4]) },
          aggs: { "1": { avg: { field: random.pick(view.measures) } }, "3": { geo_centroid: { field } } },
        },
      },
    },
  };
  return [kibanaSearch(random, view, `visualize:${view.id}`, aggregationBody(view, aggs, boolQuery([timeRange(view, window)])))];
}

/** The words of a region's name joined to its shapes: a terms aggregation as long as can be. */
export function joinedRegions(random: Random, view: KibanaView, window: Window): PlannedRequest {
  const aggs = {
    join: {
      terms: { size: 65535, field: random.pick(view.facets) },
      aggs: { [`avg_of_${view.measures[0] ?? ""}`]: { avg: { field: view.measures[0] ?? "" } } },
    },
  };
  return kibanaSearch(random, view, `maps:${view.id}`, aggregationBody(view, aggs, boolQuery([timeRange(view, window)])), {
    track_total_hits: "false",
  });
}
