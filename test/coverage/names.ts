// Every name that has a row on the coverage page, out of the tables in the code: nothing is listed by hand.
import { matchPath } from "../../src/main/answer/path.ts";
import { PATHS } from "../../src/main/answer/table.ts";
import { FIELD_TYPES } from "../../src/main/elasticsearch/fields/index.ts";
import { SEARCHES } from "../../src/main/elasticsearch/route.ts";
import { DEFINITIONS, REFUSED } from "../../src/main/translate/aggs/table.ts";
import { AGGREGATES, AGGREGATES_WITHOUT_SQL } from "../../src/main/translate/esql/aggregates.ts";
import { FUNCTIONS } from "../../src/main/translate/esql/functions/index.ts";
import { FUNCTIONS_WITHOUT_SQL } from "../../src/main/translate/esql/functions/without_sql.ts";
import { COMMANDS, COMMANDS_WITHOUT_SQL } from "../../src/main/translate/esql/parser.ts";
import { CLAUSES, WITHOUT_SQL as CLAUSES_WITHOUT_SQL } from "../../src/main/translate/query/index.ts";
import { READ_ELSEWHERE, WITHOUT_EFFECT, WITHOUT_SQL } from "../../src/main/translate/request.ts";

export type Section = "Queries" | "Aggregations" | "Search body" | "Field types" | "Endpoints" | "ES|QL commands" | "ES|QL functions";

export const SECTIONS: readonly Section[] = [
  "Queries",
  "Aggregations",
  "Search body",
  "Field types",
  "Endpoints",
  "ES|QL commands",
  "ES|QL functions",
];

export interface Named {
  readonly section: Section;
  readonly name: string;
  readonly supported: boolean;
  /** Why not, or under which condition; "" when there is nothing to say. */
  readonly note: string;
}

/** All of them, by section, supported ones and those without SQL. */
export function allNames(): readonly Named[] {
  return [
    ...named("Queries", Object.keys(CLAUSES)),
    ...refused("Queries", CLAUSES_WITHOUT_SQL),
    ...named("Aggregations", Object.keys(DEFINITIONS)),
    ...refused("Aggregations", REFUSED),
    ...named("Search body", [...READ_ELSEWHERE]),
    ...named("Search body", [...WITHOUT_EFFECT], "changes nothing in the answer"),
    ...[...WITHOUT_SQL].map((name) => ({ section: "Search body" as const, name, supported: false, note: "" })),
    ...named("Field types", [...FIELD_TYPES.keys()]),
    ...named("Endpoints", [...new Set([...SEARCHES, ...PATHS.map(nameOf)])]),
    ...esqlNames(),
  ];
}

// `GET /{index}/_alias/{id}` and `GET /_alias/{id}` are one: `_alias/ID`.
function nameOf(path: string): string {
  return path.replace(/^\w+ \/(\{index\}\/)?/, "").replace("{id}", "ID");
}

/** The endpoint that answers this request; undefined for one that Elasticsearch alone answers. */
export function endpointNamed(method: string, target: string): string | undefined {
  const path = PATHS.find((each) => matchPath(each, method, target) !== null);
  return path === undefined ? undefined : nameOf(path);
}

function esqlNames(): readonly Named[] {
  const withSql = new Set([...FUNCTIONS.keys(), ...Object.keys(AGGREGATES)]);
  const reasons: Record<string, string> = { ...FUNCTIONS_WITHOUT_SQL };
  for (const name of AGGREGATES_WITHOUT_SQL) reasons[name] ??= "this aggregate has no SQL yet";
  for (const name of withSql) delete reasons[name];
  return [
    ...named(
      "ES|QL commands",
      [...COMMANDS].filter((name) => name !== "show"),
    ),
    ...refused("ES|QL commands", { show: "it tells of Elasticsearch itself" }),
    ...refused("ES|QL commands", Object.fromEntries([...COMMANDS_WITHOUT_SQL].map((name) => [name, ""]))),
    ...named("ES|QL functions", [...withSql]),
    ...refused("ES|QL functions", reasons),
  ];
}

function named(section: Section, names: readonly string[], note = ""): Named[] {
  return names.map((name) => ({ section, name, supported: true, note }));
}

function refused(section: Section, reasons: Readonly<Record<string, string>>): Named[] {
  return Object.entries(reasons).map(([name, note]) => ({ section, name, supported: false, note }));
}
