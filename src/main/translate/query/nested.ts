// nested: documents with an object at a path that matches by itself. Inside, only the object's own fields are there.
import { isObject, type JsonObject, type JsonValue, member } from "../../../shared/json.ts";
import { and, binary, call, column, type Expr, isTrue, lambda, not, param } from "../../clickhouse/sql/ast.ts";
import { type Context, overDocuments } from "../context.ts";
import { enterNested, type NestedContext } from "../enter_nested.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import type { InnerHits } from "../hits/inner_hits.ts";
import { isEnclosed, overObjects, someObject } from "../nested_scope.ts";
import { booleanOption, boostOf, scalarText } from "../parameters.ts";
import { boosted, NOTHING } from "./compiled.ts";
import { compileQuery } from "./index.ts";
import type { Compiled } from "./types.ts";

const KNOWN = ["path", "query", "score_mode", "ignore_unmapped", "boost", "inner_hits"];

export function compileNested(body: JsonValue, pointer: string, context: Context): Compiled {
  const options = knownOptions(body);
  const path = member(options, "path") ?? null;
  const query = member(options, "query") ?? null;
  if (path === null) throw new RejectedRequest("illegal_argument_exception", "[nested] requires 'path' field");
  if (query === null) throw new RejectedRequest("illegal_argument_exception", "[nested] requires 'query' field");
  const mode = scoreMode(member(options, "score_mode"));
  const boost = boostOf(options);
  const lenient = booleanOption(options, "ignore_unmapped", false);
  const entered = enterNested(context, scalarText(path), `${pointer}/path`, lenient);
  if (entered === undefined) return NOTHING;
  const shown = member(options, "inner_hits");
  const children: InnerHits[] = [];
  const scripts = context.scripts?.mark();
  const before = context.naming?.length ?? 0;
  const found = compileQuery(query, `${pointer}/query`, { ...entered, innerHits: children });
  if (scripts !== context.scripts?.mark()) {
    throw new UnsupportedClause(`${pointer}/query`, "a script or score that may fail on a nested object has no SQL yet");
  }
  if (isObject(shown)) {
    const inside = { ...overDocuments(entered), scope: entered.scope };
    context.innerHits?.push({
      body: shown,
      pointer: `${pointer}/inner_hits`,
      context: inside,
      query: found,
      children,
      names: (context.naming ?? []).slice(before),
    });
  }
  const inner = boosted(found, boost);
  const where = someObject(context.mapping, entered.scope, inner.where);
  return { where, ...joinedScore(inner, mode, entered), highlights: inner.highlights };
}

function knownOptions(body: JsonValue): JsonObject {
  if (!isObject(body)) throw new RejectedRequest("parsing_exception", "[nested] query malformed, no start_object after query name");
  for (const name of Object.keys(body)) {
    if (!KNOWN.includes(name)) throw new RejectedRequest("parsing_exception", `[nested] query does not support [${name}]`);
  }
  return body;
}

const MODES = ["avg", "max", "min", "sum", "none"] as const;

function scoreMode(value: JsonValue | undefined): (typeof MODES)[number] {
  const mode = MODES.find((each) => each === (value ?? "avg"));
  if (mode === undefined) {
    throw new RejectedRequest("illegal_argument_exception", `No score mode for child query [${scalarText(value ?? null)}] found`);
  }
  return mode;
}

/** The score of a document from those of its objects that match: added in doubles, then rounded to a float. */
function joinedScore(
  inner: Compiled,
  mode: (typeof MODES)[number],
  { scope, mapping }: NestedContext,
): Pick<Compiled, "score" | "scoring"> {
  if (mode === "none") return { score: 0 };
  const matching = and([isEnclosed(mapping, scope), inner.where].filter((each) => !isTrue(each)));
  if (inner.score !== null) {
    if (mode !== "sum") return { score: inner.score };
    const count = overObjects("arrayCount", mapping, scope, matching);
    return { score: null, scoring: float(binary(count, "*", param("Float64", inner.score))) };
  }
  if (inner.scoring === undefined) return { score: null };
  const scored = call("if", matching, inner.scoring, param("Float64", Number.NaN));
  const scores = call(
    "arrayFilter",
    lambda(["score"], not(call("isNaN", column("score")))),
    overObjects("arrayMap", mapping, scope, call("ifNull", scored, param("Float64", Number.NaN))),
  );
  return { score: null, scoring: float(call(JOINED[mode], scores)) };
}

const JOINED = Object.freeze({ avg: "arrayAvg", max: "arrayMax", min: "arrayMin", sum: "arraySum" });

const float = (value: Expr): Expr => call("toFloat64", call("toFloat32", value));
