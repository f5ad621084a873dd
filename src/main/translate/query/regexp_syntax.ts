// Lucene's regular expressions → RE2's and JavaScript's, operators that those lack among them.
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { type Operators, parseRegexp } from "../regexp/parse.ts";
import { sourceOf } from "../regexp/source.ts";
import { RegexpProblem } from "../regexp/types.ts";

const NO_OPERATORS: Operators = Object.freeze({
  complement: false,
  interval: false,
  intersection: false,
  anyString: false,
  empty: false,
  named: false,
  folded: false,
});

/** Every operator of the syntax. */
export const ALL_OPERATORS: Operators = Object.freeze({
  complement: true,
  interval: true,
  intersection: true,
  anyString: true,
  empty: true,
  named: true,
  folded: false,
});

const FLAGS: Readonly<Record<string, Partial<Operators>>> = {
  INTERSECTION: { intersection: true },
  COMPLEMENT: { complement: true },
  EMPTY: { empty: true },
  ANYSTRING: { anyString: true },
  INTERVAL: { interval: true },
};

/** The operators of `flags`, as `COMPLEMENT|INTERVAL`. */
export function operatorsOf(flags: string): Operators {
  let operators = NO_OPERATORS;
  for (const flag of flags.split("|").filter((each) => each !== "")) {
    const name = flag.toUpperCase();
    if (name === "ALL") return ALL_OPERATORS;
    if (name === "NONE") return NO_OPERATORS;
    const more = Object.hasOwn(FLAGS, name) ? FLAGS[name] : undefined;
    if (more === undefined) throw new RejectedRequest("illegal_argument_exception", `Unknown regexp flag [${flag}]`);
    operators = { ...operators, ...more };
  }
  return operators;
}

/** The expression's source, not anchored; `.` must take newlines. Refused: a RejectedRequest of the error type given. */
export function regexpSource(expression: string, operators: Operators, pointer: string, errorType: string): string {
  try {
    return sourceOf(parseRegexp(expression, operators));
  } catch (error) {
    if (!(error instanceof RegexpProblem)) throw error;
    if (error.kind === "unsupported") throw new UnsupportedClause(pointer, `[${expression}]: ${error.message}`);
    const failed = errorType === "query_shard_exception" ? "failed to create query: " : "";
    throw new RejectedRequest(errorType, `${failed}${error.message}`);
  }
}

/** The expression with all operators; null where there is no source. `folded` ignores case. */
export function translateRegexp(expression: string, folded: boolean): string | null {
  try {
    return sourceOf(parseRegexp(expression, { ...ALL_OPERATORS, folded }));
  } catch (error) {
    if (error instanceof RegexpProblem) return null;
    throw error;
  }
}
