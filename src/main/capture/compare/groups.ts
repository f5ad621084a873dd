// Sums up the searches of a session by what they have in common, all of it in SQL over their short rows.
import type { DatabaseSync } from "node:sqlite";
import type {
  CompareAnswer,
  CompareBy,
  CompareCrumb,
  CompareGroup,
  CompareQuery,
  CompareWithin,
  DifferingPath,
} from "../../../shared/compare.ts";
import { VERDICTS } from "../../../shared/exchange.ts";
import { Remembered } from "../remembered.ts";
import { numberOrNull, type Row, text } from "../rows.ts";
import { PARTS_PER_EXCHANGE } from "../schema.ts";
import { bucketMsOf } from "../time_buckets.ts";
import type { Filter } from "../types.ts";
import { LOUDEST_FIRST } from "../verdict_counts.ts";
import { percentilesAround, ratioOf } from "./ratio.ts";

const DEFAULT_LIMIT = 200;
const LARGEST_LIMIT = 500;
const MOST_PATHS = 8;

const KEYS: Readonly<Record<Exclude<CompareBy, "time">, string>> = {
  application: "a.application",
  dashboard: "a.dashboard",
  panel: "a.panel",
  shape: "s.shape",
  index: "s.index_expression",
};

/** Outermost first. */
const WITHIN: readonly CompareBy[] = ["time", "index", "application", "dashboard", "panel", "shape"];
const ASKED: readonly CompareBy[] = ["application", "dashboard", "panel"];
const BOTH = "s.elasticsearch_ms IS NOT NULL AND s.clickhouse_ms IS NOT NULL";
/** An exchange's id goes into a number below this. */
const IDS = 2 ** 50;
const LOUDNESS = LOUDEST_FIRST.map((verdict, i) => `WHEN '${verdict}' THEN ${LOUDEST_FIRST.length - i}`).join(" ");
/** The loudest verdict, and the newest exchange that has it, in one number. */
const LOUDEST = `max(CASE s.verdict ${LOUDNESS} ELSE 0 END * ${IDS} + s.id / ${PARTS_PER_EXCHANGE})`;

interface Condition {
  /** Tables: whose searches they are is looked up only where that matters. */
  readonly from: string;
  readonly where: string;
  readonly parameters: readonly (string | number)[];
}

export class CompareGroups {
  readonly #db: DatabaseSync;
  readonly #remembered = new Remembered<CompareAnswer>();

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** `filter` is the query's, compiled. An answer is worked out anew only after a write. Titles are those of shapes alone. */
  answer(query: CompareQuery, filter: Filter | undefined, writes: number): CompareAnswer {
    return this.#remembered.get(JSON.stringify(query), writes, () => this.#answer(query, conditionOf(query, filter)));
  }

  #answer(query: CompareQuery, condition: Condition): CompareAnswer {
    const { by, limit = DEFAULT_LIMIT } = query;
    const most = Math.max(1, Math.min(LARGEST_LIMIT, limit));
    const bucketMs = by === "time" ? this.#bucketMs(condition) : null;
    const key = by === "time" ? `cast(floor(s.time / ${bucketMs}) * ${bucketMs} AS INTEGER)` : KEYS[by];
    const rows = this.#sums(key, condition);
    const chosen = by === "time" ? rows.slice(-most) : rows.toSorted(troubleFirst).slice(0, most);
    const paths = this.#paths(key, condition);
    const sketch = this.#sketches();
    const title = by === "shape" ? sketch : () => "";
    return {
      by,
      within: crumbsOf(query).map((crumb) => ({ ...crumb, title: crumb.by === "shape" ? sketch(crumb.key) : "" })),
      all: groupOf(this.#all(rows, condition), "", paths.get(null)),
      groups: chosen.map((row) => groupOf(row, title(keyOf(row)), paths.get(keyOf(row)))),
      left: rows.length - chosen.length,
      bucketMs,
    };
  }

