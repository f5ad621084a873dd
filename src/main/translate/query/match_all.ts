// match_all: every document, scored by its boost.
import type { JsonValue } from "../../../shared/json.ts";
import { TRUE } from "../../clickhouse/sql/ast.ts";
import { boostOf, parameters } from "../parameters.ts";
import { constant } from "./compiled.ts";
import type { Compiled } from "./types.ts";

export function compileMatchAll(body: JsonValue, pointer: string): Compiled {
  return constant(TRUE, boostOf(parameters(body, pointer, "match_all", ["boost"])));
}
