// Documents on which a script fails, or does what has no SQL: one statement counts them, and then the answer is Elasticsearch's
// refusal, or unsupported, instead of rows that are wrong.
import { isNumber, type JsonValue } from "../../shared/json.ts";
import { call, column, type Expr, literal, or, tuple } from "../clickhouse/sql/ast.ts";
import type { Context } from "./context.ts";
import { RejectedRequest, UnsupportedClause } from "./failure.ts";
import type { Fault } from "./painless/machine.ts";
import { indexName, selectDocuments } from "./source.ts";
import type { Row, Statement, StatementRows } from "./types.ts";

/** A script where a request uses it. */
export interface ScriptUse {
  readonly pointer: string;
  readonly faults: readonly Fault[];
  /** It makes a score: it runs only where scores are asked for. */
  readonly scoring?: true;
}

/** The scripts of one request that may fail, gathered while its clauses compile. */
export class ScriptFaults {
  readonly #uses: ScriptUse[] = [];
  readonly #claimed = new Set<ScriptUse>();

  add(pointer: string, faults: readonly Fault[]): void {
    if (faults.length > 0) this.#uses.push({ pointer, faults });
  }

  /** Of a script that makes a score: the documents match whether it fails or not. */
  addScoring(pointer: string, faults: readonly Fault[]): void {
    if (faults.length > 0) this.#uses.push({ pointer, faults, scoring: true });
  }

  /** How many there are so far. */
  mark(): number {
    return this.#uses.length;
  }

  /** Uses since `mark` that no inner clause has claimed. */
  claim(mark: number): readonly ScriptUse[] {
    const uses = this.#uses.slice(mark).filter((use) => use.scoring !== true && !this.#claimed.has(use));
    for (const use of uses) this.#claimed.add(use);
    return uses;
  }

  all(): readonly ScriptUse[] {
    return this.#uses;
  }
}

/** True where one of the faults holds. */
export function faulty(faults: readonly Fault[], kind?: Fault["kind"]): Expr {
  return or(faults.filter((fault) => kind === undefined || fault.kind === kind).map(({ when }) => when));
}

export interface FaultCheck {
  readonly statements: readonly Statement[];
  /** Throws RejectedRequest or UnsupportedClause where a document failed. */
  check(rows: StatementRows): void;
}

const HERE = "scripts";
const ANYWHERE = "scripts anywhere";

/** The statements that look for documents on which scripts fail; none where no script can. */
export function compileFaults(context: Context, where: Expr, scored: boolean): FaultCheck {
  const uses = (context.scripts?.all() ?? []).filter((use) => use.scoring !== true || (scored && !use.pointer.includes("/filter/")));
  const here = uses.filter(({ pointer }) => isEvaluatedOnMatches(pointer));
  const anywhere = uses.filter(({ pointer }) => !isEvaluatedOnMatches(pointer));
  const shards = context.tables.reduce((sum, table) => sum + table.shards, 0);
  return {
    statements: [
      ...(here.length === 0 ? [] : [{ name: HERE, query: selectDocuments(context, { columns: cells(here, context), where }) }]),
      ...(anywhere.length === 0 ? [] : [{ name: ANYWHERE, query: selectDocuments(context, { columns: cells(anywhere, context) }) }]),
    ],
    check(rows) {
      here.forEach((use, i) => {
        settle(use, i, rows.get(HERE)?.[0], shards, isSurelyEvaluated(use.pointer));
      });
      anywhere.forEach((use, i) => {
        settle(use, i, rows.get(ANYWHERE)?.[0], shards, false);
      });
    },
  };
}

function cells(uses: readonly ScriptUse[], context: Context) {
  const shard = tuple(indexName(context), column("_shard"));
  return uses.flatMap(({ faults }, i) => [
    { expr: call("uniqExactIf", shard, faulty(faults, "throws")), alias: `#throws${i}` },
    ...errorTypes(faults).map((type, k) => ({ expr: call("countIf", faulty(ofType(faults, type), "throws")), alias: `#type${i}_${k}` })),
    { expr: call("countIf", faulty(faults, "unknown")), alias: `#unknown${i}` },
  ]);
}