  /** One row of all groups: what is summed, from theirs; the latencies anew. */
  #all(rows: readonly Row[], { from, where, parameters }: Condition): Row {
    const sum = (name: string) => rows.reduce((total, row) => total + Number(row[name] ?? 0), 0);
    const most = (name: string) => rows.reduce((highest, row) => Math.max(highest, Number(row[name] ?? 0)), 0);
    const summed = ["searches", ...VERDICTS, "equal_leaves", "total_leaves", "pairs"].map((name) => [name, sum(name)] as const);
    const { low, high } = percentilesAround(String(sum("pairs")));
    const sql = `SELECT ${latencies("elasticsearch", low, high)}, ${latencies("clickhouse", low, high)} FROM ${from} WHERE ${where}`;
    const latency = this.#db.prepare(sql).get(...parameters) ?? {};
    return { ...latency, ...Object.fromEntries(summed), newest: most("newest"), loudest: most("loudest") };
  }

  #bucketMs({ from, where, parameters }: Condition): number {
    const row = this.#db.prepare(`SELECT min(s.time) AS first, max(s.time) AS last FROM ${from} WHERE ${where}`).get(...parameters);
    return bucketMsOf(Number(row?.last ?? 0) - Number(row?.first ?? 0));
  }

  /** A row a group: counts, leaves, latencies, and the medians of those that both sides answered, with what they lie between. */
  #sums(key: string, { from, where, parameters }: Condition): readonly Row[] {
    const { low, high } = percentilesAround("n");
    const verdicts = VERDICTS.map((verdict) => `sum(s.verdict = '${verdict}') AS ${verdict}`).join(", ");
    const sql = `WITH pairs AS MATERIALIZED (SELECT ${key} AS k, sum(${BOTH}) AS n FROM ${from} WHERE ${where} GROUP BY k),
      places AS MATERIALIZED (SELECT k, ${low} AS low, ${high} AS high FROM pairs)
      SELECT p.k AS k, count(*) AS searches, ${verdicts}, sum(s.equal_leaves) AS equal_leaves, sum(s.total_leaves) AS total_leaves,
        sum(${BOTH}) AS pairs, max(s.time) AS newest, ${LOUDEST} AS loudest,
        ${latencies("elasticsearch", "p.low", "p.high")}, ${latencies("clickhouse", "p.low", "p.high")}
      FROM ${from} JOIN places p ON p.k = ${key} WHERE ${where} GROUP BY p.k ORDER BY p.k`;
    return this.#db.prepare(sql).all(...parameters, ...parameters);
  }

  /** Where answers differ most often, by group; under null in all of them. */
  #paths(key: string, { from, where, parameters }: Condition): ReadonlyMap<string | null, readonly DifferingPath[]> {
    const sql = `SELECT ${key} AS k, d.path AS path, count(*) AS n
      FROM differing d JOIN ${from.replace("searches s", "searches s ON s.id = d.search")} WHERE ${where} GROUP BY k, path`;
    const counted = new Map<string | null, Map<string, number>>();
    for (const row of this.#db.prepare(sql).iterate(...parameters)) {
      for (const group of [keyOf(row), null]) {
        const paths = counted.get(group) ?? new Map<string, number>();
        counted.set(group, paths);
        paths.set(text(row.path), (paths.get(text(row.path)) ?? 0) + Number(row.n));
      }
    }
    return new Map([...counted].map(([group, paths]) => [group, mostFrequent(paths)]));
  }

  #sketches(): (shape: string) => string {
    const sketch = this.#db.prepare("SELECT sketch FROM shapes WHERE shape = ?");
    return (shape) => text(sketch.get(shape)?.sketch);
  }
}

/** Those that ask most for a look are not left out. */
function troubleFirst(a: Row, b: Row): number {
  const trouble = (row: Row) => Number(row.failed) * 4 + Number(row.different) * 2 + Number(row.unsupported);
  return trouble(b) - trouble(a) || Number(b.searches) - Number(a.searches);
}

