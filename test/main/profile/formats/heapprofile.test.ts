import assert from "node:assert/strict";
import { test } from "node:test";
import { heapprofile, readHeapprofile } from "../../../../src/main/profile/formats/heapprofile.ts";
import type { HeapNode, ThreadHeap } from "../../../../src/shared/heap_profile.ts";

const ROOT = { functionName: "(root)", url: "", lineNumber: -1, columnNumber: -1 };
const node = (id: number, functionName: string, selfSize: number, children: readonly HeapNode[] = []): HeapNode => ({
  id,
  callFrame: { functionName, url: "src/main/a.ts", lineNumber: 1, columnNumber: 0 },
  selfSize,
  children,
});

const HEAPS: readonly ThreadHeap[] = [
  {
    thread: "main",
    since: 5,
    profile: {
      head: { ...node(1, "", 0, [node(7, "a", 100, [node(9, "b", 50)])]), callFrame: ROOT },
      samples: [{ size: 50, nodeId: 9, ordinal: 1 }],
    },
  },
  {
    thread: "proxy",
    since: 6,
    profile: { head: { ...node(1, "", 0, [node(7, "c", 8)]), callFrame: ROOT }, samples: [{ size: 8, nodeId: 7, ordinal: 1 }] },
  },
];

const sizesOf = ({ callFrame, selfSize, children }: HeapNode): unknown => [callFrame.functionName, selfSize, ...children.map(sizesOf)];

test("threads are nodes of their names below one root, each id once", () => {
  const merged = JSON.parse(Buffer.from(heapprofile(HEAPS)).toString("utf8"));
  assert.deepEqual(sizesOf(merged.head), ["(root)", 0, ["main", 0, ["a", 100, ["b", 50]]], ["proxy", 0, ["c", 8]]]);
  const ids: number[] = [];
  const walk = (one: HeapNode): void => {
    ids.push(one.id);
    one.children.forEach(walk);
  };
  walk(merged.head);
  assert.equal(new Set(ids).size, ids.length);
});

test("what was written is parted again", () => {
  const read = readHeapprofile(Buffer.from(heapprofile(HEAPS)).toString("utf8"));
  assert.deepEqual(
    read.map(({ thread, since, profile }) => [thread, since, sizesOf(profile.head), profile.samples.map(({ size }) => size)]),
    HEAPS.map(({ thread, since, profile }) => [thread, since, sizesOf(profile.head), profile.samples.map(({ size }) => size)]),
  );
  const [main] = read;
  assert.equal(main?.profile.head.children[0]?.children[0]?.id, main?.profile.samples[0]?.nodeId);
});

test("another's profile is that of a main thread", () => {
  const text = JSON.stringify({ head: HEAPS[0]?.profile.head, samples: [] });
  assert.deepEqual(
    readHeapprofile(text).map(({ thread }) => thread),
    ["main"],
  );
  assert.throws(() => readHeapprofile("{"), SyntaxError);
});
