// Searches of a place one by one: those that both sides answered, with their times, and those that differ, by how they differ.
import type { ComparePoints, TimedSearch } from "../../../shared/compare.ts";
import { VERDICTS } from "../../../shared/exchange.ts";
import { PARTS_PER_EXCHANGE } from "../schema.ts";
import type { ChosenRows } from "./chosen.ts";
import type { FactColumns } from "./columns.ts";

const MOST_POINTS = 500;
const DIFFERENT = VERDICTS.indexOf("different");

/** Searches of one shape that differ at the same paths. */
export interface DifferingKind {
  readonly shape: string;
  /** Without keys and positions. */
  readonly paths: readonly string[];
  readonly searches: number;
  /** The newest of them. */
  readonly exchange: number;
  readonly position: number;
}

/** The newest searches with both times, oldest first. */
export function timedSearches(parts: readonly ChosenRows[]): ComparePoints {
  const searches: TimedSearch[] = [];
  let all = 0;
  for (const { segment, rows } of parts.toReversed()) {
    for (const row of rows.toReversed()) {
      const elasticsearchMs = segment.elasticsearch[row] ?? Number.NaN;
      const clickhouseMs = segment.clickhouse[row] ?? Number.NaN;
      if (Number.isNaN(elasticsearchMs) || Number.isNaN(clickhouseMs)) continue;
      all += 1;
      if (searches.length === MOST_POINTS) continue;
      const { exchange } = placeOf(segment.id[row]);
      searches.push({ exchange, elasticsearchMs, clickhouseMs, verdict: VERDICTS[segment.verdict[row] ?? 0] ?? "not_compared" });
    }
  }
  return { searches: searches.toReversed(), left: all - searches.length };
}

/** The kinds with the most searches first. */
export function differingKinds(parts: readonly ChosenRows[], names: FactColumns["names"]): readonly DifferingKind[] {
  const kinds = new Map<string, DifferingKind>();
  for (const { segment, rows } of parts) {
    const paths = new Map<number, number[]>();
    for (let i = 0; i < segment.paths.length; i += 2) {
      const row = segment.paths[i] ?? 0;
      const ofRow = paths.get(row) ?? [];
      if (ofRow.length === 0) paths.set(row, ofRow);
      ofRow.push(segment.paths[i + 1] ?? 0);
    }
    for (const row of rows) {
      if (segment.verdict[row] !== DIFFERENT) continue;
      const shape = segment.shape[row] ?? 0;
      const where = paths.get(row) ?? [];
      const key = `${shape}:${where.join()}`;
      const known = kinds.get(key);
      const kind = known ?? { shape: names.shape.textOf(shape), paths: where.map((code) => names.path.textOf(code)), searches: 0 };
      kinds.set(key, { ...kind, searches: kind.searches + 1, ...placeOf(segment.id[row]) });
    }
  }
  return [...kinds.values()].toSorted((a, b) => b.searches - a.searches || b.exchange - a.exchange);
}

function placeOf(id = 0): { readonly exchange: number; readonly position: number } {
  return { exchange: Math.floor(id / PARTS_PER_EXCHANGE), position: id % PARTS_PER_EXCHANGE };
}
