import assert from "node:assert/strict";
import { describe, test } from "node:test";
import v8 from "node:v8";
import { leastOf, partsOf, serves, uncounted } from "../../../../src/main/profile/memory/parts.ts";
import type { HeapFigures, ThreadMemory } from "../../../../src/main/profile/memory/thread_memory.ts";

function thread(name: string, spaces: Readonly<Record<string, number>>, arrayBuffers: number, malloced: number): ThreadMemory {
  const figures: HeapFigures = {
    heap: { ...v8.getHeapStatistics(), malloced_memory: malloced },
    spaces: Object.entries(spaces).map(([space_name, size]) => ({
      space_name,
      space_size: size,
      space_used_size: size,
      space_available_size: 0,
      physical_space_size: size,
    })),
    code: v8.getHeapCodeStatistics(),
    arrayBuffers,
    external: 0,
  };
  return { thread: name, figures, problem: "" };
}

const MAIN = thread("main", { old_space: 50, new_space: 0, code_space: 8 }, 20, 4);
const PROXY = thread("proxy", { old_space: 10, code_space: 2 }, 5, 1);
const MAPPINGS = { resident: 300, files: 100, databases: 1, stacks: 2, arenas: 100, code: 12, anonymous: 85 };
const MALLOC = { arenas: [{ system: 110, free: 60, freePieces: 3 }], mapped: { count: 0, bytes: 0 } };

function sizes(parts: ReturnType<typeof partsOf>): Readonly<Record<string, number>> {
  return Object.fromEntries(parts.map(({ name, bytes }) => [name, bytes]));
}

describe("the parts of the resident set", () => {
  test("count each octet once: code by its mappings, free memory as far as it is resident", () => {
    assert.deepEqual(sizes(partsOf({ threads: [MAIN, PROXY], mappings: MAPPINGS, malloc: MALLOC })), {
      "mapped executable and libraries": 100,
      "mapped files of session and journal": 1,
      "stacks of threads": 2,
      "V8 code of all threads": 12,
      "V8 main old space": 50,
      "V8 heap of proxy": 10,
      "ArrayBuffers of main": 20,
      "ArrayBuffers of proxy": 5,
      "V8 outside of its heaps": 5,
      // Of 60 that are free 10 are not resident.
      "free in malloc's arenas": 50,
    });
    assert.equal(uncounted({ threads: [MAIN, PROXY], mappings: MAPPINGS, malloc: MALLOC }), 20);
  });

  test("are those of V8 alone where neither mappings nor malloc are told", () => {
    const silent: ThreadMemory = { thread: "script", figures: null, problem: "script: did not answer" };
    assert.deepEqual(sizes(partsOf({ threads: [MAIN, silent], mappings: null, malloc: null })), {
      "V8 main old space": 50,
      "V8 main code space": 8,
      "ArrayBuffers of main": 20,
      "V8 outside of its heaps": 4,
    });
    assert.equal(uncounted({ threads: [MAIN], mappings: null, malloc: null }), null);
  });

  test("have of buffers that were freed meanwhile what is left", () => {
    const later = thread("main", { old_space: 90 }, 12, 5);
    const [main] = leastOf([MAIN, PROXY], [later]);
    assert.equal(main?.figures?.arrayBuffers, 12);
    assert.equal(main?.figures?.heap.malloced_memory, 4);
    assert.equal(leastOf([MAIN, PROXY], [later])[1], PROXY, "a thread that has ended since is as it was");
  });

  test("are told without a malloc that has nothing of what the threads have", () => {
    assert.ok(serves(MALLOC, [MAIN, PROXY]));
    assert.ok(!serves(MALLOC, [thread("main", {}, 1_000_000, 0)]));
  });

  test("have no more of V8's own memory than malloc has in use by now", () => {
    const compiling = thread("main", {}, 20, 1_000);
    assert.equal(sizes(partsOf({ threads: [compiling], mappings: MAPPINGS, malloc: MALLOC }))["V8 outside of its heaps"], 30);
  });
});
