import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { begin } from "../../../../src/main/pipes/generators/begin.ts";
import type { RememberedGenerator } from "../../../../src/main/pipes/generators/remembered.ts";
import { PipeRefusal } from "../../../../src/main/pipes/job.ts";

const never = (): null => null;

describe("what is asked of a generator", () => {
  it("goes to a data stream of the kind's own name unless an index is named", () => {
    const { entry } = begin({ kind: "logs" }, "c", never, 5);
    assert.deepEqual(
      { index: entry.index, stream: entry.stream, rate: entry.rate, documents: entry.documents, made: entry.made, begun: entry.begun },
      { index: "logs-web.shop-default", stream: true, rate: 20, documents: null, made: 0, begun: 5 },
    );
    const named = begin({ kind: "logs", index: "mine", rate: 0 }, "c", never, 5).entry;
    assert.deepEqual([named.index, named.stream, named.rate], ["mine", false, null]);
  });

  it("goes on where it was when it is asked for alike, and anew with another seed", () => {
    const before: RememberedGenerator = { ...begin({ kind: "orders" }, "c", never, 5).entry, made: 77, wanted: false };
    const again = begin({ kind: "orders", rate: 3 }, "c", () => before, 9).entry;
    assert.deepEqual([again.made, again.begun, again.rate, again.wanted], [77, 5, 3, true]);
    assert.equal(begin({ kind: "orders", seed: 2 }, "c", () => before, 9).entry.made, 0);
  });

  it("is refused in words where it can't be", () => {
    const refused = (request: Parameters<typeof begin>[0], pattern: RegExp): void =>
      assert.throws(
        () => begin(request, "c", never, 5),
        (error: unknown) => error instanceof PipeRefusal && pattern.test(error.message),
      );
    refused({ kind: "log" }, /no generator "log"; there are logs, devices, orders, makelogs/);
    refused({ kind: "logs", index: "Mine" }, /"Mine" can't be the name of an index/);
    refused({ kind: "logs", index: "_all" }, /can't be the name/);
    refused({ kind: "logs", rate: 1_000_000 }, /at most 100000/);
    refused({ kind: "logs", documents: 0 }, /from 1 to/);
  });
});
