// `avg_bucket`, `max_bucket`, `min_bucket`, `sum_bucket`, `stats_bucket`, `extended_stats_bucket`, `percentiles_bucket`:
// one number out of a sibling's buckets.
import { isArray, jsonObject } from "../../../../shared/json.ts";
import { doubleJson, javaDouble } from "../../../elasticsearch/fields/number_text.ts";
import { RejectedRequest } from "../../failure.ts";
import { noSuchPath, notANumber } from "../buckets_path.ts";
import { doubleOrNull } from "../cells.ts";
import { type GapPolicy, gapPolicy, onePath, pipelineText, simpleValue, valueAt } from "../gaps.ts";
import { numberMembers } from "../number_metric.ts";
import { Parameters } from "../parameters.ts";
import { extendedMembers } from "../spread.ts";
import type { AggregationNode, NamedShape, Shaped, ShapedBucket, SiblingPipelineDefinition } from "../types.ts";

interface Found {
  readonly name: string;
  readonly value: number;
}

type Text = (value: number) => string | undefined;
type Compute = (found: readonly Found[], text: Text, parameters: Parameters) => Shaped;

export const avgBucket = definition(
  () => (found, text) => simpleValue(found.length === 0 ? Number.NaN : sumOf(found) / found.length, text),
);
export const sumBucket = definition(() => (found, text) => simpleValue(sumOf(found), text));
export const maxBucket = definition(() => (found, text) => extreme(found, text, (a, b) => a > b));
export const minBucket = definition(() => (found, text) => extreme(found, text, (a, b) => a < b));
export const statsBucket = definition(() => (found, text) => ({ json: jsonObject(statsMembers(found, text)), tolerances: [] }));

export const extendedStatsBucket = definition((parameters) => {
  const sigma = parameters.number("sigma") ?? 2;
  if (sigma < 0) throw new RejectedRequest("illegal_argument_exception", "sigma must be a non-negative double");
  return (found, text) => {
    const squares = found.reduce((sum, { value }) => sum + value * value, 0);
    const extended = extendedMembers({ count: found.length, sum: sumOf(found), squares, sigma }, text);
    return { json: jsonObject([...statsMembers(found, text), ...extended]), tolerances: [] };
  };
});

export const percentilesBucket = definition((parameters) => {
  const value = parameters.value("percents");
  const percents = isArray(value) ? value.map(Number) : [1, 5, 25, 50, 75, 95, 99];
  if (!percents.every((percent) => percent >= 0 && percent <= 100)) {
    throw new RejectedRequest("illegal_argument_exception", "percents must only contain non-null doubles from 0.0-100.0 inclusive");
  }
  const keyed = parameters.boolean("keyed", true);
  return (found, text) => {
    const sorted = found.map((each) => each.value).toSorted((a, b) => a - b);
    const entries = percents.map((percent) => {
      // No interpolation: the value at the nearest position.
      const at = Math.floor((percent / 100) * (sorted.length - 1) + 0.5);
      const value = sorted[at] ?? Number.NaN;
      return { name: javaDouble(percent), percent, members: numberMembers("value", value, text), value };
    });
    const values = keyed
      ? jsonObject(entries.flatMap(({ name, value }) => keyedMembers(name, value, text)))
      : entries.map(({ percent, members }) => jsonObject([["key", doubleJson(percent)], ...members]));
    return { json: { values }, tolerances: [] };
  };
});

function keyedMembers(name: string, value: number, text: Text) {
  const printed = Number.isFinite(value) ? text(value) : undefined;
  return [[name, doubleOrNull(value)] as const, ...(printed === undefined ? [] : [[`${name}_as_string`, printed] as const])];
}

function definition(prepare: (parameters: Parameters) => Compute): SiblingPipelineDefinition {
  return {
    kind: "sibling_pipeline",
    compile(node) {
      const parameters = new Parameters(node);
      const path = onePath(parameters);
      const policy = gapPolicy(parameters);
      const text = pipelineText(parameters);
      const compute = prepare(parameters);
      parameters.done();
      return (siblings) => compute(valuesAlong(siblings, path, policy, node), text, parameters);
    },
  };
}

/** The values of the buckets of the first multi-bucket aggregation on the path. */
function valuesAlong(siblings: readonly NamedShape[], path: string, policy: GapPolicy, node: AggregationNode): readonly Found[] {
  const [first = "", ...rest] = path.replace(/^([^>]*)\._count$/, "$1>_count").split(">");
  const shaped = siblings.find(([name]) => name === first)?.[1];
  if (shaped === undefined) throw noSuchPath(path, node.name);
  if (shaped.buckets === undefined) {
    if (shaped.children === undefined || rest.length === 0) {
      const reason = `The first aggregation in buckets_path must be a multi-bucket aggregation for aggregation [${node.name}]`;
      throw new RejectedRequest("action_request_validation_exception", reason);
    }
    return valuesAlong(shaped.children, rest.join(">"), policy, node);
  }
  if (rest.length === 0) throw notANumber(first);
  const below = rest.join(">");
  return shaped.buckets.flatMap((bucket: ShapedBucket) => {
    const value = valueAt(bucket, below, policy, node);
    return Number.isNaN(value) ? [] : [{ name: bucket.name, value }];
  });
}

function sumOf(found: readonly Found[]): number {
  return found.reduce((sum, { value }) => sum + value, 0);
}

function extreme(found: readonly Found[], text: Text, better: (a: number, b: number) => boolean): Shaped {
  let best = Number.NaN;
  let keys: string[] = [];
  for (const { name, value } of found) {
    if (Number.isNaN(best) || better(value, best)) [best, keys] = [value, [name]];
    else if (value === best) keys.push(name);
  }
  const shaped = simpleValue(best, text);
  return { ...shaped, json: { ...shaped.json, keys } };
}

function statsMembers(found: readonly Found[], text: Text): readonly (readonly [string, Shaped["json"][string]])[] {
  const values = found.map(({ value }) => value);
  const none = values.length === 0;
  const numbers: readonly (readonly [string, number])[] = [
    ["min", none ? Number.NaN : Math.min(...values)],
    ["max", none ? Number.NaN : Math.max(...values)],
    ["avg", none ? Number.NaN : sumOf(found) / values.length],
    ["sum", sumOf(found)],
  ];
  const plain = numbers.map(([name, value]) => [name, doubleOrNull(value)] as const);
  const texts = none
    ? []
    : numbers.flatMap(([name, value]) => {
        const printed = text(value);
        return printed === undefined ? [] : [[`${name}_as_string`, printed] as const];
      });
  return [["count", values.length], ...plain, ...texts];
}
