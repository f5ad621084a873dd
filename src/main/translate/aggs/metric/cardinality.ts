// `cardinality`: distinct values. Elasticsearch counts by HyperLogLog++ and is exact below about `precision_threshold`.
import { member } from "../../../../shared/json.ts";
import { RejectedRequest } from "../../failure.ts";
import { count } from "../cells.ts";
import { ALIKE } from "../order.ts";
import { Parameters } from "../parameters.ts";
import { pathsOf } from "../pipeline_order.ts";
import type { MetricDefinition, Shaped } from "../types.ts";
import { valuesOf } from "../values.ts";

const DEFAULT_THRESHOLD = 3000;
const MAX_THRESHOLD = 40_000;
/** Largest relative error seen above the threshold is 2 %. */
const ERROR_ABOVE = 0.06;
/** Below it values are told apart by 25 bits of a hash: of some hundreds two may be taken for one, of thousands hardly three pairs. */
const COLLISIONS_FROM = 300;
const COLLISIONS = 2;

const HINTS = new Set(["global_ordinals", "segment_ordinals", "direct", "save_memory_heuristic", "save_time_heuristic"]);

export const cardinality: MetricDefinition = {
  kind: "metric",
  compile(node, grain, context, { beside }) {
    const parameters = new Parameters(node);
    const values = valuesOf(parameters, context);
    const threshold = Math.min(parameters.integer("precision_threshold", DEFAULT_THRESHOLD), MAX_THRESHOLD);
    const hint = parameters.text("execution_hint");
    parameters.ignore("rehash");
    parameters.done();
    if (threshold < 0) {
      throw new RejectedRequest(
        "x_content_parse_exception",
        `[precisionThreshold] must be greater than or equal to 0. Found [${threshold}] in [${node.name}]`,
      );
    }
    if (hint !== undefined && !HINTS.has(hint)) {
      throw new RejectedRequest("illegal_argument_exception", `Invalid execution mode for cardinality aggregation.  Got [${hint}]`);
    }
    if (values === undefined) return { shape: () => ({ json: { value: 0 }, tolerances: [] }), sortKey: () => ALIKE };
    const number = grain.distinct(values.expr);
    const cell = grain.cell(number);
    const accumulated = beside.some(
      ({ type, body }) => type === "cumulative_cardinality" && pathsOf(member(body, "buckets_path")).includes(node.name),
    );
    const runningCell = accumulated
      ? grain.cell(grain.running("uniqExactArrayMerge", grain.aggregate("uniqExactArrayState", [grain.document(values.expr)])))
      : undefined;
    return {
      shape(row) {
        const own = counted(count(row, cell), threshold);
        return runningCell === undefined || row === null ? own : { ...own, running: counted(count(row, runningCell), threshold) };
      },
      sortKey: (property) => (property === undefined || property === "value" ? number : undefined),
    };
  },
};

function counted(value: number, threshold: number): Shaped {
  const slack = value > threshold ? value * errorAbove(threshold) : 0;
  const collisions = value < COLLISIONS_FROM ? 0 : COLLISIONS;
  if (slack + collisions === 0) return { json: { value }, tolerances: [] };
  const low = Math.floor(value - Math.max(slack, collisions));
  return { json: { value }, tolerances: [{ pointer: "/value", rule: "hyperloglog", low, high: Math.ceil(value + slack) }] };
}

/** Low thresholds leave few registers: four standard errors of as many as Elasticsearch keeps. */
function errorAbove(threshold: number): number {
  const entries = Math.ceil(threshold / 0.75) * 4;
  const precision = Math.max(4, Math.floor(Math.log2(Math.max(1, entries))) + 1);
  return Math.max(ERROR_ABOVE, (4 * 1.04) / Math.sqrt(2 ** precision));
}
