// Writes out/: main, preload and renderer. Needs Vite alone, not Electron's binary.
//   node scripts/build.ts [main | preload | renderer …]   (all three when none is named)
import { existsSync, rmSync } from "node:fs";
import { build, type InlineConfig } from "vite";
import { mainConfig, preloadConfig, rendererConfig, sharedConfig } from "../electron.vite.config.ts";

const BUNDLES: Readonly<Record<string, readonly InlineConfig[]>> = {
  main: [mainConfig],
  preload: [preloadConfig],
  renderer: [rendererConfig, sharedConfig],
};

const named = process.argv.slice(2);
const unknown = named.find((name) => !(name in BUNDLES));
if (unknown !== undefined) {
  console.error(`No bundle is called "${unknown}"; there are ${Object.keys(BUNDLES).join(", ")}.`);
  process.exit(2);
}
for (const [name, configs] of Object.entries(BUNDLES)) {
  if (named.length > 0 && !named.includes(name)) continue;
  if (name === "preload" && !existsSync("src/preload/index.ts")) continue;
  // One output file a source file: those of sources that are gone would be packaged too.
  if (name === "main") for (const folder of ["out/main", "out/shared"]) rmSync(folder, { recursive: true, force: true });
  for (const config of configs) await build({ ...config, logLevel: "warn" });
}