const typeOf = (fault: Fault): string => fault.errorType ?? "script_exception";

const errorTypes = (faults: readonly Fault[]): readonly string[] => [
  ...new Set(faults.filter(({ kind }) => kind === "throws").map(typeOf)),
];

const ofType = (faults: readonly Fault[], type: string): readonly Fault[] => faults.filter((fault) => typeOf(fault) === type);

function settle({ pointer, faults }: ScriptUse, i: number, row: Row | undefined, shards: number, sure: boolean): void {
  const failing = count(row?.[`#throws${i}`]);
  const reason = (kind: Fault["kind"]): string => faults.find((fault) => fault.kind === kind)?.reason ?? "";
  if (failing > 0 && sure && failing === shards) {
    const types = errorTypes(faults).filter((_, k) => count(row?.[`#type${i}_${k}`]) > 0);
    const [errorType = "script_exception", another] = types;
    if (another === undefined) throw new RejectedRequest(errorType, `runtime error: ${reason("throws")}`);
  }
  if (failing > 0)
    throw new UnsupportedClause(pointer, `the script fails on some documents (${reason("throws")}): which shards answer is open`);
  if (count(row?.[`#unknown${i}`]) > 0) throw new UnsupportedClause(pointer, `the script meets what has no SQL: ${reason("unknown")}`);
}

function count(cell: JsonValue | undefined): number {
  return isNumber(cell) ? Number(cell) : 0;
}

// A clause that every hit must fulfil is looked at where the others hold; sorts and aggregations at hits alone.
const REQUIRED =
  /^\/query(?:\/(?:bool\/(?:filter|must)(?:\/\d+)?|constant_score\/filter|function_score\/query|script_score\/query))*\/\w+(?:\/|$)/;
const OPTIONAL =
  /\/(?:should|must_not|queries|positive|negative|functions|query_string|simple_query_string|filters|bool|dis_max|boosting|nested)(?:\/|$)/;

function isEvaluatedOnMatches(pointer: string): boolean {
  if (/^\/(?:sort|aggs|aggregations|script_fields|collapse)\//.test(pointer)) return true;
  const chain = REQUIRED.exec(pointer)?.[0];
  return chain !== undefined && !OPTIONAL.test(`/${chain.slice(0, -1).split("/").at(-1) ?? ""}/`);
}

function isSurelyEvaluated(pointer: string): boolean {
  return (
    !/^\/(?:aggs|aggregations)\//.test(pointer) ||
    pointer.split("/").filter((part) => part === "aggs" || part === "aggregations").length === 1
  );
}

/** Gathers what can go wrong in a script of a clause or an aggregation. Throws UnsupportedClause where nobody could count it. */
export function addFaults(context: Context, pointer: string, faults: readonly Fault[]): void {
  if (faults.length === 0) return;
  if (context.scope !== undefined) throw new UnsupportedClause(pointer, "a script that may fail on a nested object has no SQL yet");
  context.scripts?.add(pointer, faults);
}

/** The condition of a clause whose script may fail: documents on which it does count as matches, and fail the search. */
export function orFaulty(uses: readonly ScriptUse[], where: Expr): Expr {
  return uses.length === 0 ? where : or([...uses.map(({ faults }) => faulty(faults)), where]);
}

/** What a row of hits says of a script that ran for the hits alone: 1 it fails, 2 it has no SQL, 0 it is fine. */
export function faultCell(faults: readonly Fault[]): Expr {
  return call("multiIf", faulty(faults, "throws"), literal(1), faulty(faults, "unknown"), literal(2), literal(0));
}

/** Throws where a row's cell tells a fault. */
export function checkFaultCell(use: ScriptUse, cell: JsonValue | undefined, shards: number): void {
  if (count(cell) === 1) settle(use, 0, { "#throws0": 1 }, shards, shards === 1);
  if (count(cell) === 2) settle(use, 0, { "#unknown0": 1 }, shards, false);
}
