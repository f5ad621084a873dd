// What is summed of groups of searches: counts, leaves and sorted latencies, one array each with an element a group.
import { VERDICTS, type Verdict } from "../../../shared/exchange.ts";
import { PARTS_PER_EXCHANGE } from "../schema.ts";
import { LOUDEST_FIRST } from "../verdict_counts.ts";
import type { ChosenRows } from "./chosen.ts";

/** An exchange's id goes into a number below this. */
const IDS = 2 ** 50;
const LOUDNESS = Float64Array.from(VERDICTS, (verdict) => (LOUDEST_FIRST.length - LOUDEST_FIRST.indexOf(verdict)) * IDS);

/** Searches of one segment, each with the group that it is of. */
export interface GroupedRows extends ChosenRows {
  readonly groups: Uint32Array;
}

export interface Sums {
  readonly searches: number;
  readonly counts: Readonly<Record<Verdict, number>>;
  readonly equalLeaves: number;
  readonly totalLeaves: number;
  readonly newest: number;
  /** The newest exchange of the loudest verdict. */
  readonly example: number;
  readonly latencies: GroupLatencies;
}

/** Milliseconds, sorted; `pairs` are those of the searches that both sides answered. */
interface GroupLatencies {
  readonly elasticsearch: Float64Array;
  readonly clickhouse: Float64Array;
  readonly pairs: { readonly elasticsearch: Float64Array; readonly clickhouse: Float64Array };
}

export class Tally {
  readonly #verdicts: Float64Array;
  readonly #equal: Float64Array;
  readonly #total: Float64Array;
  readonly #newest: Float64Array;
  /** The loudest verdict, and the newest exchange that has it, in one number. */
  readonly #loudest: Float64Array;
  readonly #elasticsearch: Values;
  readonly #clickhouse: Values;
  readonly #pairedElasticsearch: Values;
  readonly #pairedClickhouse: Values;

  constructor(parts: readonly GroupedRows[], groups: number) {
    this.#verdicts = new Float64Array(groups * VERDICTS.length);
    this.#equal = new Float64Array(groups);
    this.#total = new Float64Array(groups);
    this.#newest = new Float64Array(groups);
    this.#loudest = new Float64Array(groups);
    const sizes = { elasticsearch: new Uint32Array(groups), clickhouse: new Uint32Array(groups), pairs: new Uint32Array(groups) };
    for (const part of parts) this.#add(part, sizes);
    this.#elasticsearch = new Values(sizes.elasticsearch);
    this.#clickhouse = new Values(sizes.clickhouse);
    this.#pairedElasticsearch = new Values(sizes.pairs);
    this.#pairedClickhouse = new Values(sizes.pairs);
    for (const part of parts) this.#addLatencies(part);
  }

  #add({ segment, rows, groups }: GroupedRows, sizes: Readonly<Record<"elasticsearch" | "clickhouse" | "pairs", Uint32Array>>): void {
    const { id, time, verdict, equalLeaves, totalLeaves, elasticsearch, clickhouse } = segment;
    for (let i = 0; i < rows.length; i += 1) {
      const row = rows[i] ?? 0;
      const group = groups[i] ?? 0;
      const code = verdict[row] ?? 0;
      increase(this.#verdicts, group * VERDICTS.length + code, 1);
      increase(this.#equal, group, equalLeaves[row] ?? 0);
      increase(this.#total, group, totalLeaves[row] ?? 0);
      raise(this.#newest, group, time[row] ?? 0);
      raise(this.#loudest, group, (LOUDNESS[code] ?? 0) + Math.floor((id[row] ?? 0) / PARTS_PER_EXCHANGE));
      const [es, ch] = [isKnown(elasticsearch[row]), isKnown(clickhouse[row])];
      if (es) increase(sizes.elasticsearch, group, 1);
      if (ch) increase(sizes.clickhouse, group, 1);
      if (es && ch) increase(sizes.pairs, group, 1);
    }
  }

  #addLatencies({ segment: { elasticsearch, clickhouse }, rows, groups }: GroupedRows): void {
    for (let i = 0; i < rows.length; i += 1) {
      const row = rows[i] ?? 0;
      const group = groups[i] ?? 0;
      const es = elasticsearch[row] ?? Number.NaN;
      const ch = clickhouse[row] ?? Number.NaN;
      const [esKnown, chKnown] = [isKnown(es), isKnown(ch)];
      if (esKnown) this.#elasticsearch.add(group, es);
      if (chKnown) this.#clickhouse.add(group, ch);
      if (!esKnown || !chKnown) continue;
      this.#pairedElasticsearch.add(group, es);
      this.#pairedClickhouse.add(group, ch);
    }
  }

  /** Searches of a group by verdict. */
  count(group: number, verdict: Verdict): number {
    return this.#verdicts[group * VERDICTS.length + VERDICTS.indexOf(verdict)] ?? 0;
  }

  searches(group: number): number {
    return VERDICTS.reduce((sum, verdict) => sum + this.count(group, verdict), 0);
  }

  sums(group: number): Sums {
    const elasticsearch = this.#elasticsearch.sorted(group);
    const clickhouse = this.#clickhouse.sorted(group);
    const pairs = this.#pairedElasticsearch.size(group);
    return {
      searches: this.searches(group),
      counts: {
        equal: this.count(group, "equal"),
        equivalent: this.count(group, "equivalent"),
        different: this.count(group, "different"),
        unsupported: this.count(group, "unsupported"),
        failed: this.count(group, "failed"),
        not_compared: this.count(group, "not_compared"),
      },
      equalLeaves: this.#equal[group] ?? 0,
      totalLeaves: this.#total[group] ?? 0,
      newest: this.#newest[group] ?? 0,
      example: (this.#loudest[group] ?? 0) % IDS,
      latencies: {
        elasticsearch,
        clickhouse,
        // Most groups have both times of all their searches: what is sorted then is the same.
        pairs: {
          elasticsearch: pairs === elasticsearch.length ? elasticsearch : this.#pairedElasticsearch.sorted(group),
          clickhouse: pairs === clickhouse.length ? clickhouse : this.#pairedClickhouse.sorted(group),
        },
      },
    };
  }
}

/** Numbers of many groups in one array, those of a group side by side. */
class Values {
  readonly #starts: Uint32Array;
  readonly #ends: Uint32Array;
  readonly #values: Float64Array;

  constructor(sizes: Uint32Array) {
    this.#starts = new Uint32Array(sizes.length);
    let sum = 0;
    for (let group = 0; group < sizes.length; group += 1) {
      this.#starts[group] = sum;
      sum += sizes[group] ?? 0;
    }
    this.#ends = this.#starts.slice();
    this.#values = new Float64Array(sum);
  }

  add(group: number, value: number): void {
    const at = this.#ends[group] ?? 0;
    this.#values[at] = value;
    this.#ends[group] = at + 1;
  }

  size(group: number): number {
    return (this.#ends[group] ?? 0) - (this.#starts[group] ?? 0);
  }

  sorted(group: number): Float64Array {
    return this.#values.subarray(this.#starts[group], this.#ends[group]).sort();
  }
}

function isKnown(ms: number | undefined): boolean {
  return ms !== undefined && !Number.isNaN(ms);
}

function increase(sums: Float64Array | Uint32Array, at: number, by: number): void {
  sums[at] = (sums[at] ?? 0) + by;
}

function raise(highest: Float64Array, at: number, to: number): void {
  if (to > (highest[at] ?? 0)) highest[at] = to;
}
