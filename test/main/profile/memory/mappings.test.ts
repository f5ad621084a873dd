import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { readMappings } from "../../../../src/main/profile/memory/mappings.ts";

const mapping = (head: string, rss: number): string =>
  `${head}\nSize:               4096 kB\nRss:    ${rss} kB\nPss:    ${rss} kB\nVmFlags: rd wr\n`;
const SMAPS = [
  mapping("00400000-07c00000 r-xp 00000000 08:01 42                       /usr/bin/node", 100),
  mapping("0446f000-04fa4000 rw-p 00000000 00:00 0                        [heap]", 20),
  mapping("7f0000000000-7f0003000000 rw-p 00000000 00:00 0 ", 30),
  mapping("7f0003000000-7f0004000000 ---p 00000000 00:00 0 ", 0),
  mapping("7f1000001000-7f1000002000 ---p 00000000 00:00 0 ", 0),
  mapping("7f1000002000-7f1000402000 rw-p 00000000 00:00 0 ", 7),
  mapping("7f1100002000-7f1100042000 rw-p 00000000 00:00 0 ", 256),
  mapping("7f1200002000-7f1200042000 rwxp 00000000 00:00 0 ", 3),
  mapping("7f1300002000-7f130000a000 rw-s 00000000 08:01 43                       /data/current.parallax-shm", 8),
  mapping("7ffc00000000-7ffc00021000 rw-p 00000000 00:00 0                        [stack]", 5),
].join("");

describe("the mappings of a process", () => {
  test("are each of one kind", () => {
    const kib = Object.fromEntries(Object.entries(readMappings(SMAPS)).map(([kind, bytes]) => [kind, bytes / 1024]));
    assert.deepEqual(kib, { resident: 429, files: 100, databases: 8, stacks: 12, arenas: 50, code: 3, anonymous: 256 });
  });

  test("together are all that is resident", { skip: process.platform !== "linux" }, () => {
    const { resident, ...kinds } = readMappings(readFileSync("/proc/self/smaps", "utf8"));
    assert.ok(resident > 20_000_000);
    assert.equal(
      Object.values(kinds).reduce((sum, bytes) => sum + bytes, 0),
      resident,
    );
  });
});
