// The Query DSL: a table from clause name to the file that compiles it.
import { childPointer, isObject, type JsonObject, type JsonValue, printJson } from "../../../shared/json.ts";
import { marked } from "../../clickhouse/sql/ast.ts";
import type { Context } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { orFaulty } from "../script_faults.ts";
import { compileBool } from "./bool.ts";
import { compileBoosting } from "./boosting.ts";
import { compileCombinedFields } from "./combined_fields.ts";
import { compileConstantScore } from "./constant_score.ts";
import { compileDisMax } from "./dis_max.ts";
import { compileDistanceFeature } from "./distance_feature.ts";
import { compileExists } from "./exists.ts";
import { compileFunctionScore } from "./function_score.ts";
import { compileFuzzy } from "./fuzzy.ts";
import { compileGeoBoundingBox } from "./geo_bounding_box.ts";
import { compileGeoDistance } from "./geo_distance.ts";
import { compileGeoPolygon } from "./geo_polygon.ts";
import { compileGeoShape } from "./geo_shape.ts";
import { compileIds } from "./ids.ts";
import { compileIntervals } from "./intervals.ts";
import { compileMatch } from "./match.ts";
import { compileMatchAll } from "./match_all.ts";
import { compileMatchBoolPrefix } from "./match_bool_prefix.ts";
import { compileMatchNone } from "./match_none.ts";
import { compileMatchPhrase } from "./match_phrase.ts";
import { compileMatchPhrasePrefix } from "./match_phrase_prefix.ts";
import { compileMoreLikeThis } from "./more_like_this.ts";
import { compileMultiMatch } from "./multi_match.ts";
import { type NamedClause, takeName } from "./named.ts";
import { compileNested } from "./nested.ts";
import { compilePinned } from "./pinned.ts";
import { compilePrefix } from "./prefix.ts";
import { compileQueryString } from "./query_string.ts";
import { compileRange } from "./range.ts";
import { compileRegexp } from "./regexp.ts";
import { scoringOf } from "./score.ts";
import { compileScript } from "./script.ts";
import { compileScriptScore } from "./script_score.ts";
import { compileSimpleQueryString } from "./simple_query_string.ts";
import { SPAN_CLAUSES } from "./span.ts";
import { compileTerm } from "./term.ts";
import { compileTerms } from "./terms.ts";
import { compileTermsSet } from "./terms_set.ts";
import type { CompileClause, Compiled } from "./types.ts";
import { compileWildcard } from "./wildcard.ts";
import { compileWrapper } from "./wrapper.ts";

export const CLAUSES: Readonly<Record<string, CompileClause>> = {
  match_all: compileMatchAll,
  match_none: compileMatchNone,
  match: compileMatch,
  match_phrase: compileMatchPhrase,
  match_phrase_prefix: compileMatchPhrasePrefix,
  match_bool_prefix: compileMatchBoolPrefix,
  multi_match: compileMultiMatch,
  term: compileTerm,
  terms: compileTerms,
  terms_set: compileTermsSet,
  range: compileRange,
  exists: compileExists,
  prefix: compilePrefix,
  wildcard: compileWildcard,
  regexp: compileRegexp,
  fuzzy: compileFuzzy,
  ids: compileIds,
  bool: compileBool,
  constant_score: compileConstantScore,
  dis_max: compileDisMax,
  boosting: compileBoosting,
  query_string: compileQueryString,
  simple_query_string: compileSimpleQueryString,
  geo_bounding_box: compileGeoBoundingBox,
  geo_distance: compileGeoDistance,
  nested: compileNested,
  script: compileScript,
  script_score: compileScriptScore,
  function_score: compileFunctionScore,
  distance_feature: compileDistanceFeature,
  wrapper: compileWrapper,
  geo_shape: compileGeoShape,
  geo_polygon: compileGeoPolygon,
  ...SPAN_CLAUSES,
  intervals: compileIntervals,
  pinned: compilePinned,
  more_like_this: compileMoreLikeThis,
  combined_fields: compileCombinedFields,
};

