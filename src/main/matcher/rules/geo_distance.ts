import { isNumber } from "../../../shared/json.ts";
import { DISTANCE_TOLERANCE } from "../hit_list.ts";
import { relativeDistance } from "../number.ts";
import { tolerance } from "./rule.ts";

export const geoDistance = tolerance(
  "geo_distance",
  "Elasticsearch measures distances with a table of sines: they agree to 1 in a billion.",
  ({ kind, place, elasticsearch, clickhouse }) =>
    kind === "value" &&
    place.role.kind === "sort_value" &&
    place.role.clause === "_geo_distance" &&
    isNumber(elasticsearch) &&
    isNumber(clickhouse) &&
    relativeDistance(Number(elasticsearch), Number(clickhouse)) <= DISTANCE_TOLERANCE,
);
