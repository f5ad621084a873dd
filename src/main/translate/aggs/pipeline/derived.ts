// `derivative`, `cumulative_sum` and `serial_diff`: each bucket against those before it.
import { jsonObject } from "../../../../shared/json.ts";
import { RejectedRequest } from "../../failure.ts";
import { gapPolicy, onePath, pipelineText, presentValueAt, simpleValue, valueAt, withChild } from "../gaps.ts";
import { calendarUnit, durationMs } from "../interval.ts";
import { numberMembers } from "../number_metric.ts";
import { Parameters } from "../parameters.ts";
import type { ParentPipelineDefinition } from "../types.ts";

const UNIT_MS: Readonly<Record<string, number>> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
  month: 2_629_746_000,
  quarter: 7_889_238_000,
  year: 31_556_952_000,
};

export const derivative: ParentPipelineDefinition = {
  kind: "parent_pipeline",
  compile(node) {
    const parameters = new Parameters(node);
    const path = onePath(parameters);
    const policy = gapPolicy(parameters);
    const text = pipelineText(parameters);
    const unit = unitOf(parameters);
    parameters.done();
    return (buckets) => {
      const values = buckets.map((bucket) => presentValueAt(bucket, path, policy, node));
      return buckets.map((bucket, i) => {
        const previous = buckets[i - 1];
        const [before, value] = [values[i - 1] ?? null, values[i] ?? null];
        if (previous === undefined || before === null || value === null) return bucket;
        const gradient = value - before;
        const shaped = simpleValue(gradient, text);
        if (unit === undefined) return withChild(bucket, node.name, shaped);
        const normalised = gradient / ((bucket.position - previous.position) / unit);
        const members = numberMembers("normalized_value", normalised, text);
        return withChild(bucket, node.name, { ...shaped, json: { ...shaped.json, ...jsonObject(members) } });
      });
    };
  },
};

export const cumulativeSum: ParentPipelineDefinition = {
  kind: "parent_pipeline",
  compile(node) {
    const parameters = new Parameters(node);
    const path = onePath(parameters);
    const text = pipelineText(parameters);
    parameters.done();
    return (buckets) => {
      let sum = 0;
      return buckets.map((bucket) => {
        const value = valueAt(bucket, path, "insert_zeros", node);
        if (Number.isFinite(value)) sum += value;
        return withChild(bucket, node.name, simpleValue(sum, text));
      });
    };
  },
};

export const serialDiff: ParentPipelineDefinition = {
  kind: "parent_pipeline",
  compile(node) {
    const parameters = new Parameters(node);
    const path = onePath(parameters);
    const lag = parameters.integer("lag", 1);
    const policy = gapPolicy(parameters);
    const text = pipelineText(parameters);
    parameters.done();
    if (lag <= 0) throw new RejectedRequest("parsing_exception", `Lag must be a positive, non-zero integer.  Value supplied was${lag}`);
    return (buckets) => {
      const values = buckets.map((bucket) => valueAt(bucket, path, policy, node));
      return buckets.map((bucket, i) => {
        const difference = (values[i] ?? Number.NaN) - (values[i - lag] ?? Number.NaN);
        return Number.isNaN(difference) ? bucket : withChild(bucket, node.name, simpleValue(difference, text));
      });
    };
  },
};

function unitOf(parameters: Parameters): number | undefined {
  const text = parameters.text("unit");
  if (text === undefined) return undefined;
  const fixed = durationMs(text);
  if (fixed !== undefined) return fixed;
  const unit = calendarUnit(text);
  const ms = unit === undefined ? undefined : UNIT_MS[unit];
  if (ms === undefined) throw new RejectedRequest("illegal_argument_exception", `failed to parse [${text}] as a time value`);
  return ms;
}
