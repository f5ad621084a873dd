// `normalize`: each bucket's value on the scale of all of them. The reference server has no such module: the methods follow
// Elasticsearch's manual and x-pack-analytics.
import { RejectedRequest } from "../../failure.ts";
import { onePath, pipelineText, simpleValue, valueAt, withChild } from "../gaps.ts";
import { Parameters } from "../parameters.ts";
import type { ParentPipelineDefinition } from "../types.ts";

type Scale = (value: number) => number;

const METHODS: Readonly<Record<string, (values: readonly number[]) => Scale>> = {
  rescale_0_1: (values) => rescaled(values, 1),
  rescale_0_100: (values) => rescaled(values, 100),
  percent_of_sum: (values) => {
    const sum = total(values);
    return (value) => value / sum;
  },
  mean: (values) => {
    const [least, most] = [Math.min(...values), Math.max(...values)];
    const mean = total(values) / values.length;
    return (value) => (value - mean) / (most - least);
  },
  "z-score": (values) => {
    const mean = total(values) / values.length;
    const deviation = Math.sqrt(total(values.map((value) => (value - mean) ** 2)) / values.length);
    return (value) => (value - mean) / deviation;
  },
  softmax: (values) => {
    const sum = total(values.map(Math.exp));
    return (value) => Math.exp(value) / sum;
  },
};

export const normalize: ParentPipelineDefinition = {
  kind: "parent_pipeline",
  compile(node) {
    const parameters = new Parameters(node);
    const path = onePath(parameters);
    const name = parameters.required("method");
    const text = pipelineText(parameters);
    parameters.done();
    const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
    if (method === undefined) throw new RejectedRequest("illegal_argument_exception", `invalid method [${name}]`);
    return (buckets) => {
      const values = buckets.map((bucket) => valueAt(bucket, path, "skip", node));
      const scale = method(values.filter((value) => Number.isFinite(value)));
      return buckets.map((bucket, i) => withChild(bucket, node.name, simpleValue(scale(values[i] ?? Number.NaN), text)));
    };
  },
};

function rescaled(values: readonly number[], to: number): Scale {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return (value) => (to * (value - least)) / (most - least);
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
