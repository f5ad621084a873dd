// `rescore`: the best hits of each shard scored anew by further queries, one after another. A shard's list is as long as the page or
// the longest window; the hits behind a window keep their place in that list, their score only weighed.
import { childPointer, isObject, type JsonObject, type JsonValue, member, printJson } from "../../../shared/json.ts";
import { and, binary, type Column, call, column, type Expr, literal, over, param, type Select, select } from "../../clickhouse/sql/ast.ts";
import type { Context } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { listOf, numberOption, textOption } from "../parameters.ts";
import { compileQuery } from "../query/index.ts";
import { INDEX_COLUMN, selectDocuments } from "../source.ts";
import { scoreOf } from "./sort_score.ts";

interface Rescorer {
  readonly window: number;
  readonly where: Expr;
  readonly score: Expr;
  readonly queryWeight: number;
  readonly ownWeight: number;
  readonly mode: Mode;
}

const MODES = ["avg", "max", "min", "total", "multiply"] as const;
type Mode = (typeof MODES)[number];

const OPTIONS = ["rescore_query", "query_weight", "rescore_query_weight", "score_mode"];

/** The rescorers of a body, in order; none where it has none. */
export function readRescorers(body: JsonObject, context: Context): readonly Rescorer[] {
  const value = member(body, "rescore");
  const list = listOf(value ?? undefined);
  return list.map((each, i) => readOne(each, Array.isArray(value) ? childPointer("/rescore", i) : "/rescore", context));
}

function readOne(value: JsonValue, pointer: string, context: Context): Rescorer {
  if (!isObject(value)) throw new RejectedRequest("parsing_exception", "unexpected token in [rescore]");
  const kinds = Object.keys(value).filter((name) => name !== "window_size");
  if (kinds[0] === undefined) throw new RejectedRequest("parsing_exception", "missing rescore type");
  const other = kinds.find((name) => name !== "query");
  if (other !== undefined) throw new UnsupportedClause(`${pointer}/${other}`, `no SQL for the rescorer [${other}]`);
  const options = member(value, "query") ?? null;
  if (!isObject(options)) throw new RejectedRequest("parsing_exception", "[query] of a rescorer is no object");
  const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name));
  if (unknown !== undefined) throw new RejectedRequest("x_content_parse_exception", `[query] unknown field [${unknown}]`);
  const asked = member(options, "rescore_query");
  if (asked === undefined) throw new RejectedRequest("illegal_argument_exception", "Required [rescore_query]");
  const own = `${pointer}/query/rescore_query`;
  if (printJson(asked).includes('"_name"')) throw new UnsupportedClause(own, "names of a rescorer's clauses have no SQL yet");
  const query = compileQuery(asked, own, context);
  return {
    window: numberOption(value, "window_size", 10),
    where: query.where,
    score: scoreOf(query, own),
    queryWeight: Math.fround(numberOption(options, "query_weight", 1)),
    ownWeight: Math.fround(numberOption(options, "rescore_query_weight", 1)),
    mode: modeOf(textOption(options, "score_mode", "total").toLowerCase()),
  };
}

function modeOf(text: string): Mode {
  const mode = MODES.find((each) => each === text);
  if (mode === undefined) throw new RejectedRequest("x_content_parse_exception", `[query] failed to parse field [score_mode]: [${text}]`);
  return mode;
}

export interface Rescoring {
  readonly columns: readonly Column[];
  readonly where: Expr;
  /** The first score. */
  readonly score: Expr;
  readonly from: number;
  readonly size: number;
}

/** The page of hits, its rows with `_score` and `_max_score`, the best score of all hits that the shards list. */
export function rescored(rescorers: readonly Rescorer[], { columns, where, score, from, size }: Rescoring, context: Context): Select {
  const several = context.tables.length > 1;
  const found = selectDocuments(context, {
    columns: [
      ...columns,
      { expr: float(score), alias: scoreAfter(0) },
      ...rescorers.flatMap((each, i) => [
        { expr: each.where, alias: `#matches${i}` },
        { expr: float(each.score), alias: `#second${i}` },
      ]),
      { expr: column("_shard"), alias: SHARD },
      { expr: column("_seq_no"), alias: SEQ_NO },
    ],
    where,
    orderBy: [{ expr: score, desc: true }, { expr: column("_seq_no") }],
    limitBy: {
      limit: Math.max(from + size, ...rescorers.map(({ window }) => window)),
      by: several ? [column("_shard"), column(INDEX_COLUMN)] : [column("_shard")],
    },
  });
  const names = columns.map(({ expr, alias }) => alias ?? (expr.kind === "column" ? expr.name : ""));
  const stage = (inner: Select, rescorer: Rescorer, i: number): Select => {
    const rest = rescorers.flatMap((_, k) => (k > i ? [`#matches${k}`, `#second${k}`] : []));
    const kept = [...names, SHARD, SEQ_NO, ...rest].map((name) => ({ expr: column(name) }));
    return select({
      columns: [...kept, { expr: newScore(rescorer, i), alias: scoreAfter(i + 1) }],
      from: { kind: "subquery", query: inner },
    });
  };
  const last = column(scoreAfter(rescorers.length));
  return select({
    columns: [
      ...names.map((name) => ({ expr: column(name) })),
      { expr: last, alias: "_score" },
      { expr: over(call("max", last), []), alias: "_max_score" },
    ],
    from: { kind: "subquery", query: rescorers.reduce(stage, found) },
    orderBy: [{ expr: last, desc: true }, { expr: column(SHARD) }, { expr: column(INDEX_COLUMN) }, { expr: column(SEQ_NO) }],
    limit: size,
    offset: from,
  });
}

const SHARD = "#shard";
const SEQ_NO = "#seq_no";
const scoreAfter = (rescorers: number): string => `#score${rescorers}`;
const float = (expr: Expr): Expr => call("toFloat32", expr);

function newScore({ window, queryWeight, ownWeight, mode }: Rescorer, i: number): Expr {
  const before = column(scoreAfter(i));
  const order = [{ expr: before, desc: true }, { expr: column(SEQ_NO) }];
  const rank = over(call("row_number"), [column(SHARD), column(INDEX_COLUMN)], order);
  const first = float(binary(before, "*", param("Float32", queryWeight)));
  const second = float(binary(column(`#second${i}`), "*", param("Float32", ownWeight)));
  const within = and([binary(rank, "<=", literal(window)), column(`#matches${i}`)]);
  return call("if", within, joined(mode, first, second), first);
}

function joined(mode: Mode, first: Expr, second: Expr): Expr {
  switch (mode) {
    case "avg":
      return float(binary(float(binary(first, "+", second)), "/", literal(2)));
    case "max":
      return call("greatest", first, second);
    case "min":
      return call("least", first, second);
    case "total":
      return float(binary(first, "+", second));
    case "multiply":
      return float(binary(first, "*", second));
    default:
      return mode satisfies never;
  }
}
