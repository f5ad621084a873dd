// Keeps the short row of each search, whom it is of, and where its answers differ.
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { type ClientContext, clientContext } from "../../../shared/client_context.ts";
import type { Comparison, Difference } from "../../../shared/exchange.ts";
import { parseJson } from "../../../shared/json.ts";
import { countLeaves } from "../../matcher/leaves.ts";

const KNOWN_ASKERS = 4096;
/** Of one search so many paths are kept. */
const MOST_PATHS = 12;
const LONGEST_PATH = 300;

export interface SearchFacts {
  readonly id: number;
  readonly time: number;
  readonly shape: string;
  readonly index: string;
  readonly client: string;
  readonly elasticsearchMs: number | null;
  readonly clickhouseMs: number | null;
  /** Of a search that was never taken apart only the verdict is known. */
  readonly comparison: Pick<Comparison, "verdict"> & Partial<Comparison>;
}

export class FactWriter {
  readonly #search: StatementSync;
  readonly #path: StatementSync;
  readonly #newAsker: StatementSync;
  readonly #asker: StatementSync;
  readonly #askers = new Map<string, number>();

  constructor(db: DatabaseSync) {
    this.#search = db.prepare("INSERT OR REPLACE INTO searches VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    this.#path = db.prepare("INSERT OR IGNORE INTO differing VALUES (?, ?)");
    this.#newAsker = db.prepare("INSERT OR IGNORE INTO askers (application, dashboard, panel) VALUES (?, ?, ?)");
    this.#asker = db.prepare("SELECT id FROM askers WHERE application = ? AND dashboard = ? AND panel = ?");
  }

  write({ id, time, shape, index, client, elasticsearchMs, clickhouseMs, comparison }: SearchFacts): void {
    const leaves = leavesOf(comparison);
    const asker = this.#askerOf(clientContext(client));
    this.#search.run(
      id,
      time,
      shape,
      comparison.verdict,
      index,
      asker,
      elasticsearchMs,
      clickhouseMs,
      leaves?.equal ?? null,
      leaves?.total ?? null,
    );
    for (const path of differingPaths(comparison.differences ?? [])) this.#path.run(id, path);
  }

  /** After a batch that was taken back: what it added is not there. */
  forget(): void {
    this.#askers.clear();
  }

  #askerOf({ application, dashboard, panel }: ClientContext): number {
    const key = `${application}\n${dashboard}\n${panel}`;
    const known = this.#askers.get(key);
    if (known !== undefined) return known;
    this.#newAsker.run(application, dashboard, panel);
    const id = Number(this.#asker.get(application, dashboard, panel)?.id);
    if (this.#askers.size >= KNOWN_ASKERS) this.#askers.clear();
    this.#askers.set(key, id);
    return id;
  }
}

/** How many leaves of Elasticsearch's answer were compared and equal, of how many; null where no answers were compared. */
export function leavesOf({
  verdict,
  comparedLeaves = 0,
  totalLeaves = 0,
  differences = [],
  differenceCount = 0,
}: SearchFacts["comparison"]): {
  readonly equal: number;
  readonly total: number;
} | null {
  if ((verdict !== "equal" && verdict !== "equivalent" && verdict !== "different") || totalLeaves === 0) return null;
  let differing = differenceCount - differences.length;
  for (const { kind, elasticsearch } of differences) if (kind !== "order" && elasticsearch !== null) differing += leafCount(elasticsearch);
  return { equal: Math.max(0, comparedLeaves - differing), total: totalLeaves };
}

function leafCount(text: string): number {
  if (!text.startsWith("{") && !text.startsWith("[")) return 1;
  try {
    return countLeaves(parseJson(text));
  } catch {
    // A long value is kept cut: what is left of it has so many at least.
    return text.split(",").length;
  }
}

/** Paths without their keys and positions, each once. */
export function differingPaths(differences: readonly Pick<Difference, "path">[]): readonly string[] {
  const paths = new Set<string>();
  for (const { path } of differences) {
    paths.add(generalPath(path));
    if (paths.size === MOST_PATHS) break;
  }
  return [...paths];
}

// `[key=7]` and places in arrays become `*`; an aggregation may be called `2`.
function generalPath(path: string): string {
  const steps = path.split("/");
  const general = steps.map((step, i) => {
    const above = steps[i - 1] ?? "";
    if (step.startsWith("[")) return "*";
    return /^[0-9]+$/.test(step) && above !== "aggregations" && !above.startsWith("[") ? "*" : step;
  });
  return general.join("/").slice(0, LONGEST_PATH);
}
