import { match, ok, rejects } from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { heapPprof } from "../../../src/main/profile/formats/heap_pprof.ts";
import { HeapSampling } from "../../../src/main/profile/heap_sampling.ts";
import type { HeapNode, ThreadHeap } from "../../../src/shared/heap_profile.ts";
import { GO, missing, printed } from "../../support/tool.ts";

let sampling: HeapSampling;
const kept: object[] = [];

before(async () => {
  sampling = await HeapSampling.start();
});
after(() => sampling.stop());

function keepObjects(): void {
  for (let i = 0; i < 100_000; i += 1) kept.push({ first: i, text: `text ${i}`, list: [i, i + 1, i + 2] });
}

/** The last one; one that nobody could see would not be made. */
let dropped: object = {};

function dropObjects(): void {
  for (let i = 0; i < 100_000; i += 1) dropped = { first: i, list: [i, i + 1, i + 2], dropped: typeof dropped };
}

/** Bytes of functions of the main thread, by name. */
function bytesOf(heaps: readonly ThreadHeap[]): ReadonlyMap<string, number> {
  const bytes = new Map<string, number>();
  const walk = ({ callFrame, selfSize, children }: HeapNode): void => {
    const name = `${callFrame.functionName} ${callFrame.url}`;
    bytes.set(name, (bytes.get(name) ?? 0) + selfSize);
    for (const child of children) walk(child);
  };
  for (const { thread, profile } of heaps) if (thread === "main") walk(profile.head);
  return bytes;
}

const KEEP = "keepObjects test/main/profile/heap_sampling.test.ts";
const DROP = "dropObjects test/main/profile/heap_sampling.test.ts";

test("knows what is alive and by whom it was allocated, at any time", async () => {
  keepObjects();
  dropObjects();
  const alive = bytesOf(await sampling.live(true));
  // About 15 MB: some 30 samples.
  ok((alive.get(KEEP) ?? 0) > 2_000_000, `${alive.get(KEEP)} bytes`);
  ok((alive.get(DROP) ?? 0) < 2_000_000, `${alive.get(DROP)} bytes of what was collected`);
});

test("tells all that is allocated in a time, and refuses to tell what is alive meanwhile", async () => {
  const gone = new AbortController();
  const recording = sampling.allocated(600_000, gone.signal);
  await rejects(sampling.live(), /Allocations are being recorded/);
  // Until the threads have begun, and some more.
  for (let round = 0; round < 40; round += 1) {
    dropObjects();
    await setImmediate();
  }
  gone.abort();
  const bytes = bytesOf(await recording);
  ok((bytes.get(DROP) ?? 0) > 2_000_000, `${bytes.get(DROP)} bytes`);
  keepObjects();
  ok((bytesOf(await sampling.live()).get(KEEP) ?? 0) > 2_000_000, "what is alive is sampled again");
});

test("go tool pprof lists functions with their bytes, and their growth", { skip: missing(GO, "Go") }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "parallax-heap-"));
  const file = join(folder, "heap.pb.gz");
  const top = async (bytes: Uint8Array): Promise<string> => {
    await writeFile(file, bytes);
    return printed(GO, ["tool", "pprof", "-top", file]);
  };
  const first = await sampling.live();
  const text = await top(heapPprof(first, { measure: "inuse_space" }));
  match(text, /^Type: inuse_space$/m);
  match(text, /[kM]B .* test\/main\/profile\/heap_sampling\.test\.keepObjects$/m);
  keepObjects();
  match(await top(heapPprof(await sampling.live(), { measure: "inuse_space", before: first, durationMs: 1 })), /[kM]B .*keepObjects$/m);
  const nothing = await top(heapPprof(first, { measure: "alloc_space", before: first }));
  ok(!nothing.includes("keepObjects"), nothing);
  await rm(folder, { recursive: true });
});
