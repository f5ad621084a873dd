// Whose code a package ships, with the texts of their licences: what main imports when it runs, what the window's bundle is made of, and all
// that those ask for in turn.
import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

export interface ShippedPackage {
  readonly name: string;
  readonly version: string;
  /** SPDX. */
  readonly licence: string;
  /** Text of its licence and notice; empty where the package has none in it. */
  readonly text: string;
}

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** Shipped without an import: the flame graph viewer as its package built it, and the runtimes of the desktop app. */
const AS_THEY_ARE: readonly string[] = ["speedscope", "electron", "node"];
/** Their own dependencies are for installing them, or are in their build. */
const WITHOUT_DEPENDENCIES: ReadonlySet<string> = new Set(AS_THEY_ARE);
const LICENCE_FILE = /^(licen[cs]e|notice|copying)/i;

/** All of them that are installed here, by name. Native parts of other platforms are not. */
export function shippedPackages(project: string): readonly ShippedPackage[] {
  const { dependencies = {} } = manifestOf(project);
  const found = new Map<string, ShippedPackage>();
  const visit = (name: string, from: string): void => {
    const folder = folderOf(name, from);
    if (folder === undefined || found.has(name)) return;
    const { version = "", license = "unknown", ...manifest } = manifestOf(folder);
    found.set(name, { name, version, licence: license, text: licenceText(folder) });
    if (WITHOUT_DEPENDENCIES.has(name)) return;
    const peers = Object.keys(manifest.peerDependencies ?? {}).filter((peer) => manifest.peerDependenciesMeta?.[peer]?.optional !== true);
    for (const each of [...Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }), ...peers]) visit(each, folder);
  };
  for (const name of [...Object.keys(dependencies), ...bundledPackages(project), ...AS_THEY_ARE]) visit(name, project);
  return [...found.values()].toSorted((a, b) => a.name.localeCompare(b.name, "en"));
}

/** Packages that the window's sources import. */
export function bundledPackages(project: string): readonly string[] {
  const names = globSync("src/{renderer,shared,preload}/**/*.{ts,tsx}", { cwd: project }).flatMap((file) =>
    importsOf(readFileSync(join(project, file), "utf8")),
  );
  return [...new Set(names)].toSorted();
}

/** Names of the packages that a module imports: no files of its own, no module of Node's, no Electron. */
export function importsOf(source: string): readonly string[] {
  const named = [...source.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)"([@a-z][\w@./-]*)"/g)].map(([, name = ""]) => name);
  const packages = named.filter((name) => !name.startsWith("node:") && name !== "electron");
  return packages.map((name) =>
    name
      .split("/")
      .slice(0, name.startsWith("@") ? 2 : 1)
      .join("/"),
  );
}

/** One text of them all; equal texts stand once. */
export function noticesOf(packages: readonly ShippedPackage[]): string {
  const byText = Map.groupBy(packages, ({ text }) => text);
  const parts = [...byText].map(([text, them]) => {
    const list = them.map(({ name, version, licence }) => `${name} ${version} (${licence})`).join("\n");
    const words = text === "" ? "The package has no text of its licence in it: see its page in the registry." : text;
    return `${list}\n\n${words}`;
  });
  return `Parallax is under the Apache License 2.0. It ships the following, under licences of their own.\n\n${parts.join(`\n\n${"-".repeat(80)}\n\n`)}\n`;
}

function licenceText(folder: string): string {
  const files = readdirSync(folder).filter((name) => LICENCE_FILE.test(name) && !/\.(js|ts|json)$/.test(name));
  return files
    .toSorted()
    .map((name) => readFileSync(join(folder, name), "utf8").replaceAll("\r\n", "\n").trim())
    .join("\n\n");
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}

/** As Node finds a package: beside the one that asks, or further up. */
function folderOf(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", name);
    if (existsSync(join(candidate, "package.json"))) return candidate;
    if (dirname(folder) === folder) return undefined;
  }
}
