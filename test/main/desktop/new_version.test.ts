import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readServeOptions } from "../../../src/main/config/options.ts";
import { findNewVersion, isLater, newVersion } from "../../../src/main/desktop/new_version.ts";

const ASKED = "https://downloads.example/parallax.json";
const body = (version: string, url = "https://downloads.example/new") => JSON.stringify({ version, url });

describe("the notice of a newer version", () => {
  test("compares numbers, and offers nothing that comes before a release", () => {
    for (const [version, current] of [
      ["1.10.0", "1.9.9"],
      ["v2.0.0", "1.0.0"],
      ["1.0.1", "1.0.0-beta"],
    ] as const)
      assert.ok(isLater(version, current), version);
    for (const [version, current] of [
      ["1.0.0", "1.0.0"],
      ["0.9.0", "1.0.0"],
      ["2.0.0-rc1", "1.0.0"],
      ["2", "1.0.0"],
      ["", "1.0.0"],
    ] as const)
      assert.ok(!isLater(version, current), version);
  });

  test("leads to a page of the server that was asked, and nowhere else", () => {
    assert.deepEqual(newVersion(body("2.0.0"), ASKED, "1.0.0"), { version: "2.0.0", url: "https://downloads.example/new" });
    for (const url of ["https://evil.example/new", "http://downloads.example/new", "file:///bin/sh", "javascript:alert(1)"]) {
      assert.equal(newVersion(body("2.0.0", url), ASKED, "1.0.0"), null, url);
    }
  });

  test("is asked for by https alone, and by nobody unless it is set", () => {
    const options = (...argv: string[]) => readServeOptions(["--data", "/nowhere", ...argv], {}, "linux").desktop;
    assert.deepEqual(options(), { notifications: true, openAtLogin: false, versionUrl: null });
    assert.equal(options("--version-url", ASKED).versionUrl, ASKED);
    for (const url of ["http://downloads.example/x", "file:///x", "x"])
      assert.throws(() => options("--version-url", url), /must be an https URL/);
  });

  test("is none where the answer is none, and never fails", async () => {
    const answers: readonly (() => Response)[] = [
      () => new Response("no JSON"),
      () => new Response("[]"),
      () => new Response(body("2.0.0"), { status: 500 }),
      () => new Response(`"${"x".repeat(100_000)}"`),
      () => {
        throw new Error("no network");
      },
    ];
    for (const answer of answers) assert.equal(await findNewVersion(ASKED, "1.0.0", async () => answer()), null);
    let asked: RequestInit | undefined;
    const found = await findNewVersion(ASKED, "1.0.0", async (_url, init) => {
      asked = init;
      return new Response(body("1.0.1"));
    });
    assert.equal(found?.version, "1.0.1");
    assert.deepEqual([asked?.redirect, asked?.credentials, asked?.headers], ["error", "omit", undefined]);
  });
});
