// `auto_date_histogram`: buckets of time, as fine as a number of buckets allows. The interval follows from the first and the
// last moment alone, which a subquery finds.
import { isArray, type JsonValue } from "../../../../shared/json.ts";
import {
  and,
  array,
  binary,
  call,
  column,
  type Expr,
  lambda,
  literal,
  type Query,
  scalar,
  select,
  tuple,
} from "../../../clickhouse/sql/ast.ts";
import type { Context } from "../../context.ts";
import { RejectedRequest, UnsupportedClause } from "../../failure.ts";
import { INDEX_COLUMN, selectDocuments } from "../../source.ts";
import { META_COLUMNS, type Row } from "../../types.ts";
import { fineAcrossChange, localOf, momentOf, UNITS, type Unit } from "../auto_units.ts";
import { count, double, integer } from "../cells.ts";
import { datesOf, dateText, zoneOf } from "../dates.ts";
import { formatOf } from "../format.ts";
import { Parameters } from "../parameters.ts";
import type { AggregationNode, Buckets, Draft, MultiBucketDefinition, Surroundings } from "../types.ts";
import { distinct, mapped } from "../values.ts";

export const autoDateHistogram: MultiBucketDefinition = { kind: "multi", compile: compileAuto };

function compileAuto(node: AggregationNode, context: Context, surroundings: Surroundings): Buckets {
  const parameters = new Parameters(node);
  const values = datesOf(parameters, context);
  const target = parameters.integer("buckets", 10);
  const zone = zoneOf(parameters);
  const format = formatOf(parameters, values);
  const minimum = parameters.text("minimum_interval");
  parameters.done();
  if (target <= 0) throw new RejectedRequest("x_content_parse_exception", `buckets must be greater than 0 for [${node.name}]`);
  if (minimum !== undefined && !UNITS.some(({ name }) => name === minimum)) {
    throw new RejectedRequest("x_content_parse_exception", "minimum_interval must be one of [[day, hour, month, minute, second, year]]");
  }
  const units = UNITS.slice(
    Math.max(
      0,
      UNITS.findIndex(({ name }) => name === minimum),
    ),
  );
  const tail = (letter: string, multiple: number): readonly [string, JsonValue] => ["interval", `${multiple}${letter}`];
  if (values === undefined)
    return { keys: call("emptyArrayUInt8"), minDocCount: 0, drafts: () => [], tail: () => [tail(units[0]?.letter ?? "s", 1)] };
  if (surroundings.nested) throw new UnsupportedClause(node.pointer, "an interval of its own for each bucket around has no SQL yet");
  const locals = mapped(values.expr, (x) => localOf(x, zone));
  const choice = scalar(chosen(units, target, locals, surroundings.where, context));
  return {
    keys: distinct(keysOf(units, locals, choice)),
    minDocCount: 1,
    aside: facts(locals, surroundings.where, context),
    drafts({ rows, cells, aside }) {
      refuseByOrder(aside, units, target, node);
      const found = rows.map((row) => ({ row, cell: row[cells.key] ?? null, ...partsOf(row[cells.key] ?? null) }));
      const byNumber = new Map(found.map((each) => [each.number, each]));
      const [first, last] = [found[0], found.at(-1)];
      const unit = units[first?.unit ?? 0];
      if (first === undefined || last === undefined || unit === undefined) return [];
      if (fineAcrossChange(unit, first.number, last.number, zone)) {
        throw new UnsupportedClause(parameters.pointer("time_zone"), "hours and less over a change of the clock are not counted");
      }
      const drafts: Draft[] = [];
      for (let number = first.number; number <= last.number; number += first.multiple) {
        const here = byNumber.get(number);
        const key = momentOf(unit.start(number), unit, zone);
        const text = dateText(values, key, format, zone);
        const docCount = count(here?.row ?? null, cells.count);
        const cell = [first.unit + 1, first.multiple, number];
        drafts.push({
          row: here?.row ?? null,
          cell: here?.cell ?? cell,
          docCount,
          name: text,
          position: key,
          members: [
            ["key_as_string", text],
            ["key", key],
            ["doc_count", docCount],
          ],
        });
      }
      return drafts;
    },
    tail(buckets) {
      const [first] = buckets;
      const { unit, multiple } = first === undefined ? { unit: 0, multiple: 1 } : partsOf(first.cell);
      return [tail(units[unit]?.letter ?? "s", multiple)];
    },
  };
}

const shardColumns = (context: Context) =>
  [...(context.tables.length > 1 ? [INDEX_COLUMN] : []), META_COLUMNS.shard].map((name, i) => ({ expr: column(name), alias: `#s${i}` }));

const toSecond = (moment: Expr): Expr => binary(call("floor", binary(moment, "/", literal(1000))), "*", literal(1000));

