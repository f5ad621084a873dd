// script: documents for which a script returns true.
import { type JsonValue, member } from "../../../shared/json.ts";
import type { Context } from "../context.ts";
import { compileValue } from "../painless/compile.ts";
import { asBoolean } from "../painless/finish.ts";
import { readScript } from "../painless/source.ts";
import { boostOf, parameters } from "../parameters.ts";
import { addFaults } from "../script_faults.ts";
import { constant } from "./compiled.ts";
import type { Compiled } from "./types.ts";

export function compileScript(body: JsonValue, pointer: string, context: Context): Compiled {
  const options = parameters(body, pointer, "script", ["script", "boost"]);
  const script = readScript(member(options, "script"), pointer);
  const { value, faults } = compileValue(script, { context, pointer }, asBoolean);
  if (value.kind !== "leaf") throw new Error("a condition is one value");
  addFaults(context, pointer, faults);
  return constant(value.expr, boostOf(options));
}
