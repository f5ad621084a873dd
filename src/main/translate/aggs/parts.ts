// Metrics over two fields: each is an object of its own in the body (`value` and `weight`, `a` and `b`).
import { isObject, member } from "../../../shared/json.ts";
import type { Context } from "../context.ts";
import { RejectedRequest } from "../failure.ts";
import { Parameters } from "./parameters.ts";
import { numbersOf, type Values } from "./values.ts";

const OPTIONS = new Set(["field", "missing", "script", "time_zone", "filter", "format", "value_type"]);

/** The options of one part. Throws RejectedRequest where it is missing. */
export function partOf(parameters: Parameters, name: string): Parameters {
  const body = parameters.value(name);
  if (!isObject(body)) throw new RejectedRequest("illegal_argument_exception", `[${parameters.node.name}] requires [${name}]`);
  const unknown = Object.keys(body).find((option) => !OPTIONS.has(option));
  if (unknown !== undefined) throw new RejectedRequest("x_content_parse_exception", `[field_config] unknown field [${unknown}]`);
  return new Parameters({ ...parameters.node, body, pointer: parameters.pointer(name) });
}

/** The numbers that one part names; undefined where no index maps its field. `others` are options that the caller reads itself. */
export function valuesOfPart(parameters: Parameters, name: string, context: Context, ...others: readonly string[]): Values | undefined {
  const own = partOf(parameters, name);
  own.ignore(...others);
  const values = numbersOf(own, context);
  if (member(own.node.body, "script") === undefined) own.done();
  return values;
}