/** One row: the longest span of a shard's moments, and how many one document has at most. */
function facts(locals: Expr, where: readonly Expr[], context: Context): Query {
  const shard = shardColumns(context);
  const inShards = selectDocuments(context, {
    columns: [
      { expr: call("min", call("arrayMin", locals)), alias: "#low" },
      { expr: call("max", call("arrayMax", locals)), alias: "#high" },
      { expr: call("max", call("length", distinct(locals))), alias: "#several" },
    ],
    where: and([...where, call("notEmpty", locals)]),
    groupBy: shard.map(({ expr }) => expr),
  });
  return select({
    columns: [
      { expr: call("max", binary(toSecond(column("#high")), "-", toSecond(column("#low")))), alias: "#span" },
      { expr: call("max", column("#several")), alias: "#most" },
    ],
    from: { kind: "subquery", query: inShards },
  });
}

/** Throws where Elasticsearch's answer depends on the order in which a shard reads its documents. */
function refuseByOrder(aside: Row | null, units: readonly Unit[], target: number, node: AggregationNode): void {
  if (count(aside, "#most") > 1) {
    throw new UnsupportedClause(node.pointer, "a document with several dates counts by the order in which documents are read");
  }
  // The ends of the span may have been rounded to the unit before they were compared.
  const span = double(aside?.["#span"]);
  const near = units.some(({ ms, multiples }) => Math.abs(span - target * (multiples.at(-1) ?? 1) * ms) <= ms * 1.1);
  if (near) throw new UnsupportedClause(node.pointer, "the interval depends on the order in which documents are read");
}

/** (position of the unit from 1, multiple, number of the first unit) as one tuple. */
function chosen(units: readonly Unit[], target: number, locals: Expr, where: readonly Expr[], context: Context): Query {
  const shard = shardColumns(context);
  const moments = selectDocuments(context, {
    columns: [{ expr: call("arrayJoin", locals), alias: "#v" }, ...shard],
    ...(where.length > 0 ? { where: and(where) } : {}),
  });
  const inShards = select({
    columns: ["min", "max"].map((end) => ({ expr: call(end, column("#v")), alias: `#shard ${end}` })),
    from: { kind: "subquery", query: moments },
    groupBy: shard.map(({ alias }) => column(alias)),
  });
  const ends = select({
    columns: [
      ...["min", "max"].map((end) => ({ expr: call(end, column(`#shard ${end}`)), alias: `#${end}` })),
      { expr: call("max", binary(toSecond(column("#shard max")), "-", toSecond(column("#shard min")))), alias: "#span" },
    ],
    from: { kind: "subquery", query: inShards },
  });
  const numbered = select({
    columns: [
      ...["min", "max"].map((end) => ({ expr: array(...units.map((unit) => unit.number(column(`#${end}`)))), alias: `#${end}s` })),
      { expr: column("#span") },
    ],
    from: { kind: "subquery", query: ends },
  });
  const limits = array(...units.map(({ multiples }) => literal(target * (multiples.at(-1) ?? 1))));
  // A shard goes on to longer units by what its moments span, before anybody counts units.
  const spans = array(...units.map(({ ms, multiples }) => literal(target * (multiples.at(-1) ?? 1) * ms)));
  const few = binary(binary(column("b"), "-", column("a")), "<", column("l"));
  const fits = lambda(["a", "b", "l", "s"], and([few, binary(column("#span"), "<=", column("s"))]));
  const position = call("arrayFirstIndex", fits, column("#mins"), column("#maxs"), limits, spans);
  const unit = select({
    columns: [
      { expr: call("if", binary(position, "=", literal(0)), literal(units.length), position), alias: "#unit" },
      { expr: call("arrayElement", column("#mins"), column("#unit")), alias: "#first" },
      { expr: binary(binary(call("arrayElement", column("#maxs"), column("#unit")), "-", column("#first")), "+", literal(1)), alias: "#n" },
    ],
    from: { kind: "subquery", query: numbered },
  });
  const multiples = array(...units.map((each) => array(...each.multiples.map(literal))));
  const enough = lambda(
    ["i"],
    binary(call("intDiv", binary(binary(column("#n"), "+", column("i")), "-", literal(1)), column("i")), "<=", literal(target)),
  );
  const multiple = call("arrayFirst", enough, call("arrayElement", multiples, column("#unit")));
  return select({
    columns: [{ expr: tuple(column("#unit"), call("greatest", literal(1), multiple), column("#first")), alias: "#choice" }],
    from: { kind: "subquery", query: unit },
  });
}

function keysOf(units: readonly Unit[], locals: Expr, choice: Expr): Expr {
  const [unit, multiple, first] = [1, 2, 3].map((i) => call("tupleElement", choice, literal(i)));
  if (unit === undefined || multiple === undefined || first === undefined) return locals;
  return mapped(locals, (x) => {
    const cases = units.flatMap((each, i) => [binary(unit, "=", literal(i + 1)), each.number(x)]);
    const number = call("multiIf", ...cases, literal(0));
    const steps = call("intDiv", binary(number, "-", first), multiple);
    return tuple(unit, multiple, binary(first, "+", binary(steps, "*", multiple)));
  });
}

function partsOf(cell: JsonValue): { readonly unit: number; readonly multiple: number; readonly number: number } {
  const [unit, multiple, number] = (isArray(cell) ? cell : []).map((part) => Number(integer(part)));
  return { unit: (unit ?? 1) - 1, multiple: multiple ?? 1, number: number ?? 0 };
}
