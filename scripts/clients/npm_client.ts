// Clients from npm, each in a folder of its own with what it needs.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { cached, type Recipe, ran } from "./recipe.ts";

/** Packages of one client: name → exact version, or `npm:NAME@VERSION` for one under another name. */
export type NpmPackages = Readonly<Record<string, string>>;

/** A folder that has `packages` in its node_modules. No script of theirs is run. */
export function npmClient(name: string, packages: NpmPackages): Recipe {
  return cached(join("npm", name), (aside) => {
    writeFileSync(join(aside, "package.json"), JSON.stringify({ name: "client", private: true, dependencies: packages }));
    return ran("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"], aside);
  });
}
