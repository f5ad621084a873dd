// Why one search's answers differ at one place: both sides are asked again, then for the documents behind the place, and what is found
// is judged. Never throws for a backend's sake: an explanation that can't be given says so.
import type { Comparison, Difference } from "../../shared/exchange.ts";
import { type Explanation, explainablePaths } from "../../shared/explanation.ts";
import { member } from "../../shared/json.ts";
import { messageOf } from "../../shared/thrown.ts";
import { findField } from "../elasticsearch/mapping.ts";
import type { IndexTable } from "../translate/types.ts";
import { differsAgain } from "./again.ts";
import { movedBetween, tieAt } from "./answers.ts";
import type { ExplainBackends, ToExplain } from "./backends.ts";
import { NoFilter } from "./bucket_filter.ts";
import { type Conflict, causeOf, type Evidence } from "./cause.ts";
import { conflictsOf } from "./columns.ts";
import { documentsOf, lateOf, standingsOf, tiedDocuments } from "./documents.ts";
import { drillDown } from "./drill_down.ts";
import { type ExplainedPlace, fieldsOf, type Pair, placeOf } from "./place.ts";
import { lookedUp, NotAsked, type Sides } from "./sides.ts";
import { spanOf } from "./span.ts";

const SHOWN = 20;
const LIMIT_MS = 20_000;
/** The path that is explained where none is given; null where nothing differs. */
export function firstPath(comparison: Comparison): string | null {
  return explainablePaths(comparison)[0]?.path ?? null;
}

/** Explains `path`. */
export async function explain(asked: ToExplain, path: string, backends: ExplainBackends): Promise<Explanation> {
  const { part, search } = asked;
  const difference = part.comparison.differences.find((one) => one.path === path) ?? null;
  const rule = explainablePaths(part.comparison).find((one) => one.path === path)?.rule ?? null;
  const answers: Pair = { elasticsearch: asked.elasticsearch, clickhouse: asked.clickhouse };
  const place = placeOf(path, search.body, answers);
  const base = { position: part.position, path, difference, pointer: place.pointer, sql: spanOf(part.statements, place.pointer) };
  try {
    return { ...base, ...(await inTime(explained(asked, { place, difference, rule, answers }, backends))) };
  } catch (error) {
    const sentence = `It can't be told now: ${messageOf(error)}`;
    return { ...base, ...NOTHING, cause: "unknown", sentence, action: "Ask again once both sides answer." };
  }
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  const limit = Promise.withResolvers<never>();
  const timer = setTimeout(() => limit.reject(new Error(`the sides took longer than ${LIMIT_MS / 1000} s`)), LIMIT_MS);
  return Promise.race([work, limit.promise]).finally(() => clearTimeout(timer));
}

const NOTHING = { evidence: [], excluded: [], documents: [], documentCount: 0, chosen: null, queries: null };

interface At {
  readonly place: ExplainedPlace;
  readonly difference: Difference | null;
  readonly rule: string | null;
  readonly answers: Pair;
}

type Rest = Omit<Explanation, "position" | "path" | "difference" | "pointer" | "sql">;

async function explained(asked: ToExplain, at: At, backends: ExplainBackends): Promise<Rest> {
  const { search, time } = asked;
  const { place, difference, rule, answers } = at;
  const lookup = await backends.running.tables(search);
  if (lookup.kind !== "tables") throw new Error(lookup.kind === "rejected" ? lookup.error.reason : lookup.reason);
  const { tables } = lookup;
  const differs = difference === null ? null : await differsAgain(asked, { place, path: difference.path }, backends);
  const agrees = differs === false;
  const conflicts = await conflictsOf(backends.running.run, tables, search.body);
  const tie = tieAt(place, difference, answers);
  const looked = await lookAt(asked, place, tables, backends);
  const documents = looked.sides === null ? [] : documentsOf(looked.sides, tables, backends);
  const late = lateOf(asked.compared, looked.sides, tables, backends);
  const evidence: Evidence = {
    difference,
    rule,
    again: differs === null ? "not asked" : differs ? "differs" : "agrees",
    tied: tie?.value ?? null,
    conflicts,
    ...standingsOf(looked.sides),
    alike: looked.sides?.alike ?? 0,
    bounded: looked.sides?.bounded ?? false,
    noDocuments: looked.reason,
    late: { documents: late.length, seconds: Math.max(0, ...late.map(({ ledger }) => ledger?.seconds ?? 0)) },
    lag: backends.lag(tables.map(({ index }) => index)),
    mirrored: documents.filter(({ found, ledger }) => found === "elasticsearch" && ledger !== null).length,
    ...movedBetween(place),
    fieldType: place.fields.map((field) => typeIn(tables, field)).find((type) => type !== undefined),
  };
  const told = causeOf(evidence);
  const ofCause = told.cause === "tie" && tie !== null ? tiedDocuments(tie) : told.cause === "late mirror" && agrees ? late : documents;
  return {
    ...told,
    evidence: spoken(evidence, looked.sides, new Date(time)),
    documents: ofCause.slice(0, SHOWN),
    documentCount: ofCause.length,
    chosen: looked.sides === null ? null : { elasticsearch: looked.sides.totals.elasticsearch, clickhouse: looked.sides.totals.clickhouse },
    queries: looked.sides?.queries ?? null,
  };
}

