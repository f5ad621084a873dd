import assert from "node:assert/strict";
import { test } from "node:test";
import { exchange, session } from "./records.ts";

test("a record that can't be written is counted and told of, and all others are kept", (context) => {
  const faults: string[] = [];
  const s = session(context, { onFault: (message) => faults.push(message) });
  // What no type lets through, as a fault of ours would.
  const unwritable = {} as never;
  for (let id = 1; id <= 20; id += 1) s.put(exchange(id, id === 7 || id === 20 ? { path: unwritable } : {}));
  s.flush();
  assert.deepEqual([s.stats().exchanges, s.stats().missed], [18, 2]);
  assert.deepEqual(
    faults.map((fault) => /^Exchange (\d+) could not be kept: ./.exec(fault)?.[1]),
    ["7", "20"],
  );
});
