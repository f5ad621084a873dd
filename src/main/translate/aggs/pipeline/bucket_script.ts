// `bucket_script` and `bucket_selector`: a script over each bucket's own values.
import { UnsupportedClause } from "../../failure.ts";
import { guarded } from "../../painless/source.ts";
import { gapPolicy, pathsByName, pipelineText, simpleValue, valueAt, withChild } from "../gaps.ts";
import { Parameters } from "../parameters.ts";
import { evaluate, functionsOf, type ScriptValue, variablesOf } from "../script/evaluate.ts";
import { readScript, type Script } from "../script/read.ts";
import type { AggregationNode, ParentPipelineDefinition } from "../types.ts";

export const bucketScript: ParentPipelineDefinition = {
  kind: "parent_pipeline",
  compile(node) {
    const parameters = new Parameters(node);
    const paths = pathsByName(parameters);
    const policy = gapPolicy(parameters);
    const text = pipelineText(parameters);
    const run = scriptOver(parameters, node, paths);
    parameters.done();
    return (buckets) =>
      buckets.map((bucket) => {
        const values = new Map(paths.map(([name, path]) => [name, valueAt(bucket, path, policy, node)]));
        if (policy !== "insert_zeros" && [...values.values()].some((value) => Number.isNaN(value))) return bucket;
        const result = run(values);
        return result === null ? bucket : withChild(bucket, node.name, simpleValue(Number(result), text));
      });
  },
};

export const bucketSelector: ParentPipelineDefinition = {
  kind: "parent_pipeline",
  compile(node) {
    const parameters = new Parameters(node);
    const paths = pathsByName(parameters);
    const policy = gapPolicy(parameters);
    const run = scriptOver(parameters, node, paths);
    parameters.done();
    return (buckets) =>
      buckets.filter((bucket) => {
        const result = run(new Map(paths.map(([name, path]) => [name, valueAt(bucket, path, policy, node)])));
        return typeof result === "number" ? result !== 0 : result === true;
      });
  },
};

function scriptOver(
  parameters: Parameters,
  node: AggregationNode,
  paths: readonly (readonly [name: string, path: string])[],
): (values: ReadonlyMap<string, number>) => ScriptValue {
  const script = readScript(parameters);
  const pointer = parameters.pointer("script");
  const known = new Set([...paths.map(([name]) => name), ...script.params.keys()]);
  for (const name of guarded(pointer, () => variablesOf(script.statements))) {
    const plain = plainName(name, script);
    if (plain === undefined || !known.has(plain))
      throw new UnsupportedClause(pointer, `the script names [${name}], which [${node.name}] does not give it`);
  }
  for (const name of functionsOf(script.statements)) throw new UnsupportedClause(pointer, `the function [${name}] is not translated`);
  return (values) =>
    guarded(pointer, () =>
      evaluate(script.statements, {
        language: script.language,
        variable: (name) => {
          const plain = plainName(name, script) ?? "";
          return values.get(plain) ?? script.params.get(plain) ?? Number.NaN;
        },
      }),
    );
}

// Painless reads params.name, an expression the bare name.
function plainName(name: string, script: Script): string | undefined {
  if (script.language === "expression") return name;
  return name.startsWith("params.") ? name.slice("params.".length) : undefined;
}