async function lookAt(
  { search }: ToExplain,
  place: ExplainedPlace,
  tables: readonly IndexTable[],
  backends: ExplainBackends,
): Promise<{ readonly sides: Sides | null; readonly reason: string }> {
  if (search.endpoint === "esql") return { sides: null, reason: "a row of ES|QL does not tell which documents it comes of" };
  if (place.kind === "other") return { sides: null, reason: "no choice of documents stands for this place" };
  if (member(search.body, "pit") !== undefined) return { sides: null, reason: "the search reads a moment that may be over" };
  const counted = [...place.fields, ...place.levels.flatMap(({ options }) => fieldsOf(options))];
  const shown = [...new Set(counted)].filter((field) => hasDocValues(tables, field));
  try {
    const body = (fields: readonly string[]) => drillDown(search.body, place, fields, (field) => typeIn(tables, field));
    // A field without doc values after all: the documents are told without their values.
    const sides = await lookedUp(search, body(shown), backends).catch((error: unknown) => {
      if (error instanceof NotAsked && shown.length > 0) return lookedUp(search, body([]), backends);
      throw error;
    });
    return { sides, reason: "" };
  } catch (error) {
    if (error instanceof NoFilter || error instanceof NotAsked) return { sides: null, reason: error.message };
    throw error;
  }
}

const WITHOUT_DOC_VALUES: readonly string[] = ["text", "match_only_text", "annotated_text", "search_as_you_type", "nested", "object"];

function hasDocValues(tables: readonly IndexTable[], field: string): boolean {
  return tables.every(({ mapping }) => {
    const own = findField(mapping, field);
    return own !== undefined && own.nested === null && !WITHOUT_DOC_VALUES.includes(own.type) && member(own.params, "doc_values") !== false;
  });
}

function typeIn(tables: readonly IndexTable[], field: string): string | undefined {
  for (const { mapping } of tables) {
    const own = findField(mapping, field);
    if (own !== undefined) return own.type;
  }
  return undefined;
}

const AGAIN: Readonly<Record<Evidence["again"], readonly string[]>> = {
  agrees: ["Asked again, both sides agree at this place."],
  differs: ["Asked again, the place still differs."],
  "not asked": [],
};

function spoken(evidence: Evidence, sides: Sides | null, time: Date): readonly string[] {
  const { totals, bounded } = sides ?? { totals: null, bounded: false };
  return [
    `The search came at ${time.toISOString()}.`,
    ...AGAIN[evidence.again],
    ...evidence.conflicts.map(conflictText),
    ...(totals === null
      ? [`The documents were not looked at: ${evidence.noDocuments}.`]
      : [`The place counts ${totals.elasticsearch} documents in Elasticsearch and ${totals.clickhouse} in ClickHouse.`]),
    ...(bounded ? ["There are more documents than the 1,000 of each side that were looked at."] : []),
    ...(sides === null ? [] : [`${sides.alike} of them are alike, ${sides.unlike.length} are not.`]),
    ...(evidence.lag.documents === 0
      ? []
      : [`${evidence.lag.documents} documents wait to be mirrored, the oldest for ${evidence.lag.seconds.toFixed(1)} s.`]),
  ];
}

function conflictText({ field, mapping, column }: Conflict): string {
  return `The table's column for \`${field}\` (${mapping}) ${column === null ? "is not there" : `has the type ${column}`}.`;
}
