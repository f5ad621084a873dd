import { deepEqual } from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { nameSources, placeOf } from "../../../src/main/profile/source_names.ts";
import type { CallFrame, ProfileNode } from "../../../src/shared/profile.ts";

const ROOT = join(import.meta.dirname, "../../..");
const address = (path: string): string => pathToFileURL(join(ROOT, path)).href;
const urlOf = (url: string): string => placeOf({ url, line: 4, column: 2 }).url;

test("names files relative to the project, packages by their folder, and leaves Node's and V8's own", () => {
  deepEqual(urlOf(address("src/main/engine.ts")), "src/main/engine.ts");
  deepEqual(urlOf(address("node_modules/react/index.js")), "node_modules/react/index.js");
  deepEqual(urlOf(pathToFileURL(join(ROOT, "../node_modules/react/index.js")).href), "node_modules/react/index.js");
  deepEqual(urlOf("node:internal/timers"), "node:internal/timers");
  deepEqual(urlOf(""), "");
});

test("names functions and lines of built files by the sources that their maps tell", async () => {
  // Generated lines 3 and 4 (from 1) come from lines 11 and 21 of the source.
  const map = { version: 3, sources: ["../../src/main/x.ts"], names: [], mappings: ";;IAUE;AAUA" };
  const folder = join(ROOT, "out", "test-source-names");
  const made = !existsSync(join(ROOT, "out"));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "x.js.map"), JSON.stringify(map));
  const url = pathToFileURL(join(folder, "x.js")).href;
  const callFrame: CallFrame = { functionName: "f", url, lineNumber: 2, columnNumber: 4 };
  const node: ProfileNode = {
    id: 1,
    callFrame,
    positionTicks: [
      { line: 3, ticks: 1 },
      { line: 4, ticks: 2 },
    ],
  };
  const named = nameSources({ nodes: [node], startTime: 0, endTime: 1, samples: [], timeDeltas: [] }).nodes[0];
  await rm(made ? join(ROOT, "out") : folder, { recursive: true });
  deepEqual(named?.callFrame, { functionName: "f", url: "src/main/x.ts", lineNumber: 10, columnNumber: 2 });
  deepEqual(named?.positionTicks, [
    { line: 11, ticks: 1 },
    { line: 21, ticks: 2 },
  ]);
});
