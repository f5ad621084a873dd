// Notes, while parity tests run, what each compared request used and how the comparison came out. One file for each
// process, in the folder that PARALLAX_COVERAGE_FOLDER names; nothing is noted without it.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Mapping } from "../../src/main/elasticsearch/mapping.ts";
import type { Verdict } from "../../src/shared/exchange.ts";
import type { JsonObject } from "../../src/shared/json.ts";
import { endpointNamed } from "./names.ts";
import { isUnder, type State, type Use, usesOf, usesOfEsql } from "./walk.ts";

export interface Recorded {
  /** What the requests were run against: `Elasticsearch 9.4.3`. */
  readonly reference: string;
  readonly uses: Readonly<Record<string, State>>;
}

export interface Request {
  /** Address of the server that the request was compared with. */
  readonly server: string;
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
const uses = new Map<string, Map<Use, State>>();
/** This one does not say its name. */
const ESQL_REFERENCE = "Elasticsearch 8.19.21 (ES|QL)";
/** What the servers call themselves, by address. */
const REFERENCES = new Map<string, string>(Object.entries(JSON.parse(process.env.PARALLAX_COVERAGE_REFERENCES ?? "{}")));

/** Notes one request; a difference leaves its parts as they were. */
export function recordRequest({ server, endpoint, body, mappings, verdict, unsupported, refused }: Request): void {
  const reference = REFERENCES.get(server);
  if (folder === undefined || reference === undefined) return;
  const agrees = verdict === "equal" || verdict === "equivalent";
  for (const use of [...usesOf(body, mappings), `Endpoints|${endpoint}` as const]) {
    if (agrees) note(reference, use, refused ? "rejected" : "equal");
    else if (verdict === "unsupported" && unsupported.some((pointer) => isUnder(pointer, use))) note(reference, use, "unsupported");
  }
}

/** Notes a request to an endpoint that ClickHouse answers, which both answered alike. */
export function recordEndpoint(server: string, method: string, target: string): void {
  const reference = REFERENCES.get(server);
  const name = endpointNamed(method, target);
  if (folder !== undefined && reference !== undefined && name !== undefined) note(reference, `Endpoints|${name}`, "equal");
}

/** Notes one ES|QL query that both answered alike, or refused alike. */
export function recordEsql(query: string, refused: boolean): void {
  if (folder === undefined) return;
  for (const use of [...usesOfEsql(query), "Endpoints|_query" as const]) note(ESQL_REFERENCE, use, refused ? "rejected" : "equal");
}

function note(reference: string, use: Use, state: State): void {
  const own = uses.get(reference) ?? new Map<Use, State>();
  uses.set(reference, own);
  const known = own.get(use);
  if (known === undefined || BEST.indexOf(state) > BEST.indexOf(known)) own.set(use, state);
}

if (folder !== undefined) {
  process.on("exit", () => {
    [...uses].forEach(([reference, own], i) => {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, `${process.pid}-${i}.json`), JSON.stringify({ reference, uses: Object.fromEntries(own) }));
    });
  });
}
