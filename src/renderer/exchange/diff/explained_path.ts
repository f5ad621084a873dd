// Which place of a comparison is meant when a row of the tree is chosen.
import type { Comparison } from "../../../shared/exchange.ts";
import { explainablePaths } from "../../../shared/explanation.ts";

/** The chosen path where it differs or is excused, else the first such inside it; without a choice the first of all. null: there is none. */
export function explainedPath(comparison: Comparison, chosen: string | null): string | null {
  return atOrInside(
    explainablePaths(comparison).map(({ path }) => path),
    chosen,
  );
}

/** The same of the places that differ alone. */
export function differingPath({ differences }: Comparison, chosen: string | null): string | null {
  return atOrInside(
    differences.map(({ path }) => path),
    chosen,
  );
}

function atOrInside(paths: readonly string[], chosen: string | null): string | null {
  if (chosen === null) return paths[0] ?? null;
  return paths.find((path) => path === chosen) ?? paths.find((path) => path.startsWith(`${chosen}/`)) ?? null;
}
