// match_none: no document.
import type { JsonValue } from "../../../shared/json.ts";
import { parameters } from "../parameters.ts";
import { NONE } from "./compiled.ts";
import type { Compiled } from "./types.ts";

export function compileMatchNone(body: JsonValue, pointer: string): Compiled {
  parameters(body, pointer, "match_none", ["boost"]);
  return NONE;
}
