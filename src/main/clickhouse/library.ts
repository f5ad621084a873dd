// Where the ClickHouse library of this platform is. It comes from npm as an optional dependency of `chdb`, one package a platform.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { outsideArchive } from "../child_node.ts";
import { EmbeddedClickHouseError } from "./embedded_error.ts";

const PACKAGES: Readonly<Record<string, string>> = Object.freeze({
  "linux-x64": "@chdb/lib-linux-x64-gnu",
  "linux-arm64": "@chdb/lib-linux-arm64-gnu",
  "darwin-x64": "@chdb/lib-darwin-x64",
  "darwin-arm64": "@chdb/lib-darwin-arm64",
});

/** Path of the library's file. Throws EmbeddedClickHouseError where there is none for this platform, or npm left it out. */
export function libraryPath(platform: string = process.platform, arch: string = process.arch): string {
  const name = PACKAGES[`${platform}-${arch}`];
  if (name === undefined) {
    const known = Object.keys(PACKAGES).join(", ");
    throw new EmbeddedClickHouseError(
      "unsupported_platform",
      `The embedded ClickHouse runs on ${known}, not on ${platform}-${arch}. Give the address of a ClickHouse server with --clickhouse URL.`,
    );
  }
  const file = packageFile(name);
  if (file === undefined) {
    throw new EmbeddedClickHouseError(
      "library_missing",
      `The embedded ClickHouse is not installed: the package ${name} is missing. Run \`npm ci\` without --omit=optional, or use --clickhouse URL.`,
    );
  }
  return file;
}

function packageFile(name: string): string | undefined {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
    // A packaged app keeps native files beside its archive: the dynamic loader can't read inside it.
    const outside = outsideArchive(`${folder}/`);
    return [outside, folder].map((place) => join(place, "libchdb.so")).find((path) => existsSync(path));
  } catch {
    return undefined;
  }
}
