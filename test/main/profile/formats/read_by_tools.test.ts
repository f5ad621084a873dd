// The formats as those read them whom they are for.
import { deepEqual, match } from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { FORMATS } from "../../../../src/main/profile/formats/index.ts";
import { GO, installed, missing, printed } from "../../../support/tool.ts";
import { TWO_THREADS } from "./two_threads.ts";

const ANNOTATE = installed("callgrind_annotate");
const PYTHON = installed("python3");
let folder = "";

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "parallax-formats-"));
  await Promise.all(Object.entries(FORMATS).map(([name, write]) => writeFile(join(folder, name), write(TWO_THREADS))));
});
after(() => rm(folder, { recursive: true, force: true }));

test("go tool pprof lists functions with their CPU time", { skip: missing(GO, "Go") }, async () => {
  const top = await printed(GO, ["tool", "pprof", "-top", "-unit=ms", join(folder, "pprof")]);
  match(top, /Duration: 100ms, Total samples = 120ms/);
  match(top, /^ +70ms 58\.33% +\S+ +70ms 58\.33% +src\/main\/inner\.inner$/m);
  match(top, /^ +10ms +8\.33% +\S+ +50ms 41\.67% +src\/main\/outer\.outer$/m);
  const wire = await printed(GO, ["tool", "pprof", "-top", "-unit=ms", "-tagfocus=thread=wire", join(folder, "pprof")]);
  match(wire, /^ +30ms .* src\/main\/inner\.inner$/m);
});

test("callgrind_annotate lists functions with their own and all their costs", {
  skip: missing(ANNOTATE, "callgrind_annotate"),
}, async () => {
  const own = await printed(ANNOTATE, ["--auto=no", join(folder, "calltree")]);
  match(own, /120,000 \(100\.0%\) +PROGRAM TOTALS/);
  match(own, /70,000 \(58\.33%\) +src\/main\/inner\.ts:inner/);
  const all = await printed(ANNOTATE, ["--auto=no", "--inclusive=yes", "--threshold=100", join(folder, "calltree")]);
  match(all, /50,000 \(41\.67%\) +src\/main\/outer\.ts:outer/);
  match(all, /60,000 \(50\.00%\) +\?\?\?:\(thread main\)/);
});

test("Python's pstats lists functions with callers", { skip: missing(PYTHON, "python3") }, async () => {
  const script =
    "import json, pstats, sys; print(json.dumps([[list(k), list(v[:4]), [[list(c), list(n)] for c, n in v[4].items()]] for k, v in pstats.Stats(sys.argv[1]).stats.items()]))";
  const stats: unknown = JSON.parse(await printed(PYTHON, ["-c", script, join(folder, "pstats")]));
  const [main, wire] = [
    ["~", 0, "<thread main>"],
    ["~", 0, "<thread wire>"],
  ];
  const [inner, outer] = [
    ["src/main/inner.ts", 7, "inner"],
    ["src/main/outer.ts", 3, "outer"],
  ];
  // [outer calls, calls, own seconds, all seconds], callers with [calls, outer calls, own seconds, all seconds].
  deepEqual(stats, [
    [main, [1, 1, 0, 0.06], []],
    [wire, [1, 1, 0, 0.06], []],
    [["~", 0, "<thread script>"], [1, 1, 0, 0], []],
    [["~", 0, "<garbage collector>"], [1, 1, 0.01, 0.01], [[main, [1, 1, 0.01, 0.01]]]],
    [outer, [2, 2, 0.01, 0.05], [[main, [2, 2, 0.01, 0.05]]]],
    [
      inner,
      [3, 4, 0.07, 0.07],
      [
        [wire, [1, 1, 0.03, 0.03]],
        [outer, [2, 2, 0.02, 0.04]],
        [inner, [1, 0, 0.02, 0]],
      ],
    ],
    [["node_modules/package/index.js", 12, "(anonymous:12)"], [1, 1, 0.03, 0.03], [[wire, [1, 1, 0.03, 0.03]]]],
  ]);
  match(
    await printed(PYTHON, [
      "-c",
      "import pstats, sys; pstats.Stats(sys.argv[1]).sort_stats('tottime').print_stats()",
      join(folder, "pstats"),
    ]),
    /0\.070.*src\/main\/inner\.ts:7\(inner\)/,
  );
});