const SPANS = "a gap stands between spans, in [span_near] only";
const RELEVANCE = "a score of its own making has no SQL yet";
const VECTORS = "vectors are not mirrored";
const RELATIONS = "documents that refer to one another have no SQL yet";

/** Clauses of Elasticsearch's that have no SQL, and why. */
export const WITHOUT_SQL: Readonly<Record<string, string>> = {
  rank_feature: RELEVANCE,
  rule: RELEVANCE,
  has_child: RELATIONS,
  has_parent: RELATIONS,
  parent_id: RELATIONS,
  percolate: RELATIONS,
  span_gap: SPANS,
  geo_grid: "cells of a grid have no SQL yet",
  shape: "shapes have no SQL yet",
  knn: VECTORS,
  semantic: VECTORS,
  sparse_vector: VECTORS,
  text_expansion: VECTORS,
  weighted_tokens: VECTORS,
};

/** A query object (`{"term": {…}}`) and its JSON pointer in, SQL out. Throws UnsupportedClause or RejectedRequest. */
export function compileQuery(query: JsonValue, pointer: string, context: Context): Compiled {
  if (!isObject(query)) throw new RejectedRequest("parsing_exception", "[_na] query malformed, must start with start_object");
  const [name, ...others] = Object.keys(query);
  if (name === undefined) throw new RejectedRequest("illegal_argument_exception", "query malformed, empty clause found");
  if (others.length > 0) {
    throw new RejectedRequest("parsing_exception", `[${name}] malformed query, expected [END_OBJECT] but found [FIELD_NAME]`);
  }
  const compile = Object.hasOwn(CLAUSES, name) ? CLAUSES[name] : undefined;
  const own = childPointer(pointer, name);
  if (compile === undefined) {
    const reason = Object.hasOwn(WITHOUT_SQL, name) ? WITHOUT_SQL[name] : undefined;
    if (reason === undefined) throw new RejectedRequest("parsing_exception", `unknown query [${name}]`);
    throw new UnsupportedClause(own, reason);
  }
  const mark = context.scripts?.mark() ?? 0;
  const named = context.naming?.length ?? 0;
  const { name: label, body } = takeName(name, query[name] ?? null, own);
  const compiled = compile(body, own, { ...context, enclosing: deeper(name, context) });
  // Rewritten to match_none, the clause is gone with all names in it.
  if (compiled.none === true) context.naming?.splice(named);
  else if (label !== null) context.naming?.push(nameClause(label, compiled, { [name]: body }, pointer, context));
  const where = orFaulty(context.scripts?.claim(mark) ?? [], compiled.where);
  return { ...compiled, where: marked(own, where) };
}

// What `indices.query.bool.max_nested_depth` is where nobody set it.
const DEEPEST = 30;
// Their parser wraps what is refused inside.
const WRAPPING = new Set(["bool", "script_score"]);

function deeper(name: string, { enclosing = [] }: Context): readonly string[] {
  if (enclosing.length < DEEPEST) return [...enclosing, name];
  throw new RejectedRequest(
    enclosing.some((each) => WRAPPING.has(each)) ? "x_content_parse_exception" : "illegal_argument_exception",
    "The nested depth of the query exceeds the maximum nested depth for queries set in [indices.query.bool.max_nested_depth]",
  );
}

// Elasticsearch asks a clause inside `nested` of the document itself too, which has none of the objects' fields.
function nameClause(name: string, compiled: Compiled, query: JsonObject, pointer: string, context: Context): NamedClause {
  const scoring = scoringOf(compiled);
  const { scope, naming: _, innerHits: __, scripts: ___, ...around } = context;
  if (scope === undefined) return { name, pointer, where: compiled.where, scoring };
  if (printJson(query).includes('"nested"')) {
    throw new UnsupportedClause(`${pointer}/_name`, "the name of a clause around nested objects, inside others, has no SQL yet");
  }
  const ofDocument = compileQuery(query, pointer, around);
  const object = { path: scope.path, where: compiled.where, scoring };
  return { name, pointer, where: ofDocument.where, scoring: scoringOf(ofDocument), object };
}
