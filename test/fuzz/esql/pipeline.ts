// Generated ES|QL requests: pipelines over a world's index, such as Kibana sends first, and nastier ones.
import type { Random } from "../../../scripts/sample/random.ts";
import type { JsonObject } from "../../../src/shared/json.ts";
import type { World } from "../generate/world.ts";
import { type Col, columnOf, columnsOf, hiddenFields, type Kind, quoted } from "./columns.ts";
import { condition, type Making, value } from "./expressions.ts";

interface State {
  readonly random: Random;
  columns: readonly Col[];
  documents: boolean;
  made: number;
}

const KINDS: readonly (readonly [Kind, number])[] = [
  ["text", 5],
  ["whole", 5],
  ["double", 4],
  ["date", 4],
  ["boolean", 1],
  ["ip", 1],
];

/** A request's body; `index` is the index that it reads. */
export function anyPipeline(random: Random, world: World, index: string): JsonObject {
  const state: State = { random, columns: columnsOf(world), documents: true, made: 0 };
  const commands = random.chance(0.35) ? kibanaCommands(state) : freeCommands(state);
  const hidden = [...new Set(hiddenFields(world))];
  const source = [`FROM ${index}${random.chance(0.1) ? " METADATA _id, _index" : ""}`, ...hidden.map((name) => `DROP ${name}`)];
  const query = [...source, ...commands].join(" | ");
  const named = query.includes("?_tstart");
  return {
    query,
    ...(named ? { params: [{ _tstart: "2024-10-20T00:00:00.000Z" }, { _tend: "2024-11-10T00:00:00.000Z" }] } : {}),
    ...(random.chance(0.1)
      ? {
          filter: {
            range: {
              "@timestamp": { gte: "2024-10-22T00:00:00.000Z", lte: "2024-11-05T00:00:00.000Z", format: "strict_date_optional_time" },
            },
          },
        }
      : {}),
    ...(random.chance(0.1) ? { columnar: true } : {}),
  };
}

/** Discover's table and histogram, and Lens' charts. */
function kibanaCommands(state: State): readonly string[] {
  const { random } = state;
  const range = "WHERE @timestamp >= ?_tstart AND @timestamp <= ?_tend";
  const where = random.chance(0.6) ? [`WHERE ${condition(making(state), 1)}`] : [];
  const key = columnOf(random, state.columns, "text", "boolean", "ip", "whole");
  const bucket = random.pick([
    "BUCKET(@timestamp, 50, ?_tstart, ?_tend)",
    "BUCKET(@timestamp, 75, ?_tstart, ?_tend)",
    "BUCKET(@timestamp, 30 minute)",
    "DATE_TRUNC(1 day, @timestamp)",
  ]);
  const split = key !== null && random.chance(0.5) ? `, ${key.name}` : "";
  return random.pick([
    () => [range, ...where, `STATS results = COUNT(*) BY timestamp = ${bucket}${split}`],
    () => [...where, "SORT @timestamp DESC", `LIMIT ${random.pick([10, 100, 500])}`],
    () => [range, ...where, `STATS ${aggregates(state)} BY timestamp = ${bucket}${split}`, "SORT timestamp"],
    () => [...where, `STATS ${aggregates(state)}${key === null ? "" : ` BY ${key.name}`}`, `LIMIT ${random.pick([10, 1000])}`],
    () => [...where, `STATS c = COUNT(*)${key === null ? "" : ` BY ${key.name} | SORT c DESC, ${key.name}`}`, "LIMIT 5"],
    () => [...where, `STATS COUNT(*) WHERE ${condition(making(state), 0)}, ${aggregates(state)}`],
  ])();
}

function freeCommands(state: State): readonly string[] {
  const commands = Array.from({ length: state.random.integer(1, 5) }, () => command(state));
  return commands.filter((text) => text !== "");
}

function making({ random, columns, documents }: State): Making {
  return { random, columns, documents };
}

function command(state: State): string {
  const { random } = state;
  return random.weighted<() => string>([
    [() => `WHERE ${condition(making(state), 2)}`, 5],
    [() => evaluated(state), 5],
    [() => stats(state), 3],
    [() => sort(state), 3],
    [() => keep(state), 2],
    [() => drop(state), 1],
    [() => rename(state), 1],
    [() => expand(state), 1],
    [() => limit(state), 1],
    [() => dissect(state), 0.7],
  ])();
}

function fresh(state: State): string {
  state.made += 1;
  return `x${state.made}`;
}

function evaluated(state: State): string {
  const { random } = state;
  const fields = Array.from({ length: random.integer(1, 3) }, () => {
    const kind = random.weighted(KINDS);
    const name = fresh(state);
    const text = `${name} = ${value(making(state), kind, 2)}`;
    state.columns = [...state.columns, { name, kind, samples: [], field: false }];
    return text;
  });
  return `EVAL ${fields.join(", ")}`;
}

function aggregates(state: State): string {
  return Array.from({ length: state.random.integer(1, 3) }, () => aggregate(state).text).join(", ");
}

