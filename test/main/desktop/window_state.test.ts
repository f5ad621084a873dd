import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { keepWindowState, placeWindow, readWindowState } from "../../../src/main/desktop/window_state.ts";

const screen = { x: 0, y: 0, width: 1920, height: 1080 };
const second = { x: 1920, y: 0, width: 2560, height: 1440 };
const kept = { x: 2000, y: 100, width: 1000, height: 700, maximized: false };

describe("the window's place", () => {
  test("is the one that was kept, on any screen that is there", () => {
    assert.deepEqual(placeWindow(kept, [screen, second]), kept);
    assert.deepEqual(placeWindow({ ...kept, x: -300, y: 0 }, [screen]), { ...kept, x: -300, y: 0 }, "its upper edge can be taken hold of");
  });

  test("falls back to the first screen where its own is gone, and keeps its size", () => {
    assert.deepEqual(placeWindow(kept, [screen]), { width: 1000, height: 700, maximized: false });
    for (const lost of [{ y: 1079 }, { y: -50 }, { x: -950 }, { x: 1900 }]) {
      assert.equal(placeWindow({ ...kept, x: 0, y: 0, ...lost }, [screen]).x, undefined, JSON.stringify(lost));
    }
  });

  test("fits the screen, and is never too small to use", () => {
    assert.deepEqual(placeWindow({ ...kept, x: 0, y: 0, width: 5000, height: 4000 }, [screen]), {
      x: 0,
      y: 0,
      width: 1920,
      height: 1080,
      maximized: false,
    });
    assert.deepEqual(placeWindow({ ...kept, width: 10, height: 10, maximized: true }, []), { width: 720, height: 480, maximized: true });
    assert.deepEqual(placeWindow(null, [{ ...screen, width: 1280, height: 800 }]), { width: 1280, height: 800, maximized: false });
  });

  test("is forgotten where its file is spoilt or missing", (t) => {
    const folder = mkdtempSync(join(tmpdir(), "parallax-place-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    assert.equal(readWindowState(folder), null);
    keepWindowState(folder, kept);
    assert.deepEqual(readWindowState(folder), kept);
    for (const text of ["", "[]", '{"x":"1"}', '{"x":1e9,"y":0,"width":1,"height":1}', '{"x":1.5,"y":0,"width":1,"height":1}']) {
      writeFileSync(join(folder, "window.json"), text);
      assert.equal(readWindowState(folder), null, text);
    }
    keepWindowState(join(folder, "nowhere"), kept);
  });
});
