// What translating costs: each request that Kibana sent (../shared/corpus where it is, else the golden requests) is read,
// translated and printed, without any engine. Prints microseconds: the median and the 99th percentile of single translations.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { print } from "../../src/main/clickhouse/sql/print.ts";
import { type Mapping, parseMapping } from "../../src/main/elasticsearch/mapping.ts";
import { translateSearch } from "../../src/main/translate/search.ts";
import { isObject, type JsonObject, member, parseJson } from "../../src/shared/json.ts";
import { fittingDocuments } from "../corpus/fitting_documents.ts";
import { CASES } from "../main/translate/aggs/golden_cases.ts";
import { MAPPINGS } from "../main/translate/aggs/orders.ts";

const ROUNDS = 30;
/** The first rounds run before the compiler knows what is hot. */
const WARMING = 10;

interface Load {
  readonly name: string;
  readonly bodies: readonly JsonObject[];
  readonly mapping: Mapping;
}

function kibanaLoad(): Load | null {
  const path = join(process.env.PARALLAX_SHARED ?? join(import.meta.dirname, "../../../shared"), "corpus/kibana-requests.jsonl");
  if (!existsSync(path)) return null;
  const bodies = readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .flatMap((line) => {
      const request = parseJson(line);
      const body = isObject(request) ? member(request, "body") : undefined;
      return isObject(body) ? [body] : [];
    });
  return { name: "Kibana's requests", bodies, mapping: parseMapping(fittingDocuments(bodies, 1, 1).mappings) };
}

const { name, bodies, mapping } = kibanaLoad() ?? {
  name: "golden requests",
  bodies: Object.values(CASES),
  mapping: parseMapping(MAPPINGS),
};
const table = { index: "bench", database: "bench", table: "bench", mapping, shards: 3, final: false };

/** Microseconds of one translation, printed SQL included. */
function translateOnce(body: JsonObject): number {
  const started = process.hrtime.bigint();
  const translation = translateSearch({ endpoint: "search", body, params: new Map(), tables: [table], now: 1_730_000_000_000 });
  if (translation.kind === "translated") for (const { query } of translation.statements) print(query);
  return Number(process.hrtime.bigint() - started) / 1000;
}

const times: number[] = [];
const slowest = new Map<JsonObject, number>();
for (let round = 0; round < ROUNDS; round += 1) {
  for (const body of bodies) {
    const time = translateOnce(body);
    if (round < WARMING) continue;
    times.push(time);
    slowest.set(body, Math.min(slowest.get(body) ?? Number.POSITIVE_INFINITY, time));
  }
}
times.sort((a, b) => a - b);
const at = (share: number): string => (times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? 0).toFixed(0).padStart(6);
console.log(`${name}: ${bodies.length}, each ${ROUNDS - WARMING} times, microseconds`);
console.log(`  median ${at(0.5)}   p90 ${at(0.9)}   p99 ${at(0.99)}   worst request ${Math.max(...slowest.values()).toFixed(0)}`);
