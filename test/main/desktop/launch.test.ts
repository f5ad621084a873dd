import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { launchOf, readLaunch } from "../../../src/main/desktop/launch.ts";

describe("what the app is started with", () => {
  test("is taken apart into flags, files and links", () => {
    assert.deepEqual(readLaunch(["--sample", "a b.parallax", "/x/Y.HAR", "parallax://exchange/1", "--hidden"], "/home/me"), {
      flags: ["--sample"],
      files: ["/home/me/a b.parallax", "/x/Y.HAR"],
      links: ["parallax://exchange/1"],
      hidden: true,
    });
  });

  test("leaves a flag its value, whatever that looks like", () => {
    const flags = ["--data", "x.parallax", "--dump-filter", "parallax://exchange/1", "--script", "--hidden"];
    assert.deepEqual(readLaunch(flags, "/").flags, flags);
    assert.deepEqual(readLaunch(["--sample", "x.har", "--mode=tap", "y.har"], "/").files, ["/x.har", "/y.har"]);
  });

  test("leaves what it does not know to the flags, which name what is wrong with it", () => {
    assert.deepEqual(readLaunch(["x.txt", "--nonsense.har", "http://x"], "/").flags, ["x.txt", "--nonsense.har", "http://x"]);
  });

  test("is taken from a second start as far as it is of its form", () => {
    assert.deepEqual(launchOf({ args: ["a.har", 7], folder: "/b" })?.files, ["/b/a.har"]);
    for (const told of [null, undefined, "x", {}, { args: "x", folder: "/" }, { args: [], folder: 1 }]) assert.equal(launchOf(told), null);
  });
});
