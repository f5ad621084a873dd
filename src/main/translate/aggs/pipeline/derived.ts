// `derivative`, `cumulative_sum` and `serial_diff`: each bucket against those before it.
import { UnsupportedClause } from "../../failure.ts";
import { doubleOrNull } from "../cells.ts";
import { gapPolicy, onePath, pipelineText, presentValueAt, simpleValue, valueAt, withChild } from "../gaps.ts";
import { calendarInterval, durationMs } from "../interval.ts";
import { Parameters } from "../parameters.ts";
import type { ParentPipelineDefinition } from "../types.ts";

const UNIT_MS: Readonly<Record<string, number>> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
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
        return withChild(bucket, node.name, { ...shaped, json: { ...shaped.json, normalized_value: doubleOrNull(normalised) } });
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
        sum += valueAt(bucket, path, "insert_zeros", node);
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
  const interval = calendarInterval(text);
  const ms = interval.kind === "calendar" ? UNIT_MS[interval.unit] : undefined;
  if (ms === undefined) throw new UnsupportedClause(parameters.pointer("unit"), `a derivative per [${text}] is not translated`);
  return ms;
}
