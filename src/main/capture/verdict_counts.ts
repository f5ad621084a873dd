// How the searches of a session came out, in all and by shape. Each item of an `_msearch` counts as one search.
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { ShapeVerdicts, VerdictCounts, Verdicts } from "../../shared/contract.ts";
import type { Verdict } from "../../shared/exchange.ts";
import { VERDICTS } from "../../shared/exchange.ts";
import { Remembered } from "./remembered.ts";
import { numberOrNull, text } from "./rows.ts";
import { PARTS_PER_EXCHANGE } from "./schema.ts";

const MOST_SHAPES = 500;
/** A shape's median is that of its latest searches. */
const MEDIAN_OF = 101;
/** Which verdict an example of several searches shows: the one that asks most for a look. */
export const LOUDEST_FIRST: readonly Verdict[] = ["failed", "different", "unsupported", "not_compared", "equivalent", "equal"];

type Counts = { -readonly [V in keyof VerdictCounts]: number };

export class VerdictCounter {
  readonly #counts: StatementSync;
  readonly #totals: StatementSync;
  readonly #latest: StatementSync;
  readonly #times: StatementSync;
  readonly #sketch: StatementSync;
  readonly #remembered = new Remembered<Verdicts>();

  constructor(db: DatabaseSync) {
    this.#counts = db.prepare("SELECT shape, verdict, parts FROM shape_verdicts");
    this.#totals = db.prepare("SELECT verdict, sum(parts) AS parts FROM shape_verdicts GROUP BY verdict");
    this.#latest = db.prepare(
      "SELECT id, index_expression, reason FROM parts INDEXED BY parts_shape WHERE shape = ? AND verdict = ? ORDER BY id DESC LIMIT 1",
    );
    this.#times = db.prepare(
      "SELECT elasticsearch_ms, clickhouse_ms FROM parts INDEXED BY parts_shape WHERE shape = ? AND verdict = ? ORDER BY id DESC LIMIT ?",
    );
    this.#sketch = db.prepare("SELECT sketch FROM shapes WHERE shape = ?");
  }

  /** Totals alone: cheap at any size. */
  counts(): VerdictCounts {
    const counts = none();
    for (const row of this.#totals.all()) add(counts, row.verdict, row.parts);
    return counts;
  }

  /** Totals and the shapes, those with the most searches first. */
  verdicts(writes: number): Verdicts {
    return this.#remembered.get("", writes, () => this.#verdicts());
  }

  #verdicts(): Verdicts {
    const counts = none();
    const byShape = new Map<string, Counts>();
    for (const row of this.#counts.all()) {
      const shape = text(row.shape);
      const ofShape = byShape.get(shape) ?? none();
      byShape.set(shape, ofShape);
      add(ofShape, row.verdict, row.parts);
      add(counts, row.verdict, row.parts);
    }
    const most = [...byShape].toSorted(([, a], [, b]) => sum(b) - sum(a)).slice(0, MOST_SHAPES);
    return { total: sum(counts), counts, shapes: most.map(([shape, ofShape]) => this.#shapeVerdicts(shape, ofShape)) };
  }

  #shapeVerdicts(shape: string, counts: Counts): ShapeVerdicts {
    const loudest = LOUDEST_FIRST.find((verdict) => counts[verdict] > 0) ?? "equal";
    const commonest = LOUDEST_FIRST.toSorted((a, b) => counts[b] - counts[a])[0] ?? loudest;
    const example = this.#latest.get(shape, loudest);
    const times = this.#times.all(shape, commonest, MEDIAN_OF);
    return {
      shape,
      sketch: text(this.#sketch.get(shape)?.sketch),
      example: Math.floor(Number(example?.id ?? 0) / PARTS_PER_EXCHANGE),
      index: text(example?.index_expression),
      counts,
      reason: text(example?.reason),
      elasticsearchMs: median(times.map((row) => numberOrNull(row.elasticsearch_ms))),
      clickhouseMs: median(times.map((row) => numberOrNull(row.clickhouse_ms))),
    };
  }
}

function none(): Counts {
  return { equal: 0, equivalent: 0, different: 0, unsupported: 0, failed: 0, not_compared: 0 };
}

function add(counts: Counts, verdict: unknown, parts: unknown): void {
  const known = VERDICTS.find((one) => one === verdict);
  if (known !== undefined) counts[known] += Number(parts);
}

function sum(counts: VerdictCounts): number {
  return VERDICTS.reduce((total, verdict) => total + counts[verdict], 0);
}

function median(values: readonly (number | null)[]): number | null {
  const sorted = values.filter((value) => value !== null).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
