// `moving_fn`: a function over the buckets before each bucket.
import { RejectedRequest, UnsupportedClause } from "../../failure.ts";
import { guarded } from "../../painless/source.ts";
import type { Expression } from "../../painless/tree.ts";
import { gapPolicy, onePath, pipelineText, simpleValue, valueAt, withChild } from "../gaps.ts";
import { Parameters } from "../parameters.ts";
import { evaluate, evaluateExpression, functionsOf, variableName, variablesOf } from "../script/evaluate.ts";
import { readScript } from "../script/read.ts";
import type { ParentPipelineDefinition } from "../types.ts";
import { MOVING_FUNCTIONS } from "./moving_functions.ts";

export const movingFn: ParentPipelineDefinition = {
  kind: "parent_pipeline",
  compile(node) {
    const parameters = new Parameters(node);
    const path = onePath(parameters);
    const policy = gapPolicy(parameters);
    const text = pipelineText(parameters);
    const window = parameters.integer("window", 0);
    const shift = parameters.integer("shift", 0);
    const run = movingScript(parameters);
    parameters.done();
    if (window <= 0) throw new RejectedRequest("x_content_parse_exception", "[window] must be a positive, non-zero integer.");
    return (buckets) => {
      const all = buckets.map((bucket) => valueAt(bucket, path, policy, node));
      const values = all.filter((value) => !Number.isNaN(value));
      const clamp = (at: number): number => Math.max(0, Math.min(at, values.length));
      let position = 0;
      return buckets.map((bucket, i) => {
        if (Number.isNaN(all[i] ?? Number.NaN)) return bucket;
        const result = run(values.slice(clamp(position - window + shift), clamp(position + shift)));
        position += 1;
        return withChild(bucket, node.name, simpleValue(result, text));
      });
    };
  },
};

function movingScript(parameters: Parameters): (values: readonly number[]) => number {
  const script = readScript(parameters);
  const pointer = parameters.pointer("script");
  for (const name of guarded(pointer, () => functionsOf(script.statements))) {
    if (functionNamed(name) === undefined) throw new UnsupportedClause(pointer, `the function [${name}] is not translated`);
  }
  for (const name of variablesOf(script.statements)) {
    if (name !== "values" && name !== "values.length" && !script.params.has(name.replace(/^params\./, ""))) {
      throw new UnsupportedClause(pointer, `the script names [${name}], which it is not given`);
    }
  }
  return (values) =>
    guarded(pointer, () => {
      const environment = {
        language: script.language,
        variable: (name: string) =>
          (name === "values.length" ? values.length : undefined) ?? script.params.get(name.replace(/^params\./, "")) ?? Number.NaN,
        element(list: string, position: number): number | undefined {
          if (list !== "values") return undefined;
          const at = position < 0 ? values.length + position : position;
          const value = values[at];
          if (value === undefined)
            throw new RejectedRequest("script_exception", `Index ${position} out of bounds for length ${values.length}`);
          return value;
        },
        call: (name: string, args: readonly Expression[]): number | undefined => {
          const [first, ...rest] = args;
          const run = functionNamed(name);
          if (run === undefined || first === undefined || variableName(first) !== "values") return undefined;
          return run(values, ...rest.map((arg) => Number(evaluateExpression(arg, environment))));
        },
      };
      return Number(evaluate(script.statements, environment));
    });
}

function functionNamed(name: string): ((values: readonly number[], ...args: readonly number[]) => number) | undefined {
  const plain = name.replace(/^MovingFunctions\./, "");
  return plain !== name && Object.hasOwn(MOVING_FUNCTIONS, plain) ? MOVING_FUNCTIONS[plain] : undefined;
}
