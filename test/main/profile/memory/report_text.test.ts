import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { memoryText } from "../../../../src/main/profile/memory/report_text.ts";
import type { MemoryReport } from "../../../../src/shared/memory.ts";

const REPORT: MemoryReport = {
  taken: "2026-01-01T00:00:00.000Z",
  process: { rss: 1000, vms: 3000, shared: 70, text: 22, lib: 0, data: 300, dirty: 0 },
  parts: [
    { kind: "code", name: "mapped executable and libraries", bytes: 600, counts: "files" },
    { kind: "heap", name: "V8 main old space", bytes: 300, counts: "a space" },
    { kind: "heap", name: "V8 main new space", bytes: 50, counts: "a space" },
  ],
  accounted: 950,
  unaccounted: 50,
  held: [{ name: "capture queue", bytes: 7, counts: "exchanges" }],
  top: [{ title: "pipes by their state (serialised)", sizes: [{ name: "mirror", bytes: 281 }] }],
  clickhouse: { url: "", embedded: true, rss: null, parts: [], figures: [], top: [], problems: ["ClickHouse does not answer yet."] },
  objects: {
    types: [
      { type: "Object", count: 222350, bytes: 60052996 },
      { type: "function (get)", count: 20, bytes: 924549 },
    ],
    count: 222371,
    bytes: 60977557,
    ms: 650,
  },
  problems: ["This system's malloc does not tell what it holds: what is free there is not counted."],
};

describe("the memory report as text", () => {
  const lines = memoryText(REPORT).split("\n");

  test("begins with the process, and aligns the summary down to what is not accounted for", () => {
    assert.deepEqual(lines.slice(0, 9), [
      "Process memory information: pmem(rss=1000, vms=3000, shared=70, text=22, lib=0, data=300, dirty=0)",
      "",
      "Memory use summary:",
      "   mapped executable and libraries                     : 600",
      "   V8 main old space                                   : 300",
      "   V8 main new space                                   :  50",
      "   **Total accounted for memory**                      : 950",
      "   **Unaccounted for memory (rss-total_accounted_for)**:  50",
      "",
    ]);
  });

  test("has a table of objects by type, with the rest of them", () => {
    const at = lines.findIndex((line) => line.startsWith("JavaScript memory summary"));
    assert.deepEqual(lines.slice(at, at + 7), [
      "JavaScript memory summary (the main thread's heap; it stood still for 0.7 s):",
      `${"types".padStart(45)} |   # objects |   total size`,
      `${"=".repeat(45)} | =========== | ============`,
      `${"Object".padStart(45)} |      222350 |     57.27 MB`,
      `${"function (get)".padStart(45)} |          20 |    902.88 KB`,
      `${"(all other types)".padStart(45)} |           1 |      0.01 KB`,
      `${"(all)".padStart(45)} |      222371 |     58.15 MB`,
    ]);
  });

  test("says what could not be had, and what each line counts once", () => {
    const text = lines.join("\n");
    assert.match(text, /missing: ClickHouse does not answer yet\./);
    assert.match(text, /What could not be had:\n {3}This system's malloc/);
    assert.match(text, /V8 main old space, … +: a space\n/);
  });

  test("leaves out what the platform does not tell, and objects that were not asked for", () => {
    const process = { rss: 5, vms: null, shared: null, text: null, lib: null, data: null, dirty: null };
    const text = memoryText({ ...REPORT, process, objects: null });
    assert.match(text, /^Process memory information: pmem\(rss=5\)\n/);
    assert.doesNotMatch(text, /JavaScript memory summary/);
  });
});
