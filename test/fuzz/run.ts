// npm run fuzz -- [--seed N] [--minutes M] [--requests K] [--shrink] [--keep] [--name fuzz] [--esql]
// Generated requests on a real Elasticsearch and a real ClickHouse, started here unless PARALLAX_TEST_ELASTICSEARCH and
// PARALLAX_TEST_CLICKHOUSE name some. --shrink prints each fault made small, --keep writes it to test/parity/regressions. Exits with 1 when an answer is wrong, dropped or different.
import { parseArgs } from "node:util";
import { printJson } from "../../src/shared/json.ts";
import { startTestClickHouse } from "../support/clickhouse_server.ts";
import { startTestElasticsearch } from "../support/elasticsearch_server.ts";
import { connectClickHouse } from "../support/two_engines.ts";
import { runCampaign } from "./campaign.ts";
import { fuzzEsql } from "./esql/run.ts";
import { keepRegression } from "./regression.ts";
import { shrink } from "./shrink.ts";
import { printTally } from "./tally.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    minutes: { type: "string", default: "10" },
    requests: { type: "string", default: "1000000" },
    shrink: { type: "boolean", default: false },
    keep: { type: "boolean", default: false },
    name: { type: "string", default: "fuzz" },
    esql: { type: "boolean", default: false },
  },
});
const seed = Number(values.seed);
if (values.esql) {
  const { shrink: small, name } = values;
  process.exit(await fuzzEsql({ seed, minutes: Number(values.minutes), requests: Number(values.requests), shrink: small, name }));
}
const elasticsearch = await startTestElasticsearch();
if (!elasticsearch.ok) {
  console.error(elasticsearch.why);
  process.exit(3);
}
const given = process.env.PARALLAX_TEST_CLICKHOUSE;
const server = given === undefined ? await startTestClickHouse() : null;
const engines = {
  elasticsearch: elasticsearch.url,
  clickhouse: connectClickHouse(given ?? server?.url ?? ""),
  database: `${values.name}_${seed}`,
};
console.log(`seed ${seed}`);
try {
  const until = Date.now() + Number(values.minutes) * 60_000;
  const campaign = { engines, seed, requests: Number(values.requests), until, prefix: `${values.name}-${seed}` };
  const tally = await runCampaign(campaign, async (fault) => {
    const small = values.keep || values.shrink ? await shrink(engines, fault, `${values.name}-${seed}-shrink`) : fault;
    const { world, request, trial } = small;
    console.log(`\n${trial.outcome} (world ${fault.world.seed}, ${world.shards} shards): ${trial.reason}\n  ${printJson(request)}`);
    if (values.shrink && world.documents.length < 6) console.log(`  ${world.documents.join("\n  ")}`);
    if (values.keep) console.log(`  kept: ${keepRegression(small)}`);
  });
  process.exitCode = printTally(tally) ? 0 : 1;
} finally {
  await engines.clickhouse.command(`DROP DATABASE IF EXISTS ${engines.database} SYNC`);
  await Promise.all([engines.clickhouse.close(), server?.stop(), elasticsearch.stop()]);
}
