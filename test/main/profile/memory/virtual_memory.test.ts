import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { virtualMemory, virtualMemoryOf } from "../../../../src/main/profile/memory/virtual_memory.ts";

const MEMINFO = `MemTotal:        1000 kB
MemFree:          200 kB
MemAvailable:     600 kB
Buffers:           50 kB
Cached:           250 kB
Active:           300 kB
Inactive:         100 kB
Active(anon):       7 kB
Shmem:             10 kB
Slab:              40 kB
SReclaimable:      30 kB
`;

describe("the machine's memory", () => {
  test("is counted as psutil counts it", () => {
    const kib = Object.fromEntries(
      Object.entries(virtualMemoryOf(MEMINFO)).map(([name, value]) => [name, name === "percent" ? value : Number(value) / 1024]),
    );
    assert.deepEqual(kib, {
      total: 1000,
      available: 600,
      percent: 40,
      used: 470,
      free: 200,
      active: 300,
      inactive: 100,
      buffers: 50,
      cached: 280,
      shared: 10,
      slab: 40,
    });
  });

  test("is told on every platform", () => {
    const { total, available, percent } = virtualMemory();
    assert.ok(available > 0 && available <= total && percent >= 0 && percent <= 100);
  });
});