function mostFrequent(paths: ReadonlyMap<string, number>): readonly DifferingPath[] {
  const ranked = [...paths].toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  return ranked.slice(0, MOST_PATHS).map(([path, searches]) => ({ path, searches }));
}

/** One side's columns: its latencies, and the median of the searches that both answered with what it lies between. */
function latencies(side: "elasticsearch" | "clickhouse", low: string, high: string): string {
  const of = (place: string, name: string) => `percentile(s.${side}_ms, ${place}) AS ${side}_${name}`;
  const paired = (place: string, name: string) => `percentile(iif(${BOTH}, s.${side}_ms, NULL), ${place}) AS ${side}_${name}`;
  const columns = [of("50.0", "p50"), of("95.0", "p95"), paired("50.0", "median"), paired(low, "low"), paired(high, "high")];
  return `count(s.${side}_ms) AS ${side}_searches, ${columns.join(", ")}`;
}

function crumbsOf(within: CompareWithin): readonly Omit<CompareCrumb, "title">[] {
  const keys = { ...within, time: within.since === undefined ? undefined : String(within.since) };
  return WITHIN.flatMap((by) => {
    const key = keys[by];
    return key === undefined ? [] : [{ by, key }];
  });
}

function conditionOf(within: CompareWithin & { readonly by: CompareBy }, filter: Filter | undefined): Condition {
  const conditions: string[] = [];
  const parameters: (string | number)[] = [];
  const equal = (column: string, value: string | undefined): void => {
    if (value === undefined) return;
    conditions.push(`${column} = ?`);
    parameters.push(value);
  };
  for (const by of ["application", "dashboard", "panel", "shape", "index"] as const) equal(KEYS[by], within[by]);
  if (within.since !== undefined) {
    conditions.push("s.time >= ?");
    parameters.push(within.since);
  }
  if (within.until !== undefined) {
    conditions.push("s.time < ?");
    parameters.push(within.until);
  }
  if (filter !== undefined && filter.where !== "1") {
    conditions.push(`s.id / ${PARTS_PER_EXCHANGE} IN (SELECT e.id FROM exchanges e WHERE ${filter.where})`);
    parameters.push(...filter.parameters);
  }
  const asked =
    ASKED.includes(within.by) || within.application !== undefined || within.dashboard !== undefined || within.panel !== undefined;
  return {
    from: asked ? "searches s JOIN askers a ON a.id = s.asker" : "searches s",
    where: conditions.length === 0 ? "1" : conditions.join(" AND "),
    parameters,
  };
}

function keyOf(row: Row): string {
  return String(row.k ?? "");
}

function groupOf(row: Row, title: string, paths: readonly DifferingPath[] = []): CompareGroup {
  const number = (name: string) => Number(row[name] ?? 0);
  const side = (name: "elasticsearch" | "clickhouse") => ({
    searches: number(`${name}_searches`),
    p50: numberOrNull(row[`${name}_p50`]),
    p95: numberOrNull(row[`${name}_p95`]),
  });
  const median = (name: "elasticsearch" | "clickhouse") => ({
    median: numberOrNull(row[`${name}_median`]),
    low: numberOrNull(row[`${name}_low`]),
    high: numberOrNull(row[`${name}_high`]),
  });
  return {
    key: keyOf(row),
    title,
    searches: number("searches"),
    counts: {
      equal: number("equal"),
      equivalent: number("equivalent"),
      different: number("different"),
      unsupported: number("unsupported"),
      failed: number("failed"),
      not_compared: number("not_compared"),
    },
    similarity: number("total_leaves") === 0 ? null : number("equal_leaves") / number("total_leaves"),
    elasticsearch: side("elasticsearch"),
    clickhouse: side("clickhouse"),
    ratio: ratioOf(number("pairs"), median("elasticsearch"), median("clickhouse")),
    paths,
    example: number("loudest") % IDS,
    newest: number("newest"),
  };
}
