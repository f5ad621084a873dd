// npm run esql -- [--port 9201] [--heap 1g]
// A real Elasticsearch with ES|QL (8.19.21) on 127.0.0.1 for trials and parity tests; runs until Ctrl-C. It is put together from the
// jars that Maven Central has (66 MB the first time), in a cache folder outside the project. A test tool under the Elastic
// License 2.0: fetched where it is used, never packaged. It has no GET /, no mapper of unsigned_long or scaled_float, no painless.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { parseArgs } from "node:util";
import { findJava, findOnPath } from "./elasticsearch/java.ts";

const SOURCES = join(import.meta.dirname, "esql");
const { values } = parseArgs({ options: { port: { type: "string", default: "9201" }, heap: { type: "string", default: "1g" } } });
const port = Number(values.port);
if (!Number.isInteger(port) || port < 1 || port > 65_435) stop(2, `--port ${values.port}: give a number from 1 to 65435`);
const java = findJava() ?? stop(3, "it needs a JDK of version 21 or later: install one (Debian: default-jdk-headless) or set ES_JAVA_HOME");
const maven = findOnPath("mvn") ?? stop(3, "its jars come from Maven Central and Maven is missing: install it (Debian: maven)");
const cache = process.env.ES_REFERENCE_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "elasticsearch-reference");
const jars = join(cache, "esql-8.19.21");
if (!existsSync(jars)) fetchJars();
const work = mkdtempSync(join(tmpdir(), "esql-reference-"));
const classes = join(work, "classes");
mkdirSync(join(work, "config"));
const sources = readdirSync(join(SOURCES, "java"), { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".java"));
run(join(java, "bin", "javac"), ["-cp", join(jars, "*"), "-d", classes, ...sources.map((name) => join(SOURCES, "java", name))]);
serve();

function stop(code: number, why: string): never {
  console.error(why);
  process.exit(code);
}

function run(command: string, args: readonly string[]): void {
  const { status } = spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, JAVA_HOME: java } });
  if (status !== 0) stop(3, `${command} ended with ${status ?? "a signal"}`);
}

// Fetched aside and renamed when whole: an interrupted download leaves nothing that looks complete.
function fetchJars(): void {
  const aside = `${jars}.${process.pid}`;
  mkdirSync(cache, { recursive: true });
  console.error("fetching Elasticsearch 8.19.21 with ES|QL from Maven Central …");
  run(maven, ["-q", "-B", "-ntp", "-f", join(SOURCES, "pom.xml"), "dependency:copy-dependencies", `-DoutputDirectory=${aside}`]);
  renameSync(aside, jars);
}

function serve(): void {
  const options = ["-XX:+UseSerialGC", `-Xmx${values.heap}`, `-Des.path.home=${work}`, "-Des.set.netty.runtime.available.processors=false"];
  const main = [
    "-cp",
    [classes, join(jars, "*")].join(delimiter),
    "org.elasticsearch.node.Reference",
    work,
    String(port),
    String(port + 100),
  ];
  const server = spawn(join(java, "bin", "java"), [...options, ...main], { stdio: ["ignore", "inherit", "inherit"] });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void server.kill());
  process.on("exit", () => void server.kill());
  server.on("exit", (code) => {
    rmSync(work, { recursive: true, force: true });
    process.exit(code ?? 0);
  });
  void ready();
}

async function ready(): Promise<void> {
  const url = `http://127.0.0.1:${port}`;
  for (const deadline = Date.now() + 120_000; Date.now() < deadline; await new Promise((done) => setTimeout(done, 250))) {
    const answer = await fetch(`${url}/_cat/indices`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok === true) {
      console.log(`ready ${url}`);
      return;
    }
  }
  stop(3, "it was not ready after 120 s");
}
