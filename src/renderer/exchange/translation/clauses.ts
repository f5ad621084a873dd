// Clauses that have a piece of SQL: a letter each, their range in the request and their ranges in the SQL.
import type { StatementRun } from "../../../shared/exchange.ts";
import type { LaidOut, Range } from "./layout_json.ts";
import type { LaidOutSql } from "./layout_sql.ts";
import { textRange } from "./text_range.ts";

export interface Clause {
  readonly pointer: string;
  readonly letter: string;
  readonly dsl: Range;
  readonly sql: readonly Range[];
}

/** In the request's order. A span whose pointer the request does not have is kept by its nearest ancestor. */
export function clausesOf(statement: StatementRun, request: LaidOut, sql: LaidOutSql): readonly Clause[] {
  const spans = new Map<string, Range[]>();
  for (const span of statement.spans) {
    const pointer = textRange(span.pointer, request) === undefined ? nearest(span.pointer, request) : span.pointer;
    if (pointer === "") continue; // the whole request: nothing to point at
    const range = { from: sql.carry(span.start), to: sql.carry(span.end) };
    if (range.to > range.from) spans.set(pointer, [...(spans.get(pointer) ?? []), range]);
  }
  const found = [...spans].flatMap(([pointer, ranges]) => {
    const dsl = request.ranges.get(pointer) ?? textRange(pointer, request);
    return dsl === undefined ? [] : [{ pointer, dsl, sql: ranges.toSorted((a, b) => a.from - b.from) }];
  });
  return found.toSorted((a, b) => a.dsl.from - b.dsl.from || b.dsl.to - a.dsl.to).map((clause, i) => ({ ...clause, letter: letterOf(i) }));
}

function nearest(pointer: string, request: LaidOut): string {
  let at = pointer;
  while (at !== "" && !request.ranges.has(at)) at = at.slice(0, at.lastIndexOf("/"));
  return at;
}

/** a … z, aa, ab, … */
export function letterOf(position: number): string {
  const last = String.fromCharCode(97 + (position % 26));
  return position < 26 ? last : letterOf(Math.floor(position / 26) - 1) + last;
}

/** The innermost clause at an offset of the request. */
export function clauseAtDsl(clauses: readonly Clause[], offset: number): Clause | null {
  return smallest(clauses, (clause) => [clause.dsl], offset);
}

/** The innermost clause at an offset of the SQL. */
export function clauseAtSql(clauses: readonly Clause[], offset: number): Clause | null {
  return smallest(clauses, (clause) => clause.sql, offset);
}

function smallest(clauses: readonly Clause[], ranges: (clause: Clause) => readonly Range[], offset: number): Clause | null {
  let found: Clause | null = null;
  let size = Number.POSITIVE_INFINITY;
  for (const clause of clauses) {
    for (const range of ranges(clause)) {
      if (offset < range.from || offset > range.to || range.to - range.from >= size) continue;
      found = clause;
      size = range.to - range.from;
    }
  }
  return found;
}
