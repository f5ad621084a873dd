// What electron-builder makes of a build: installers for the platform that it runs on, since npm installs the native parts of that one alone.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Configuration } from "electron-builder";
import { PACKAGED_NODE } from "../../src/main/child_node.ts";
import { FUSES } from "../../src/main/desktop/fuses.ts";

/** The checkout. */
export const PROJECT = fileURLToPath(new URL("../../", import.meta.url));
export const SESSION_EXTENSION = "parallax";
export const PROTOCOL = "parallax";
/** Below the checkout; what `npm run package` writes. */
export const PACKAGES_FOLDER = "dist";

/** What is in the archive beside the packages that main imports, which electron-builder finds by `dependencies`. */
export const APP_FILES = Object.freeze([
  "package.json",
  "out/main/**",
  "out/shared/**",
  "out/preload/**",
  "out/renderer/**",
  "out/THIRD_PARTY.txt",
  // Handed out by the MCP server.
  "docs/filters.md",
  "docs/verdicts.md",
  "LICENSE",
]);

/** Parts of packages that nothing here uses: chdb's own binding and what it offers to frameworks. */
const UNUSED = Object.freeze(["!node_modules/@chdb/*/chdb_node.node", "!node_modules/chdb/integrations/**", "!node_modules/chdb/src/**"]);

/** What other programs read, which can't look into an archive: the dynamic loader, and the Node of our child processes. */
export const BESIDE_ARCHIVE = Object.freeze([
  "package.json",
  "out/main/clickhouse/embedded_child.js",
  "out/main/profile/health/watchdog.js",
  "node_modules/@chdb/**",
  "node_modules/ffi-rs/**",
  "node_modules/@yuuang/**",
]);

export interface Packaging {
  /** A folder with Electron's binary; left out: electron-builder fetches one. */
  readonly electron?: string;
  /** Where the packages are written. */
  readonly output?: string;
  /** Debian asks for the page of a project. */
  readonly homepage?: string;
}

export function packagingConfig({
  electron,
  output = PACKAGES_FOLDER,
  homepage = "https://parallax.invalid/",
}: Packaging = {}): Configuration {
  return {
    appId: "dev.parallax-search.parallax",
    productName: "Parallax",
    copyright: "The Parallax authors, Apache-2.0",
    directories: { output, buildResources: "scripts/packaging/icons" },
    extraMetadata: { homepage },
    ...(electron === undefined ? {} : { electronDist: electron }),
    files: [...APP_FILES, ...UNUSED],
    asar: true,
    asarUnpack: [...BESIDE_ARCHIVE],
    extraResources: [{ from: nodeFolder(), to: PACKAGED_NODE, filter: ["node", "node.exe"] }],
    // ffi-rs speaks Node-API: the same file for Node and Electron.
    npmRebuild: false,
    electronFuses: { ...FUSES },
    artifactName: `parallax-\${version}-\${os}-\${arch}.\${ext}`,
    fileAssociations: [
      {
        ext: SESSION_EXTENSION,
        name: "Parallax session",
        description: "A Parallax session",
        role: "Editor",
        mimeType: "application/x-parallax-session",
      },
    ],
    protocols: [{ name: "Parallax", schemes: [PROTOCOL] }],
    mac: {
      target: ["dmg"],
      category: "public.app-category.developer-tools",
      icon: "icon.icns",
      entitlements: "scripts/packaging/entitlements.plist",
      entitlementsInherit: "scripts/packaging/entitlements.plist",
    },
    win: { target: ["nsis"], icon: "icon.ico" },
    nsis: { oneClick: false, perMachine: false, allowToChangeInstallationDirectory: true },
    linux: {
      target: ["AppImage", "deb"],
      icon: "icon.png",
      category: "Development",
      executableName: "parallax",
      synopsis: "Every Elasticsearch request answered twice",
      maintainer: "The Parallax authors <authors@parallax.invalid>",
    },
    // Nothing is fetched or installed by the app itself: it tells of a new version, no more.
    publish: null,
  };
}

/** Where the `node` package keeps the binary that runs our child processes. */
function nodeFolder(): string {
  return join(dirname(createRequire(import.meta.url).resolve("node/package.json")), "bin");
}
