// Starts a real Elasticsearch with ES|QL (8.19.21) on 127.0.0.1 and waits until it answers. It is put together from the jars that
// Maven Central has (66 MB the first time), in a cache folder outside the project. It ends with `stop`, and at the latest with the
// process that started it. It has no GET /, no mapper of unsigned_long or scaled_float, no painless.
import { spawn, spawnSync } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { findJava, findOnPath } from "../elasticsearch/java.ts";
import { type ElasticsearchServer, freePort, type ServerOptions, type Started } from "../elasticsearch/server.ts";

const READY_WITHIN_MS = 60_000;
const FETCHED_WITHIN_MS = 240_000;
const KEEPER = join(import.meta.dirname, "..", "elasticsearch", "keeper.ts");

/** Starts the server; `why` says what is missing on this machine, or why it did not come up (with the end of its log). */
export async function startEsql({ port: wanted, heap = "1g", say }: Omit<ServerOptions, "dataFolder">): Promise<Started> {
  const java = findJava();
  if (java === undefined)
    return failed("ES|QL needs a JDK of version 21 or later: install one (Debian: default-jdk-headless) or set ES_JAVA_HOME");
  const jars = findJars(java, say);
  if (!jars.ok) return jars;
  const [port, transportPort] = [await freePort(wanted), await freePort(0)];
  if (port === undefined || transportPort === undefined) return failed(`port ${wanted} on 127.0.0.1 is in use: give another with --port`);
  const folder = mkdtempSync(join(tmpdir(), "esql-reference-"));
  const why = compiled(java, jars.folder, folder);
  if (why !== undefined) {
    rmSync(folder, { recursive: true, force: true });
    return failed(why);
  }
  const server = launch(java, jars.folder, folder, [port, transportPort], heap);
  const failure = await waitUntilReady(server);
  if (failure === undefined) return { ok: true, server };
  const log = readFileSync(join(folder, "stdout.log"), "utf8").split("\n").slice(-30).join("\n");
  await server.stop();
  return failed(`${failure}\n${log}`);
}

function failed(why: string): Extract<Started, { ok: false }> {
  return { ok: false, why };
}

function findJars(
  java: string,
  say: (line: string) => void,
): { readonly ok: true; readonly folder: string } | { readonly ok: false; readonly why: string } {
  const cache = process.env.ES_REFERENCE_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "elasticsearch-reference");
  const folder = join(cache, "esql-8.19.21");
  if (existsSync(folder)) return { ok: true, folder };
  const maven = findOnPath("mvn");
  if (maven === undefined) return failed("the jars of ES|QL come from Maven Central and Maven is missing: install it (Debian: maven)");
  // Fetched aside and renamed when whole: an interrupted download leaves nothing that looks complete.
  const aside = `${folder}.${process.pid}`;
  mkdirSync(cache, { recursive: true });
  say("fetching Elasticsearch 8.19.21 with ES|QL from Maven Central …");
  const goal = ["dependency:copy-dependencies", `-DoutputDirectory=${aside}`];
  const problem = run(maven, ["-q", "-B", "-ntp", "-f", join(import.meta.dirname, "pom.xml"), ...goal], java);
  if (problem === undefined) renameSync(aside, folder);
  else rmSync(aside, { recursive: true, force: true });
  return problem === undefined ? { ok: true, folder } : failed(`the jars of ES|QL can't be had from Maven Central: ${problem}`);
}

function compiled(java: string, jars: string, folder: string): string | undefined {
  mkdirSync(join(folder, "config"));
  const sources = join(import.meta.dirname, "java");
  const files = readdirSync(sources, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".java"));
  const options = ["-cp", join(jars, "*"), "-d", join(folder, "classes")];
  return run(join(java, "bin", "javac"), [...options, ...files.map((name) => join(sources, name))], java);
}

/** What went wrong; undefined when nothing did. */
function run(command: string, args: readonly string[], java: string): string | undefined {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: "utf8",
    timeout: FETCHED_WITHIN_MS,
    env: { ...process.env, JAVA_HOME: java },
  });
  if (status === 0) return undefined;
  return error?.message ?? `${command} ended with ${status ?? "a signal"}\n${`${stdout}${stderr}`.slice(-2000)}`;
}

function launch(java: string, jars: string, folder: string, ports: readonly number[], heap: string): ElasticsearchServer {
  const options = ["-XX:+UseSerialGC", `-Xmx${heap}`, `-Des.path.home=${folder}`, "-Des.set.netty.runtime.available.processors=false"];
  const main = ["-cp", [join(folder, "classes"), join(jars, "*")].join(delimiter), "org.elasticsearch.node.Reference", folder];
  const command = [join(java, "bin", "java"), ...options, ...main, ...ports.map(String)];
  const keeper = spawn(process.execPath, [KEEPER, "-", ...command], { detached: true, stdio: ["pipe", "pipe", "pipe"] });
  const log = createWriteStream(join(folder, "stdout.log"));
  keeper.stdout.pipe(log);
  keeper.stderr.pipe(log);
  keeper.stdin.on("error", () => undefined);
  const ended = new Promise<void>((done) => {
    keeper.once("exit", () => done());
    keeper.once("error", () => done());
  });
  return {
    url: `http://127.0.0.1:${ports[0]}`,
    folder,
    ended,
    async stop() {
      keeper.stdin.end();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function waitUntilReady(server: ElasticsearchServer): Promise<string | undefined> {
  let gone = false;
  void server.ended.then(() => {
    gone = true;
  });
  for (const deadline = Date.now() + READY_WITHIN_MS; Date.now() < deadline; await pause(250)) {
    if (gone) return "Elasticsearch with ES|QL ended before it was ready:";
    const answer = await fetch(`${server.url}/_cat/indices`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok === true) return undefined;
  }
  return `Elasticsearch with ES|QL was not ready after ${READY_WITHIN_MS / 1000} s:`;
}
