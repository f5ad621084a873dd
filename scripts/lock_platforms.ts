// node scripts/lock_platforms.ts
// Completes package-lock.json with the optional packages of other platforms. npm leaves out those that the registry at
// hand does not have, and `npm ci` then refuses the lock file, here and everywhere. To be run after each `npm install`.
import { readFileSync, writeFileSync } from "node:fs";

interface Locked {
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optional?: boolean;
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
interface LockFile {
  packages: Record<string, Locked>;
}

const SYSTEMS = ["aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32"];
const PROCESSORS = ["arm64", "armv7", "arm", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "wasm32", "x64"];

/** What a package of native code runs on, read off its name: `@x/cli-linux-arm64-musl`. */
function platformOf(name: string): { readonly os?: string[]; readonly cpu?: string[]; readonly libc?: string[] } {
  const words = name.split(/[-/]/);
  const os = SYSTEMS.find((system) => words.some((word) => word.startsWith(system)));
  const cpu = PROCESSORS.find((processor) => words.some((word) => word.startsWith(processor)));
  const libc = words.some((word) => word.startsWith("musl")) ? "musl" : words.some((word) => word.startsWith("gnu")) ? "glibc" : undefined;
  return {
    ...(cpu === undefined ? {} : { cpu: [cpu === "armv7" ? "arm" : cpu] }),
    ...(libc === undefined || os !== "linux" ? {} : { libc: [libc] }),
    ...(os === undefined ? {} : { os: [os] }),
  };
}

const file = new URL("../package-lock.json", import.meta.url);
const lock: LockFile = JSON.parse(readFileSync(file, "utf8"));
const added: string[] = [];
for (const [path, locked] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(locked.optionalDependencies ?? {})) {
    const places = [`${path}/node_modules/${name}`, `node_modules/${name}`];
    if (places.some((place) => Object.hasOwn(lock.packages, place))) continue;
    const platform = platformOf(name);
    if (!/^\d/.test(version)) console.error(`${name}: ${version} is no exact version; look at it by hand`);
    lock.packages[`node_modules/${name}`] = { version, ...platform, optional: true };
    added.push(`${name}@${version} ${JSON.stringify(platform)}`);
  }
}
const [root, ...rest] = Object.entries(lock.packages);
lock.packages = Object.fromEntries([...(root === undefined ? [] : [root]), ...rest.toSorted(([a], [b]) => a.localeCompare(b, "en"))]);
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(added.length === 0 ? "nothing was missing" : added.join("\n"));
