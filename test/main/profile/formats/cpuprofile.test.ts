import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { cpuprofile, readCpuprofile } from "../../../../src/main/profile/formats/cpuprofile.ts";
import type { CpuProfile, ThreadProfile } from "../../../../src/shared/profile.ts";
import { TWO_THREADS } from "./two_threads.ts";

const text = (profiles: readonly ThreadProfile[]): string => Buffer.from(cpuprofile(profiles)).toString();

test("puts the threads one after another, each under a node of its name", () => {
  const written: CpuProfile = JSON.parse(text(TWO_THREADS));
  const names = new Map(written.nodes.map(({ id, callFrame }) => [id, callFrame.functionName]));
  const parents = new Map(written.nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const pathOf = (id: number | undefined): readonly string[] =>
    id === undefined ? [] : [...pathOf(parents.get(id)), names.get(id) ?? "?"];
  deepEqual(
    written.samples.map((id) => pathOf(id).join(" > ")).filter((path, i, all) => path !== all[i - 1]),
    [
      "(root) > main > outer > inner",
      "(root) > main > (idle)",
      "(root) > main > outer",
      "(root) > main > outer > inner > inner",
      "(root) > main > (garbage collector)",
      "(root) > main > (idle)",
      "(root) > wire > ",
      "(root) > wire > inner",
    ],
  );
  deepEqual(
    written.nodes[0]?.children?.map((id) => names.get(id)),
    ["main", "wire", "script"],
  );
  equal(new Set(names.keys()).size, written.nodes.length);
  equal(written.endTime - written.startTime, 165_000);
  // The first sample of the second thread: what is left of the first one, and its own beginning.
  equal(written.timeDeltas[10], 10_000 + 5_000);
});

test("is read back as it was", () => {
  const back = readCpuprofile(text(TWO_THREADS));
  deepEqual(
    back.map(({ thread, problem }) => [thread, problem]),
    TWO_THREADS.map(({ thread, problem }) => [thread, problem]),
  );
  equal(text(back), text(TWO_THREADS));
  const { samples, timeDeltas, startTime, endTime } = TWO_THREADS[1]?.profile ?? { samples: [], timeDeltas: [] };
  const wire = back[1]?.profile;
  deepEqual([wire?.samples.length, wire?.timeDeltas, wire?.startTime, wire?.endTime], [samples.length, timeDeltas, startTime, endTime]);
});

test("reads what others wrote as the profile of one thread", () => {
  const [only] = readCpuprofile(JSON.stringify(TWO_THREADS[0]?.profile));
  deepEqual(only, { thread: "main", profile: TWO_THREADS[0]?.profile });
});
