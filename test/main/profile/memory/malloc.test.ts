import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { mallocOf, readMalloc } from "../../../../src/main/profile/memory/malloc.ts";

const XML = `<malloc version="1">
<heap nr="0">
<sizes><size from="17" to="32" total="64" count="2"/></sizes>
<total type="fast" count="2" size="64"/>
<total type="rest" count="3" size="1000"/>
<system type="current" size="135168"/>
<system type="max" size="999999"/>
</heap>
<heap nr="1">
<sizes></sizes>
<total type="fast" count="0" size="0"/>
<total type="rest" count="1" size="500"/>
<system type="current" size="1000"/>
</heap>
<total type="fast" count="2" size="64"/>
<total type="rest" count="4" size="1500"/>
<total type="mmap" count="1" size="4096"/>
<system type="current" size="136168"/>
</malloc>`;

describe("malloc's account", () => {
  test("is read by arena", () => {
    assert.deepEqual(mallocOf(XML), {
      arenas: [
        { system: 135168, free: 1064, freePieces: 5 },
        { system: 1000, free: 500, freePieces: 1 },
      ],
      mapped: { count: 1, bytes: 4096 },
    });
  });

  test("is that of this process, where glibc gives it", async () => {
    const found = await readMalloc();
    if (found === null) return;
    assert.ok(found.arenas.length > 0);
    for (const { system, free } of found.arenas) assert.ok(free <= system, `${free} of ${system} free`);
  });
});
