// Runs the tests with Node's own runner and ends with one line: `N passed, N failed, N skipped`.
//   node test/run.ts [--only PATTERN] [FILE …]
// Starts one embedded ClickHouse for all files (PARALLAX_TEST_CLICKHOUSE); each test file uses a database of its own.
// PARALLAX_WRITE_COVERAGE=1 has the suite `parity` write docs/coverage.md when it is over.
// For the suite `parity` it starts the real Elasticsearch too (PARALLAX_TEST_ELASTICSEARCH). On a machine that can't run it,
// the tests skip and PARALLAX_TEST_ELASTICSEARCH_MISSING tells them why. For the tests of ES|QL it starts another that has ES|QL
// (PARALLAX_TEST_ESQL, PARALLAX_TEST_ESQL_MISSING).
import { globSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeCoverage } from "./coverage/page.ts";
import { referenceOf } from "./coverage/reference.ts";
import { runFilesTwice } from "./run_files.ts";
import { startTestClickHouse } from "./support/clickhouse_server.ts";
import { startTestElasticsearch } from "./support/elasticsearch_server.ts";
import { startTestEsql } from "./support/esql_server.ts";

const SUITES: Readonly<Record<string, { readonly include: string; readonly exclude: readonly string[] }>> = {
  unit: { include: "test/**/*.test.ts", exclude: ["test/parity/", "test/e2e/", "test/faults/"] },
  parity: { include: "test/parity/**/*.test.ts", exclude: [] },
  e2e: { include: "test/e2e/**/*.test.ts", exclude: [] },
};

const args = process.argv.slice(2);
const suiteName = args.find((arg) => arg in SUITES) ?? "unit";
const suite = SUITES[suiteName];
const named = args.filter((arg) => arg.endsWith(".test.ts"));
const files =
  named.length > 0 ? named : globSync(suite?.include ?? "").filter((file) => !suite?.exclude.some((part) => file.startsWith(part)));

const server = await startTestClickHouse();
process.env.PARALLAX_TEST_CLICKHOUSE = server.url;
const elasticsearch = suiteName === "parity" ? await startTestElasticsearch() : undefined;
if (elasticsearch?.ok === true) process.env.PARALLAX_TEST_ELASTICSEARCH = elasticsearch.url;
if (elasticsearch?.ok === false) {
  process.stdout.write(`skipping all: ${elasticsearch.why}\n`);
  process.env.PARALLAX_TEST_ELASTICSEARCH_MISSING = elasticsearch.why;
}
const esql = suiteName === "parity" && files.some((file) => /esql[^/]*\.test\.ts$/.test(file)) ? await startTestEsql() : undefined;
if (esql?.ok === true) process.env.PARALLAX_TEST_ESQL = esql.url;
if (esql?.ok === false) {
  process.stdout.write(`skipping the tests of ES|QL: ${esql.why}\n`);
  process.env.PARALLAX_TEST_ESQL_MISSING = esql.why;
}
// The coverage page is written anew from what a whole run of the parity tests compared.
const coverage =
  suiteName === "parity" && elasticsearch?.ok === true && process.env.PARALLAX_WRITE_COVERAGE === "1"
    ? await mkdtemp(join(tmpdir(), "parallax-coverage-"))
    : undefined;
if (coverage !== undefined && elasticsearch?.ok === true) {
  process.env.PARALLAX_COVERAGE_FOLDER = coverage;
  process.env.PARALLAX_COVERAGE_REFERENCE = await referenceOf(elasticsearch.url);
}
const mayBeEmpty = elasticsearch?.ok === false;
const { passed, failed, skipped } = await runFilesTwice(files, 2);
await Promise.all([server.stop(), elasticsearch?.stop(), esql?.stop()]);
if (coverage !== undefined) {
  writeCoverage(coverage, named.length === 0);
  await rm(coverage, { recursive: true, force: true });
}
for (const { file, name, why } of failed) process.stdout.write(`failed: ${file}: ${name}: ${why}\n`);
process.on("exit", () => process.stdout.write(`${passed} passed, ${failed.length} failed, ${skipped} skipped\n`));
process.exitCode = failed.length > 0 || (passed === 0 && !mayBeEmpty) ? 1 : 0;
