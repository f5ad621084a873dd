import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { childNode, outsideArchive } from "../../src/main/child_node.ts";

const electron = { execPath: "/app/parallax", platform: "linux", versions: { electron: "45.4.1" } } as const;

describe("the Node that runs child processes", () => {
  test("is the one that runs us where we are headless", () => {
    assert.deepEqual(childNode({ ...electron, versions: {} }), { command: "/app/parallax", env: {} });
  });

  test("is Electron's own binary in development", () => {
    assert.deepEqual(childNode({ ...electron, defaultApp: true }), { command: "/app/parallax", env: { ELECTRON_RUN_AS_NODE: "1" } });
  });

  test("lies among the resources of the packaged app, and is missed in words", (t) => {
    const resourcesPath = mkdtempSync(join(tmpdir(), "parallax-resources-"));
    t.after(() => rmSync(resourcesPath, { recursive: true, force: true }));
    assert.throws(() => childNode({ ...electron, resourcesPath }), /is missing: this Parallax was packaged without the Node/);
    mkdirSync(join(resourcesPath, "node"));
    writeFileSync(join(resourcesPath, "node", "node"), "");
    assert.deepEqual(childNode({ ...electron, resourcesPath }), { command: join(resourcesPath, "node", "node"), env: {} });
  });

  test("reads what lies beside the archive", () => {
    assert.equal(outsideArchive("/a/app.asar/out/x.js"), "/a/app.asar.unpacked/out/x.js");
    assert.equal(outsideArchive("/a/app.asar.unpacked/out/x.js"), "/a/app.asar.unpacked/out/x.js");
    assert.equal(outsideArchive("/a/parallax/out/x.js"), "/a/parallax/out/x.js");
  });
});
