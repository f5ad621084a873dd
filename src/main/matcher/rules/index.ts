// Every rule there is, in the order they are asked. A new rule is a file and a line here.
import type { RuleSettings } from "../rule_settings.ts";
import { asString } from "./as_string.ts";
import { docOrder } from "./doc_order.ts";
import { emptyBackground } from "./empty_background.ts";
import { emptyMaxScore } from "./empty_max_score.ts";
import { emptyTotal } from "./empty_total.ts";
import { envelope } from "./envelope.ts";
import { errorText } from "./error_text.ts";
import { floatSum } from "./float_sum.ts";
import { geoDistance } from "./geo_distance.ts";
import { hyperloglog } from "./hyperloglog.ts";
import { ignored } from "./ignored.ts";
import { nameOrder } from "./name_order.ts";
import { noise } from "./noise.ts";
import { openRows } from "./open_rows.ts";
import type { Rule } from "./rule.ts";
import { sampling } from "./sampling.ts";
import { score } from "./score.ts";
import { staleStatistics } from "./stale_statistics.ts";
import { tdigest } from "./tdigest.ts";
import { tiedBuckets } from "./tied_buckets.ts";
import { tiedHits } from "./tied_hits.ts";
import { totalLowerBound } from "./total_lower_bound.ts";

export const RULES: readonly Rule[] = Object.freeze([
  envelope,
  errorText,
  score,
  staleStatistics,
  tiedHits,
  tiedBuckets,
  openRows,
  nameOrder,
  docOrder,
  totalLowerBound,
  emptyMaxScore,
  emptyTotal,
  emptyBackground,
  sampling,
  geoDistance,
  hyperloglog,
  tdigest,
  floatSum,
  asString,
]);

/** The rules that are asked under these settings, in order; what is switched off is still among them. */
export function rulesUnder(settings: RuleSettings): readonly Rule[] {
  if (settings.ignored.length + settings.noise.length === 0) return RULES;
  return [...RULES, ...noise(settings.noise), ...settings.ignored.map(ignored)];
}
