// Which place of a comparison is explained when a row of the tree is chosen.
import type { Comparison } from "../../../shared/exchange.ts";

/** Rules about how an answer was made explain nothing. */
const HOUSEKEEPING: readonly string[] = ["envelope", "error_text"];

/** The chosen path where it differs or is excused, else the first such inside it; without a choice the first of all. null: there is none. */
export function explainedPath({ differences, rules }: Comparison, chosen: string | null): string | null {
  const excused = rules.filter(({ rule }) => !HOUSEKEEPING.includes(rule)).flatMap(({ paths }) => paths);
  const paths = [...differences.map(({ path }) => path), ...excused];
  if (chosen === null) return paths[0] ?? null;
  return paths.find((path) => path === chosen) ?? paths.find((path) => path.startsWith(`${chosen}/`)) ?? null;
}
