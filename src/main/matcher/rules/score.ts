import { isNumber } from "../../../shared/json.ts";
import { SCORE_TOLERANCE } from "../hit_list.ts";
import { relativeDistance } from "../number.ts";
import { tolerance } from "./rule.ts";

/** BM25 reproduces to 2.5e-7; 1e-5 is where ranks of real documents are never closer. */
export const score = tolerance(
  "score",
  "Elasticsearch adds up scores in 32-bit floats: they agree to 1 in 100,000.",
  ({ kind, place, elasticsearch, clickhouse }) =>
    kind === "value" &&
    (place.role.kind === "score" || (place.role.kind === "sort_value" && place.role.clause === "_score")) &&
    isNumber(elasticsearch) &&
    isNumber(clickhouse) &&
    relativeDistance(Number(elasticsearch), Number(clickhouse)) <= SCORE_TOLERANCE,
);
