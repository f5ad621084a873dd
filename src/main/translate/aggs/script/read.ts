// The `script` of a pipeline: parsed as any script is, with parameters that are numbers.
import { isNumber } from "../../../../shared/json.ts";
import { UnsupportedClause } from "../../failure.ts";
import { type Script as AnyScript, readScript as readAnyScript } from "../../painless/source.ts";
import type { Parameters } from "../parameters.ts";

export interface Script extends Pick<AnyScript, "statements" | "language"> {
  readonly params: ReadonlyMap<string, number>;
}

/** Reads `script`: text, or an object with `source`. Throws UnsupportedClause outside the subset. */
export function readScript(parameters: Parameters): Script {
  const pointer = parameters.pointer("script");
  const { statements, language, params } = readAnyScript(parameters.value("script"), pointer);
  const numbers = Object.entries(params).map(([name, item]) => {
    if (!isNumber(item)) throw new UnsupportedClause(`${pointer}/params`, `the parameter [${name}] is no number`);
    return [name, Number(item)] as const;
  });
  return { statements, language, params: new Map(numbers) };
}
