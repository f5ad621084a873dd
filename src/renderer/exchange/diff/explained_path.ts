// Which place of a comparison is explained when a row of the tree is chosen.
import type { Comparison } from "../../../shared/exchange.ts";
import { explainablePaths } from "../../../shared/explanation.ts";

/** The chosen path where it differs or is excused, else the first such inside it; without a choice the first of all. null: there is none. */
export function explainedPath(comparison: Comparison, chosen: string | null): string | null {
  const paths = explainablePaths(comparison).map(({ path }) => path);
  if (chosen === null) return paths[0] ?? null;
  return paths.find((path) => path === chosen) ?? paths.find((path) => path.startsWith(`${chosen}/`)) ?? null;
}
