// The figures of a profile by name, to list them and to lay two beside each other; and all functions of all sides. Pure.
import { type FunctionTotal, flameOf, flameOfAll, functionsOf } from "../../../shared/flame.ts";
import { strings } from "../../strings.ts";
import { phaseName, type Shown } from "./lanes.ts";

export type FigureUnit = "us" | "bytes" | "count";

export interface Figure {
  readonly group: "phases" | "clickhouse" | "elasticsearch" | "cpu";
  readonly name: string;
  readonly unit: FigureUnit;
  readonly value: number;
}

const WORDS = strings.profile;
/** The costliest functions that are laid beside another's. */
const FUNCTIONS = 25;

/** Phases, ClickHouse's figures with its ProfileEvents, Elasticsearch's slowest shards, the costliest functions. */
export function figuresOf(shown: Shown): readonly Figure[] {
  return [
    ...shown.phases.map((phase) => figure("phases", phaseName(phase), "us", phase.to - phase.from)),
    ...clickhouseFigures(shown),
    ...(shown.elasticsearch?.state === "there" ? shown.elasticsearch.value.searches : []).flatMap(({ search, shards }) =>
      shards
        .slice(0, 1)
        .flatMap((shard) => [
          figure("elasticsearch", WORDS.slowestShard(search + 1), "us", shard.value),
          ...functionsOf(shard).map(({ name, total }) => figure("elasticsearch", `${name} ${search + 1}`, "us", total)),
        ]),
    ),
    ...threadFunctions(shown)
      .slice(0, FUNCTIONS)
      .map(({ name, where, self }) => figure("cpu", `${name} ${where}`.trim(), "us", self)),
  ];
}

function figure(group: Figure["group"], name: string, unit: FigureUnit, value: number): Figure {
  return { group, name, unit, value };
}

function clickhouseFigures({ clickhouse }: Shown): readonly Figure[] {
  if (clickhouse.state !== "there") return [];
  return clickhouse.value.statements.flatMap((statement) => {
    const label = `${statement.search + 1} ${statement.name}`;
    const known: readonly (readonly [string, FigureUnit, number | null])[] = [
      [WORDS.figure.took, "us", statement.from === null || statement.to === null ? null : statement.to - statement.from],
      [WORDS.figure.waited, "us", statement.waitedUs],
      [WORDS.figure.memory, "bytes", statement.memoryBytes],
      [WORDS.figure.readRows, "count", statement.readRows],
      [WORDS.figure.readBytes, "bytes", statement.readBytes],
      [WORDS.figure.resultRows, "count", statement.resultRows],
      [WORDS.figure.threads, "count", statement.peakThreads],
      ...Object.entries(statement.events).map(([name, value]) => [name, unitOf(name), value] as const),
    ];
    return known.flatMap(([name, unit, value]) => (value === null ? [] : [figure("clickhouse", `${label}: ${name}`, unit, value)]));
  });
}

/** ProfileEvents say their unit by their name. */
export function unitOf(event: string): FigureUnit {
  if (event.endsWith("Microseconds")) return "us";
  return event.endsWith("Bytes") ? "bytes" : "count";
}

function threadFunctions({ cpu }: Shown): readonly FunctionTotal[] {
  if (cpu?.state !== "there") return [];
  return functionsOf(
    flameOfAll(
      "",
      cpu.value.threads.map(({ thread, profile }) => flameOf(profile, thread)),
    ),
  );
}

/** Functions of our threads, ClickHouse's processors and Elasticsearch's clauses in one list; µs. */
export function allFunctions(shown: Shown): readonly FunctionTotal[] {
  const processors = (shown.clickhouse.state === "there" ? shown.clickhouse.value.statements : []).flatMap(({ name, processors: all }) =>
    all.map((one): FunctionTotal => {
      const where = [one.step, name, one.instances > 1 ? `${one.instances}×` : ""].filter((text) => text !== "").join(", ");
      return { name: one.name, where, side: "ch", self: one.workedUs, total: one.workedUs };
    }),
  );
  const shards = (shown.elasticsearch?.state === "there" ? shown.elasticsearch.value.searches : []).flatMap((search) => search.shards);
  const threads = (shown.cpu?.state === "there" ? shown.cpu.value.threads : []).map(({ thread, profile }) => flameOf(profile, thread));
  return [...functionsOf(flameOfAll("", [...threads, ...shards])), ...merged(processors)].filter(({ total }) => total >= 1);
}

function merged(rows: readonly FunctionTotal[]): readonly FunctionTotal[] {
  const byName = new Map<string, FunctionTotal>();
  for (const row of rows) {
    const key = `${row.name} ${row.where}`;
    const before = byName.get(key);
    byName.set(key, before === undefined ? row : { ...before, self: before.self + row.self, total: before.total + row.total });
  }
  return [...byName.values()];
}

export interface FigureDifference extends Omit<Figure, "value"> {
  /** null: there is none on this side. */
  readonly before: number | null;
  readonly after: number | null;
}

/** Each figure of either profile, the largest change of each group first. */
export function differencesOf(before: readonly Figure[], after: readonly Figure[]): readonly FigureDifference[] {
  const rows = new Map<string, FigureDifference>();
  const add = (side: "before" | "after", { group, name, unit, value }: Figure): void => {
    const key = `${group} ${name}`;
    const row = rows.get(key) ?? { group, name, unit, before: null, after: null };
    rows.set(key, { ...row, [side]: (row[side] ?? 0) + value });
  };
  for (const one of before) add("before", one);
  for (const one of after) add("after", one);
  const groups: readonly Figure["group"][] = ["phases", "elasticsearch", "clickhouse", "cpu"];
  return groups.flatMap((group) => {
    const own = [...rows.values()].filter((row) => row.group === group && row.before !== row.after);
    return group === "phases" ? own : own.toSorted((a, b) => weight(b) - weight(a));
  });
}

// Of different units: by how many times it changed, and things that took time before others.
function weight({ before, after, unit }: FigureDifference): number {
  const [low, high] = [Math.min(before ?? 0, after ?? 0), Math.max(before ?? 0, after ?? 0)];
  return unit === "us" ? 1_000 + high - low : Math.min(999, high / Math.max(1, low));
}
