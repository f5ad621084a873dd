// The `script` of a request: its source, language and parameters.
import { isObject, type JsonObject, type JsonValue, member } from "../../../shared/json.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { parseScript } from "./parse.ts";
import { ScriptNotRead, type Statement } from "./tree.ts";

export interface Script {
  readonly statements: readonly Statement[];
  readonly language: "painless" | "expression";
  readonly params: JsonObject;
}

const KNOWN = new Set(["source", "inline", "lang", "params", "options"]);

/** Reads a script: text, or an object with `source`. Throws UnsupportedClause at `pointer`. */
export function readScript(value: JsonValue | undefined, pointer: string): Script {
  const body: JsonObject = isObject(value) ? value : { source: value ?? null };
  const source = member(body, "source") ?? member(body, "inline");
  if (member(body, "id") !== undefined) throw new UnsupportedClause(pointer, "stored scripts are not read");
  if (typeof source !== "string") {
    throw new RejectedRequest(
      "illegal_argument_exception",
      "must specify either [source] for an inline script or [id] for a stored script",
    );
  }
  const unknown = Object.keys(body).find((name) => !KNOWN.has(name));
  if (unknown !== undefined) throw new UnsupportedClause(pointer, `a script with [${unknown}] is not read`);
  const language = member(body, "lang") ?? "painless";
  if (language !== "painless" && language !== "expression") {
    throw new UnsupportedClause(pointer, `scripts in [${String(language)}] are not translated`);
  }
  const params = member(body, "params");
  return { statements: guarded(pointer, () => parseScript(source)), language, params: isObject(params) ? params : {} };
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
