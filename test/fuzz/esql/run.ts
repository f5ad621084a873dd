// npm run fuzz -- --esql [--seed N] [--minutes M] [--requests K] [--shrink]
// Generated ES|QL pipelines on a real Elasticsearch with ES|QL (PARALLAX_TEST_ESQL, or one started here) and on ClickHouse.
import { printJson } from "../../../src/shared/json.ts";
import { startTestClickHouse } from "../../support/clickhouse_server.ts";
import { startTestEsql } from "../../support/esql_server.ts";
import { connectClickHouse } from "../../support/two_engines.ts";
import { printTally } from "../tally.ts";
import { runPipelines } from "./campaign.ts";

export interface FuzzOptions {
  readonly seed: number;
  readonly minutes: number;
  readonly requests: number;
  readonly shrink: boolean;
  readonly name: string;
}

/** Runs a campaign and gives the exit code: 0, 1 for faults, 3 where an engine is missing. */
export async function fuzzEsql({ seed, minutes, requests, shrink, name }: FuzzOptions): Promise<number> {
  const elasticsearch = await startTestEsql();
  if (!elasticsearch.ok) {
    console.error(elasticsearch.why);
    return 3;
  }
  const given = process.env.PARALLAX_TEST_CLICKHOUSE;
  const server = given === undefined ? await startTestClickHouse() : null;
  const engines = {
    elasticsearch: elasticsearch.url,
    clickhouse: connectClickHouse(given ?? server?.url ?? ""),
    database: `${name}_esql_${seed}`,
  };
  console.log(`seed ${seed}`);
  try {
    const campaign = { engines, seed, requests, until: Date.now() + minutes * 60_000, prefix: `${name}-esql-${seed}` };
    const tally = await runPipelines(campaign, shrink, ({ seed: world, shards, request, trial }) => {
      console.log(`\n${trial.outcome} (world ${world}, ${shards} shards): ${trial.reason}\n  ${printJson(request)}`);
    });
    return printTally(tally) ? 0 : 1;
  } finally {
    await engines.clickhouse.command(`DROP DATABASE IF EXISTS ${engines.database} SYNC`);
    await Promise.all([engines.clickhouse.close(), server?.stop(), elasticsearch.stop()]);
  }
}
