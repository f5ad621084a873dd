// Finds a JDK that Elasticsearch 9 runs on. Reads folders only; starts nothing.
import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

const OLDEST = 21;

/** Home folder of a JDK of version 21 or later, or undefined. ES_JAVA_HOME and JAVA_HOME go first, then the newest found. */
export function findJava(): string | undefined {
  const named = [process.env.ES_JAVA_HOME ?? "", process.env.JAVA_HOME ?? ""].filter((home) => home !== "");
  const chosen = named.find((home) => majorVersion(home) >= OLDEST);
  if (chosen !== undefined) return chosen;
  const found = candidates().map((home) => ({ home, version: majorVersion(home) }));
  return found.filter(({ version }) => version >= OLDEST).sort((a, b) => b.version - a.version)[0]?.home;
}

function candidates(): string[] {
  const parents = ["/usr/lib/jvm", "/opt", "/usr/local", "/Library/Java/JavaVirtualMachines", "/opt/homebrew/opt"];
  const onPath = findOnPath("java");
  const fromPath = onPath === undefined ? [] : [dirname(dirname(realpathSync(onPath)))];
  const installed = parents
    .filter((parent) => existsSync(parent))
    .flatMap((parent) => readdirSync(parent).map((name) => join(parent, name)));
  return [...fromPath, ...installed, ...installed.map((home) => join(home, "Contents", "Home"))];
}

// Every JDK since 9 has a `release` file: JAVA_VERSION="25.0.1".
function majorVersion(home: string): number {
  const release = join(home, "release");
  if (!existsSync(join(home, "bin", "java")) || !existsSync(release)) return 0;
  const match = /^JAVA_VERSION="(\d+)/m.exec(readFileSync(release, "utf8"));
  return match?.[1] === undefined ? 0 : Number(match[1]);
}

/** Full path of a command on PATH, or undefined. */
export function findOnPath(command: string): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, command)).find((path) => existsSync(path));
}
