// Notes, while parity tests run, what each compared request used and how the comparison came out. One file for each
// process, in the folder that PARALLAX_COVERAGE_FOLDER names; nothing is noted without it.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Mapping } from "../../src/main/elasticsearch/mapping.ts";
import type { Verdict } from "../../src/shared/exchange.ts";
import type { JsonObject } from "../../src/shared/json.ts";
import { isUnder, type State, type Use, usesOf, usesOfEsql } from "./walk.ts";

export interface Recorded {
  /** What the requests were run against: `Elasticsearch 9.4.3`. */
  readonly reference: string;
  readonly uses: Readonly<Record<string, State>>;
}

export interface Request {
  readonly endpoint: string;
  readonly body: JsonObject;
  readonly mappings: readonly Mapping[];
  readonly verdict: Verdict;
  /** Pointers of what has no SQL. */
  readonly unsupported: readonly string[];
  /** True when both sides refused the request. */
  readonly refused: boolean;
}

const BEST: readonly State[] = ["unsupported", "rejected", "equal"];
const folder = process.env.PARALLAX_COVERAGE_FOLDER;
const uses = new Map<Use, State>();
const esqlUses = new Map<Use, State>();
const ESQL_REFERENCE = "Elasticsearch 8.19.21 (ES|QL)";

/** Notes one request; a difference leaves its parts as they were. */
export function recordRequest({ endpoint, body, mappings, verdict, unsupported, refused }: Request): void {
  if (folder === undefined) return;
  const agrees = verdict === "equal" || verdict === "equivalent";
  for (const use of [...usesOf(body, mappings), `Endpoints|${endpoint}` as const]) {
    if (agrees) note(use, refused ? "rejected" : "equal");
    else if (verdict === "unsupported" && unsupported.some((pointer) => isUnder(pointer, use))) note(use, "unsupported");
  }
}

/** Notes one ES|QL query that both answered alike, or refused alike. */
export function recordEsql(query: string, refused: boolean): void {
  if (folder === undefined) return;
  for (const use of usesOfEsql(query)) note(use, refused ? "rejected" : "equal", esqlUses);
}

function note(use: Use, state: State, into = uses): void {
  const known = into.get(use);
  if (known === undefined || BEST.indexOf(state) > BEST.indexOf(known)) into.set(use, state);
}

if (folder !== undefined) {
  const reference = process.env.PARALLAX_COVERAGE_REFERENCE ?? "Elasticsearch";
  process.on("exit", () => {
    write(folder, String(process.pid), { reference, uses: Object.fromEntries(uses) });
    write(folder, `${process.pid}-esql`, { reference: ESQL_REFERENCE, uses: Object.fromEntries(esqlUses) });
  });
}

function write(into: string, name: string, recorded: Recorded): void {
  if (Object.keys(recorded.uses).length === 0) return;
  mkdirSync(into, { recursive: true });
  writeFileSync(join(into, `${name}.json`), JSON.stringify(recorded));
}
