// min_score: matches whose score is less are no matches.
import { and, binary, call, param } from "../../clickhouse/sql/ast.ts";
import { UnsupportedClause } from "../failure.ts";
import { scoringOf } from "./score.ts";
import type { Compiled } from "./types.ts";

/** The clause without the matches that score less. Throws UnsupportedClause where the score can't be told. */
export function withMinScore(clause: Compiled, least: number, pointer: string): Compiled {
  const score = scoringOf(clause);
  if (score === undefined) throw new UnsupportedClause(pointer, "the relevance of this query has no exact SQL");
  const { none: _, ...rest } = clause;
  return { ...rest, where: and([clause.where, binary(call("toFloat32", score), ">=", param("Float32", Math.fround(least)))]) };
}
