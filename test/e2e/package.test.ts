// What `npm run package` and `npm pack` make of a build, up to Electron's binary, for which a file stands in. Here, since these tests find the
// page built and no other one writes out/. Ten seconds: a package holds 600 MB, each octet of which the archive's own sums count.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { PACKAGES_FOLDER, PROJECT } from "../../scripts/packaging/config.ts";
import { importsOf } from "../../scripts/packaging/notices.ts";
import { FUSES } from "../../src/main/desktop/fuses.ts";
import { readArchive } from "../support/archive.ts";
import { fusesOf, writeElectronStandIn } from "../support/electron_stand_in.ts";

const run = promisify(execFile);
const skip = process.platform === "linux" ? false : "the stand-in is for Electron on Linux";
const DEPENDENCIES: readonly string[] = Object.keys(JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8")).dependencies);

const INSTALLED = existsSync(join(PROJECT, "node_modules", "electron", "path.txt")) ? "Electron's binary is here" : false;

/** Runs a script of the project; a link to a large file is as good as a copy. */
const script = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  run(process.execPath, args, { cwd: PROJECT, env: { ...process.env, USE_HARD_LINKS: "true", ...env } });

let folder = "";
before(async () => {
  mkdirSync(join(PROJECT, PACKAGES_FOLDER), { recursive: true });
  // In the checkout: links to its files are of no size.
  folder = mkdtempSync(join(PROJECT, PACKAGES_FOLDER, "test-"));
  await script(["scripts/build.ts", "main", "preload"]);
});
after(() => rmSync(folder, { recursive: true, force: true }));

describe("the desktop app's folder", { skip }, () => {
  let resources = "";
  before(async () => {
    writeElectronStandIn(join(folder, "electron"), Object.keys(FUSES).length);
    await script(["scripts/package.ts", "--dir", "--built", "--electron", join(folder, "electron"), "--output", join(folder, "app")]);
    resources = join(folder, "app", readdirSync(join(folder, "app")).find((name) => name.endsWith("unpacked")) ?? "", "resources");
  });

  const unpacked = (path: string): string => join(resources, "app.asar.unpacked", path);

  test("has a binary whose fuses are as the list says", () => {
    const fuses = Object.values(FUSES).map((on) => (on ? "1" : "0"));
    assert.equal(fusesOf(readFileSync(join(resources, "..", "parallax"))), fuses.join(""));
  });

  test("has in its archive all that main, preload and page are, and of the packages only those that main imports", () => {
    const archive = readArchive(join(resources, "app.asar"));
    const built = readdirSync(join(PROJECT, "out"), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const paths = built.map(({ parentPath, name }) => join(parentPath, name).slice(PROJECT.length));
    const missing = paths.filter((path) => /^out\/(main|shared|preload|renderer)\//.test(path) && !archive.has(path));
    assert.deepEqual(missing, []);
    for (const path of ["package.json", "LICENSE", "out/THIRD_PARTY.txt", "docs/filters.md", "docs/verdicts.md"])
      assert.ok(archive.has(path), path);
    const packages = [...archive.keys()].filter((path) => path.startsWith("node_modules/"));
    for (const name of DEPENDENCIES) assert.ok(packages.includes(`node_modules/${name}/package.json`), name);
    assert.deepEqual(
      packages.filter((path) => /^node_modules\/(react|electron|vite|typescript|@mantine|\.bin)\//.test(path)),
      [],
    );
    assert.deepEqual(
      [...archive.keys()].filter((path) => /^(src|test|scripts|\.)/.test(path)),
      [],
    );
  });

  test("keeps ClickHouse's library and ffi-rs beside the archive, where the Node beside them loads them", async () => {
    const library = unpacked("node_modules/@chdb/lib-linux-x64-gnu/libchdb.so").replace("x64", process.arch);
    assert.ok(statSync(library).size > 100_000_000);
    const opening = `require(${JSON.stringify(unpacked("node_modules/ffi-rs"))}).open({ library: "clickhouse", path: ${JSON.stringify(library)} })`;
    const node = join(resources, "node", "node");
    const { stdout } = await run(node, ["--eval", `${opening}; console.log("opened by", process.version)`]);
    assert.equal(stdout, `opened by ${process.version}\n`);
    const child = run(node, [unpacked("out/main/clickhouse/embedded_child.js"), join(folder, "none.so"), "", "", ""]);
    await assert.rejects(child, /none\.so/);
  });
});

test("without Electron's binary the packaging ends with what is missing and what to do", { skip: INSTALLED }, async () => {
  // Where nobody listens, and nothing was fetched before.
  const nowhere = { ELECTRON_MIRROR: "http://127.0.0.1:9/", electron_config_cache: join(folder, "cache") };
  const outcome = script(["scripts/package.ts", "--dir", "--built", "--output", join(folder, "none")], nowhere);
  await assert.rejects(outcome, /Electron's binary is missing[\s\S]*ELECTRON_MIRROR[\s\S]*--electron FOLDER/);
});

test("npm pack takes what the headless twin needs when it runs, and nothing else", async () => {
  const { stdout } = await run("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], { cwd: PROJECT, maxBuffer: 1e8 });
  const [packed] = Object.values(JSON.parse(stdout)) as [{ files: { path: string; size: number }[]; size: number }];
  const paths = packed.files.map(({ path }) => path);
  for (const path of ["bin/parallax.js", "bin/container.js", "out/main/cli.js", "out/renderer/index.html", "LICENSE", "docs/filters.md"]) {
    assert.ok(paths.includes(path), path);
  }
  assert.deepEqual(
    paths.filter((path) => !/^(bin|out|docs)\/|^(README\.md|CHANGELOG\.md|LICENSE|package\.json)$/.test(path)),
    [],
  );
  assert.ok(packed.size < 12 * 1024 ** 2, `${packed.size} octets`);
});

test("what main imports when it runs are the dependencies, none too few and none too many", () => {
  const files = readdirSync(join(PROJECT, "out"), { recursive: true, encoding: "utf8" }).filter((name) =>
    /^(main|shared)\/.*\.js$/.test(name),
  );
  const imported = new Set(files.flatMap((name) => importsOf(readFileSync(join(PROJECT, "out", name), "utf8"))));
  // Its library, by the path of the package of this platform.
  imported.add("chdb");
  assert.deepEqual([...imported].toSorted(), DEPENDENCIES.toSorted());
});
