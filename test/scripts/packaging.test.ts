// What the installers are made of, as far as it shows without making them.
import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { BESIDE_ARCHIVE, PROJECT, packagingConfig } from "../../scripts/packaging/config.ts";
import { icnsOf, icoOf } from "../../scripts/packaging/icon_files.ts";
import { importsOf, noticesOf, shippedPackages } from "../../scripts/packaging/notices.ts";
import { FUSES } from "../../src/main/desktop/fuses.ts";

const config = packagingConfig();

test("the four installers are made, with the fuses' list and no updates by themselves", () => {
  assert.deepEqual([config.mac?.target, config.win?.target, config.linux?.target], [["dmg"], ["nsis"], ["AppImage", "deb"]]);
  assert.deepEqual(config.electronFuses, FUSES);
  assert.equal(config.publish, null);
  assert.equal(config.npmRebuild, false);
});

test("session files and links of the app's own are its", () => {
  assert.deepEqual(
    [config.fileAssociations].flat().map((one) => one?.ext),
    ["parallax"],
  );
  assert.deepEqual(
    [config.protocols].flat().map((one) => one?.schemes),
    [["parallax"]],
  );
});

test("icons and entitlements are there", () => {
  const icons = [config.mac?.icon, config.win?.icon, config.linux?.icon].map((icon) => join("scripts/packaging/icons", String(icon)));
  for (const file of [...icons, String(config.mac?.entitlements)]) assert.ok(existsSync(join(PROJECT, file)), file);
});

test("what the child processes import lies beside the archive, too", () => {
  const children = BESIDE_ARCHIVE.filter((path) => path.startsWith("out/main/"));
  assert.equal(children.length, 2);
  for (const child of children) {
    const source = join(PROJECT, child.replace(/^out\//, "src/").replace(/\.js$/, ".ts"));
    const text = readFileSync(source, "utf8");
    assert.doesNotMatch(text, /from "\.{1,2}\//, `${child} imports a neighbour, which would have to be unpacked`);
    for (const name of importsOf(text)) assert.ok(BESIDE_ARCHIVE.includes(`node_modules/${name}/**`), name);
  }
});

test("every child process that main starts by a script is one of those", () => {
  const scripts = globSync("src/main/**/*.ts", { cwd: PROJECT }).flatMap((file) => {
    const text = readFileSync(join(PROJECT, file), "utf8");
    if (!text.includes("outsideArchive(") || file.endsWith("child_node.ts")) return [];
    const named = [...text.matchAll(/"\.\/(\w+)\.ts"/g)].map(([, name]) => `${dirname(file)}/${name}.js`.replace(/^src\//, "out/"));
    return named.filter((path) => /child|watchdog/.test(path));
  });
  assert.deepEqual(scripts.toSorted(), BESIDE_ARCHIVE.filter((path) => path.startsWith("out/main/")).toSorted());
});

test("each package that is shipped names its licence, a permissive one", () => {
  const permissive = /^(MIT|ISC|0BSD|Apache-2\.0|BSD-[23]-Clause|BlueOak-1\.0\.0|CC0-1\.0|Python-2\.0|Unlicense)$/;
  const shipped = shippedPackages(PROJECT);
  const others = shipped.filter(
    ({ licence }) => !licence.match(/[\w.-]+/g)?.every((word) => /^(AND|OR)$/.test(word) || permissive.test(word)),
  );
  assert.deepEqual(
    others.map(({ name, licence }) => `${name}: ${licence}`),
    [],
  );
  const names = shipped.map(({ name }) => name);
  for (const name of ["chdb", "ffi-rs", "pino", "react", "@mantine/core", "@codemirror/view", "speedscope", "electron"])
    assert.ok(names.includes(name), name);
  for (const name of ["typescript", "vite", "playwright-core"]) assert.ok(!names.includes(name), name);
});

test("the notices name each package once, and each text once", () => {
  const one = { version: "1.0.0", licence: "MIT", text: "Permission is granted" };
  const notices = noticesOf([
    { name: "a", ...one },
    { name: "b", ...one },
    { name: "c", version: "2.0.0", licence: "ISC", text: "" },
  ]);
  assert.match(notices, /a 1\.0\.0 \(MIT\)\nb 1\.0\.0 \(MIT\)\n\nPermission is granted/);
  assert.equal(notices.split("Permission is granted").length, 2);
  assert.match(notices, /c 2\.0\.0 \(ISC\)\n\nThe package has no text/);
});

test("imports are told by their package, whatever part of it is asked", () => {
  const source = `import "./a.css";\nimport "@x/y/styles.css";\nimport { a } from "b/c";\nimport fs from "node:fs";\nconst d = await import("d");`;
  assert.deepEqual(importsOf(source), ["@x/y", "b", "d"]);
});

test("icons hold each picture as it is, at the place that their directory tells", () => {
  const pictures = [16, 256, 1024].map((size) => ({ size, png: Buffer.from(`picture of ${size}`) }));
  const ico = icoOf(pictures);
  assert.equal(ico.readUInt16LE(4), 2);
  assert.deepEqual([ico.readUInt8(6), ico.readUInt8(22)], [16, 0]);
  const [length, offset] = [ico.readUInt32LE(22 + 8), ico.readUInt32LE(22 + 12)];
  assert.equal(ico.subarray(offset, offset + length).toString(), "picture of 256");
  const icns = icnsOf(pictures);
  assert.equal(icns.readUInt32BE(4), icns.length);
  assert.equal(icns.subarray(8, 12).toString(), "icp4");
  assert.ok(icns.includes("ic10"));
});
