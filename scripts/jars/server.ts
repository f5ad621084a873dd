// Starts a node that is put together from jars of Maven Central, on 127.0.0.1, and waits until it answers. The jars are fetched the
// first time, into a cache folder outside the project; a main class of ours is compiled against them at each start. It ends with
// `stop`, and at the latest with the process that started it.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { findJava, findOnPath } from "../elasticsearch/java.ts";
import { keptServer } from "../elasticsearch/kept.ts";
import { type ElasticsearchServer, freePort, type ServerOptions, type Started } from "../elasticsearch/server.ts";

export interface Jars {
  /** What messages call it: `OpenSearch 3.8.0`. */
  readonly name: string;
  /** Folder of the cache that holds the jars; it carries the version. */
  readonly cached: string;
  /** Folder of a pom.xml that names the jars, and of the main class below `java`. */
  readonly sources: string;
  /** The main class, which takes FOLDER PORT TRANSPORT_PORT. */
  readonly main: string;
  /** Further options for the JVM. */
  readonly options?: readonly string[];
}

type Failed = Extract<Started, { ok: false }>;

const READY_WITHIN_MS = 60_000;
const FETCHED_WITHIN_MS = 240_000;
const KEEPER = join(import.meta.dirname, "..", "elasticsearch", "keeper.ts");

/** Starts the server; `why` says what is missing on this machine, or why it did not come up (with the end of its log). */
export async function startJars(jars: Jars, { port: wanted, heap = "1g", say }: Omit<ServerOptions, "dataFolder">): Promise<Started> {
  const java = findJava();
  if (java === undefined) {
    return failed(`${jars.name} needs a JDK of version 21 or later: install one (Debian: default-jdk-headless) or set ES_JAVA_HOME`);
  }
  const found = findJars(jars, java, say);
  if (!found.ok) return found;
  const [port, transportPort] = [await freePort(wanted), await freePort(0)];
  if (port === undefined || transportPort === undefined) return failed(`port ${wanted} on 127.0.0.1 is in use: give another with --port`);
  const folder = mkdtempSync(join(tmpdir(), "jars-reference-"));
  const why = compiled(jars, java, found.folder, folder);
  if (why !== undefined) {
    rmSync(folder, { recursive: true, force: true });
    return failed(why);
  }
  const options = ["-XX:+UseSerialGC", `-Xmx${heap}`, ...(jars.options ?? []), `-Des.path.home=${folder}`];
  const main = ["-cp", [join(folder, "classes"), join(found.folder, "*")].join(delimiter), jars.main, folder, String(port)];
  const server = launch([join(java, "bin", "java"), ...options, ...main, String(transportPort)], folder, port);
  const failure = await waitUntilReady(jars.name, server);
  if (failure === undefined) return { ok: true, server };
  const log = readFileSync(join(folder, "stdout.log"), "utf8").split("\n").slice(-30).join("\n");
  await server.stop();
  return failed(`${failure}\n${log}`);
}

function failed(why: string): Failed {
  return { ok: false, why };
}

function findJars(
  { name, cached, sources }: Jars,
  java: string,
  say: (line: string) => void,
): { readonly ok: true; readonly folder: string } | Failed {
  const cache = process.env.ES_REFERENCE_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "elasticsearch-reference");
  const folder = join(cache, cached);
  if (existsSync(folder)) return { ok: true, folder };
  const maven = findOnPath("mvn");
  if (maven === undefined) return failed(`the jars of ${name} come from Maven Central and Maven is missing: install it (Debian: maven)`);
  // Fetched aside and renamed when whole: an interrupted download leaves nothing that looks complete.
  const aside = `${folder}.${process.pid}`;
  mkdirSync(cache, { recursive: true });
  say(`fetching ${name} from Maven Central …`);
  const goal = ["dependency:copy-dependencies", `-DoutputDirectory=${aside}`];
  const problem = run(maven, ["-q", "-B", "-ntp", "-f", join(sources, "pom.xml"), ...goal], java);
  if (problem === undefined) renameSync(aside, folder);
  else rmSync(aside, { recursive: true, force: true });
  return problem === undefined ? { ok: true, folder } : failed(`the jars of ${name} can't be had from Maven Central: ${problem}`);
}

/** What went wrong; undefined when nothing did. */
function compiled({ sources }: Jars, java: string, jars: string, folder: string): string | undefined {
  mkdirSync(join(folder, "config"));
  const own = join(sources, "java");
  const files = readdirSync(own, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".java"));
  const options = ["-cp", join(jars, "*"), "-d", join(folder, "classes")];
  return run(join(java, "bin", "javac"), [...options, ...files.map((name) => join(own, name))], java);
}

function run(command: string, args: readonly string[], java: string): string | undefined {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: "utf8",
    timeout: FETCHED_WITHIN_MS,
    env: { ...process.env, JAVA_HOME: java },
  });
  if (status === 0) return undefined;
  return error?.message ?? `${command} ended with ${status ?? "a signal"}\n${`${stdout}${stderr}`.slice(-2000)}`;
}

function launch(command: readonly string[], folder: string, port: number): ElasticsearchServer {
  const keeper = spawn(process.execPath, [KEEPER, "-", ...command], { detached: true, stdio: ["pipe", "pipe", "pipe"] });
  return keptServer({ keeper, port, folder, log: join(folder, "stdout.log"), temporary: true });
}

async function waitUntilReady(name: string, server: ElasticsearchServer): Promise<string | undefined> {
  let gone = false;
  void server.ended.then(() => {
    gone = true;
  });
  for (const deadline = Date.now() + READY_WITHIN_MS; Date.now() < deadline; await pause(250)) {
    if (gone) return `${name} ended before it was ready:`;
    const answer = await fetch(`${server.url}/_cat/indices`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok === true) return undefined;
  }
  return `${name} was not ready after ${READY_WITHIN_MS / 1000} s:`;
}
