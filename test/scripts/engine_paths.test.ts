import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ENGINE_PATHS } from "../../scripts/engine_paths.ts";
import { PROJECT } from "../../scripts/packaging/config.ts";
import { ROUTES } from "../../src/main/contract/routes.ts";

const toEngine = (url: string): boolean => ENGINE_PATHS.some((pattern) => new RegExp(pattern).test(url));

test("the development server serves each module of the page itself, also one that was reloaded", () => {
  const modules = globSync("**/*.{ts,tsx,css,html}", { cwd: join(PROJECT, "src", "renderer") }).map(
    (file) => `/${file.replaceAll("\\", "/")}`,
  );
  assert.ok(modules.some((path) => path.startsWith("/api/")));
  assert.deepEqual(
    modules.filter((path) => toEngine(path) || toEngine(`${path}?t=1795380193115`)),
    [],
  );
});

test("it leaves the interface's routes to the engine", () => {
  const paths = [
    "/api/call/exchanges.list",
    "/api/events",
    "/debug/pprof/profile?seconds=5",
    "/speedscope/index.html",
    ...ROUTES.map(({ path }) => path),
  ];
  assert.deepEqual(
    paths.filter((path) => !toEngine(path)),
    [],
  );
});
