// Runs the tests with Node's own runner and ends with one line: `N passed, N failed, N skipped`.
//   node test/run.ts [SUITE] [--documents N] [--searches N] [--rounds N] [FILE …]
// Starts one embedded ClickHouse for all files (PARALLAX_TEST_CLICKHOUSE); each test file uses a database of its own.
// PARALLAX_WRITE_COVERAGE=1 has the suite `parity` write docs/coverage.md when it is over.
// For the suites `parity`, `faults` and `clients` it starts the real Elasticsearch too (PARALLAX_TEST_ELASTICSEARCH). On a machine that can't run it,
// the tests skip and PARALLAX_TEST_ELASTICSEARCH_MISSING tells them why. Likewise, for the files that need them, one that has ES|QL
// (PARALLAX_TEST_ESQL) and the second reference, OpenSearch (PARALLAX_TEST_OPENSEARCH). `--documents` is how much the suite `faults`
// writes: from 200,000 on it does everything as often and as long as is promised. `--searches` is how many Elasticsearch is asked twice.
// `--rounds` is how often each client of the suite `clients` does its day.
import { globSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeCoverage } from "./coverage/page.ts";
import { referenceOf } from "./coverage/reference.ts";
import { runFiles, runFilesAgain } from "./run_files.ts";
import { startTestClickHouse } from "./support/clickhouse_server.ts";
import { startTestElasticsearch, type TestElasticsearch } from "./support/elasticsearch_server.ts";
import { startTestEsql } from "./support/esql_server.ts";
import { startTestOpenSearch } from "./support/opensearch_server.ts";

const SUITES: Readonly<Record<string, { readonly include: string; readonly exclude: readonly string[] }>> = {
  unit: {
    include: "test/**/*.test.ts",
    exclude: ["test/parity/", "test/e2e/", "test/faults/", "test/debugging/", "test/electron/", "test/clients/"],
  },
  parity: { include: "test/parity/**/*.test.ts", exclude: [] },
  e2e: { include: "test/e2e/**/*.test.ts", exclude: [] },
  faults: { include: "test/faults/**/*.test.ts", exclude: [] },
  debugging: { include: "test/debugging/**/*.test.ts", exclude: [] },
  electron: { include: "test/electron/**/*.test.ts", exclude: [] },
  clients: { include: "test/clients/**/*.test.ts", exclude: [] },
};

const BESIDE_ELASTICSEARCH: ReadonlySet<string> = new Set(["parity", "faults", "clients"]);

/** For one file of the suite `faults`, or of one that is told how much to do. */
const LONG_LIMIT_MS = 2 * 3_600_000;

const args = process.argv.slice(2);
const suiteName = args.find((arg) => arg in SUITES) ?? "unit";
const suite = SUITES[suiteName];
const named = args.filter((arg) => arg.endsWith(".test.ts"));
const files =
  named.length > 0 ? named : globSync(suite?.include ?? "").filter((file) => !suite?.exclude.some((part) => file.startsWith(part)));

const documents = args.indexOf("--documents");
if (documents >= 0) process.env.PARALLAX_FAULT_DOCUMENTS = args[documents + 1];
const searches = args.indexOf("--searches");
if (searches >= 0) process.env.PARALLAX_SELF_SEARCHES = args[searches + 1];
const rounds = args.indexOf("--rounds");
if (rounds >= 0) process.env.PARALLAX_CLIENT_ROUNDS = args[rounds + 1];

const server = await startTestClickHouse();
process.env.PARALLAX_TEST_CLICKHOUSE = server.url;
const elasticsearch = await reference(/./, "PARALLAX_TEST_ELASTICSEARCH", "all", startTestElasticsearch);
const esql = await reference(/esql[^/]*\.test\.ts$/, "PARALLAX_TEST_ESQL", "the tests of ES|QL", startTestEsql);
const opensearch = await reference(
  /opensearch[^/]*\.test\.ts$/,
  "PARALLAX_TEST_OPENSEARCH",
  "the tests beside OpenSearch",
  startTestOpenSearch,
);

/** Starts a server that files of the suite `parity` compare with, and tells them its address, or why there is none. */
async function reference(
  needed: RegExp,
  variable: string,
  tests: string,
  start: () => Promise<TestElasticsearch>,
): Promise<TestElasticsearch | undefined> {
  if (!BESIDE_ELASTICSEARCH.has(suiteName) || !files.some((file) => needed.test(file))) return undefined;
  const started = await start();
  if (started.ok) process.env[variable] = started.url;
  else {
    process.stdout.write(`skipping ${tests}: ${started.why}\n`);
    process.env[`${variable}_MISSING`] = started.why;
  }
  return started;
}

// The coverage page is written anew from what a whole run of the parity tests compared.
const coverage =
  suiteName === "parity" && elasticsearch?.ok === true && process.env.PARALLAX_WRITE_COVERAGE === "1"
    ? await mkdtemp(join(tmpdir(), "parallax-coverage-"))
    : undefined;
if (coverage !== undefined) {
  process.env.PARALLAX_COVERAGE_FOLDER = coverage;
  const urls = [elasticsearch, opensearch].flatMap((each) => (each?.ok === true ? [each.url] : []));
  const names = await Promise.all(urls.map(async (url) => [url, await referenceOf(url)] as const));
  process.env.PARALLAX_COVERAGE_REFERENCES = JSON.stringify(Object.fromEntries(names));
}
// What these suites need may not be here: then all is skipped, with the reason.
const mayBeEmpty = elasticsearch?.ok === false || suiteName === "electron";
const { passed, failed, skipped } =
  suiteName === "faults" || searches >= 0 || rounds >= 0
    ? await runFiles(files, 1, LONG_LIMIT_MS)
    : // The figures of clients are times: one file after the other.
      await runFilesAgain(files, suiteName === "clients" ? 1 : 2);
await Promise.all([server.stop(), elasticsearch?.stop(), esql?.stop(), opensearch?.stop()]);
if (coverage !== undefined) {
  writeCoverage(coverage, named.length === 0);
  await rm(coverage, { recursive: true, force: true });
}
for (const { file, name, why } of failed) process.stdout.write(`failed: ${file}: ${name}: ${why}\n`);
process.on("exit", () => process.stdout.write(`${passed} passed, ${failed.length} failed, ${skipped} skipped\n`));
process.exitCode = failed.length > 0 || (passed === 0 && !mayBeEmpty) ? 1 : 0;
