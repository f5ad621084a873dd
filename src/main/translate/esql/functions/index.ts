// ES|QL's scalar functions, by name. An aggregate is another thing: see aggregates.ts.
import { CONDITIONAL } from "./conditional.ts";
import { CONVERT } from "./convert.ts";
import { DATES } from "./date.ts";
import type { FunctionDefinition } from "./function.ts";
import { MATH } from "./math.ts";
import { MULTIVALUE } from "./multivalue.ts";
import { TEXT } from "./text.ts";

const SEARCH: Readonly<Record<string, FunctionDefinition>> = {
  match: { kind: "search", arguments: [2, 2] },
  match_phrase: { kind: "search", arguments: [2, 2] },
  qstr: { kind: "search", arguments: [1, 1] },
  kql: { kind: "search", arguments: [1, 1] },
};

export const FUNCTIONS: ReadonlyMap<string, FunctionDefinition> = new Map(
  Object.entries({ ...MATH, ...TEXT, ...MULTIVALUE, ...CONDITIONAL, ...DATES, ...CONVERT, ...SEARCH }),
);