function aggregate(state: State): { readonly text: string; readonly kind: Kind } {
  const { random } = state;
  // Elasticsearch's aggregates over constants are another matter: a column, or what is computed of one.
  const of = (...kinds: readonly Kind[]): string => {
    // Sums of 1e300 and -1e300 are the order of adding, nothing else.
    const tame = state.columns.filter(({ name, kind }) => kind !== "double" || !/ratio|^x/.test(name));
    const column = columnOf(random, tame, ...kinds);
    if (column === null) return "*";
    return random.chance(0.2) ? value({ ...making(state), documents: false }, column.kind, 1) : column.name;
  };
  const made = random.pick<() => { text: string; kind: Kind }>([
    () => ({ text: "COUNT(*)", kind: "whole" }),
    () => ({ text: `COUNT(${of("text", "whole", "date")})`, kind: "whole" }),
    () => ({ text: `COUNT_DISTINCT(${of("text", "whole", "ip")})`, kind: "whole" }),
    () => ({ text: `SUM(${of("whole")})`, kind: "whole" }),
    () => ({ text: `SUM(${of("double")})`, kind: "double" }),
    () => ({ text: `AVG(${of("whole", "double")})`, kind: "double" }),
    () => ({ text: `MIN(${of("date")})`, kind: "date" }),
    () => ({ text: `MAX(${of("text")})`, kind: "text" }),
    () => ({ text: `MAX(${of("double")})`, kind: "double" }),
    () => ({ text: `MIN(${of("whole")})`, kind: "whole" }),
    () => ({ text: `MEDIAN(${of("whole", "double")})`, kind: "double" }),
    () => ({ text: `PERCENTILE(${of("whole", "double")}, ${random.pick([0, 5, 50, 95, 99, 100])})`, kind: "double" }),
    () => ({ text: `VALUES(${of("text")})`, kind: "text" }),
    () => ({ text: `TOP(${of("whole")}, 3, "${random.pick(["asc", "desc"])}")`, kind: "whole" }),
    () => ({ text: `STD_DEV(${of("whole")})`, kind: "double" }),
    () => ({ text: `MEDIAN_ABSOLUTE_DEVIATION(${of("whole")})`, kind: "double" }),
    () => ({ text: `ROUND(AVG(${of("whole")}), 2)`, kind: "double" }),
  ])();
  return made.text.includes("(*") ? { text: "COUNT(*)", kind: "whole" } : made;
}

function stats(state: State): string {
  const { random } = state;
  const parts = Array.from({ length: random.integer(1, 3) }, () => {
    const { text, kind } = aggregate(state);
    const name = fresh(state);
    return { text: `${name} = ${text}${random.chance(0.15) ? ` WHERE ${condition(making(state), 1)}` : ""}`, column: col(name, kind) };
  });
  const keys = Array.from({ length: random.pick([0, 1, 1, 2]) }, () => groupKey(state));
  state.columns = [...parts.map(({ column }) => column), ...keys.map(({ column }) => column)];
  state.documents = false;
  return `STATS ${parts.map(({ text }) => text).join(", ")}${keys.length === 0 ? "" : ` BY ${keys.map(({ text }) => text).join(", ")}`}`;
}

const col = (name: string, kind: Kind): Col => ({ name, kind, samples: [], field: false });

function groupKey(state: State): { readonly text: string; readonly column: Col } {
  const { random } = state;
  const column = columnOf(random, state.columns, "text", "whole", "boolean", "ip", "date", "double");
  if (column !== null && random.chance(0.6)) return { text: column.name, column: { ...column, field: false } };
  const kind = random.weighted(KINDS);
  const name = fresh(state);
  const bucket = random.chance(0.4) ? columnOf(random, state.columns, "whole", "double") : null;
  if (bucket !== null)
    return { text: `${name} = BUCKET(${bucket.name}, ${random.pick(["10.0", "0.5", "100", "20, 0, 1000"])})`, column: col(name, "double") };
  return { text: `${name} = ${value(making(state), kind, 1)}`, column: col(name, kind) };
}

function sort(state: State): string {
  const { random } = state;
  const keys = Array.from({ length: random.integer(1, 2) }, () => {
    const kind = random.weighted(KINDS);
    const key = value(making(state), kind, random.chance(0.2) ? 1 : 0);
    return `${key}${random.pick(["", " ASC", " DESC"])}${random.pick(["", "", " NULLS FIRST", " NULLS LAST"])}`;
  });
  return `SORT ${keys.join(", ")}`;
}

function keep(state: State): string {
  const kept = state.columns.filter(() => state.random.chance(0.5));
  if (kept.length === 0) return "";
  state.columns = kept;
  return `KEEP ${kept.map(({ name }) => name).join(", ")}`;
}

function drop(state: State): string {
  if (state.columns.length < 2) return "";
  const gone = state.random.pick(state.columns);
  state.columns = state.columns.filter(({ name }) => name !== gone.name);
  return `DROP ${gone.name}`;
}

function rename(state: State): string {
  if (state.columns.length === 0) return "";
  const from = state.random.pick(state.columns);
  const name = fresh(state);
  state.columns = state.columns.map((column) => (column === from ? { ...column, name, field: false } : column));
  return `RENAME ${from.name} AS ${name}`;
}

function expand(state: State): string {
  const column = columnOf(state.random, state.columns, "text", "whole", "date", "ip", "boolean");
  if (column === null) return "";
  state.documents = false;
  return `MV_EXPAND ${column.name}`;
}

function limit(state: State): string {
  state.documents = false;
  return `LIMIT ${state.random.pick([0, 1, 5, 100, 10000])}`;
}

function dissect(state: State): string {
  const column = columnOf(state.random, state.columns, "text");
  if (column === null) return "";
  const [a, b] = [fresh(state), fresh(state)];
  state.columns = [...state.columns, col(a, "text"), col(b, "text")];
  return state.random.chance(0.5)
    ? `DISSECT ${column.name} ${quoted(`%{${a}} %{${b}}`)}`
    : `GROK ${column.name} ${quoted(`%{WORD:${a}} %{WORD:${b}}`)}`;
}
