// The `script` of a pipeline: its source, language and params, parsed.
import { isNumber, isObject, type JsonObject, member } from "../../../../shared/json.ts";
import { RejectedRequest, UnsupportedClause } from "../../failure.ts";
import type { Parameters } from "../parameters.ts";
import { type Node, parseScript, ScriptNotRead } from "./parse.ts";

export interface Script {
  readonly node: Node;
  readonly language: "painless" | "expression";
  readonly params: ReadonlyMap<string, number>;
}

/** Reads `script`: text, or an object with `source`. Throws UnsupportedClause outside the subset. */
export function readScript(parameters: Parameters): Script {
  const value = parameters.value("script");
  const pointer = parameters.pointer("script");
  const body: JsonObject = isObject(value) ? value : { source: value ?? null };
  const source = member(body, "source") ?? member(body, "inline");
  if (typeof source !== "string") {
    if (member(body, "id") !== undefined) throw new UnsupportedClause(pointer, "stored scripts are not read");
    throw new RejectedRequest(
      "illegal_argument_exception",
      "must specify either [source] for an inline script or [id] for a stored script",
    );
  }
  const language = member(body, "lang") ?? "painless";
  if (language !== "painless" && language !== "expression")
    throw new UnsupportedClause(pointer, `scripts in [${String(language)}] are not translated`);
  return { node: guarded(pointer, () => parseScript(source)), language, params: paramsOf(member(body, "params"), pointer) };
}

/** Runs `work`; what a script can't do here becomes UnsupportedClause at `pointer`. */
export function guarded<T>(pointer: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ScriptNotRead) throw new UnsupportedClause(pointer, `the script is outside what is translated: ${error.message}`);
    throw error;
  }
}

function paramsOf(value: JsonObject[string] | undefined, pointer: string): ReadonlyMap<string, number> {
  const entries = isObject(value) ? Object.entries(value) : [];
  return new Map(
    entries.map(([name, item]) => {
      if (!isNumber(item)) throw new UnsupportedClause(`${pointer}/params`, `the parameter [${name}] is no number`);
      return [name, Number(item)];
    }),
  );
}
