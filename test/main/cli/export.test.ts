import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openSession } from "../../../src/main/capture/index.ts";
import { runParallax } from "../../support/parallax_process.ts";
import { folder } from "../capture/records.ts";
import { CHOICES, MARKER, plantedExchanges } from "../share/planted.ts";

test("export takes out what --redact names, as each kind of file, and refuses what it does not know", async (context) => {
  const at = folder(context);
  const file = join(at, "s.parallax");
  const source = openSession(file);
  for (const { detail, bodies } of plantedExchanges()) source.put(detail, bodies);
  source.close();
  const choices = Object.entries(CHOICES).map(([name, of]) => (Array.isArray(of) ? `${name}=${of.join(",")}` : name));
  const run = (...args: readonly string[]) => runParallax(["export", "--session", file, ...args], { limitMs: 60_000 });
  for (const name of ["out.har", "out.parallax"]) {
    const out = join(at, name);
    const result = await run("--out", out, "--redact", choices.join(";"));
    assert.equal(result.code, 0, result.output);
    assert.ok(!readFileSync(out).includes(MARKER), name);
  }
  const two = await run("--out", join(at, "two.har"), "--ids", "2, 4-4");
  assert.equal(two.code, 0, two.output);
  assert.equal(readFileSync(join(at, "two.har"), "utf8").match(/"startedDateTime"/g)?.length, 2);
  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [["--redact", "feilds=email", "--out", join(at, "x.har")], /no member "feilds"/],
    [["--redact", "fields=email", "--keep-secrets"], /can't both be meant/],
    [["--format", "html"], /--out FILE/],
    [["--format", "pdf"], /must be html, session, har/],
    [["--ids", "1-x", "--out", join(at, "x.har")], /like 3,7,20-24/],
    [["--ids", "1", "--filter", "~all"], /can't both be meant/],
    [["--ids", "999", "--out", join(at, "x.har")], /no exchange of --ids/],
  ];
  for (const [args, message] of wrong) {
    const result = await run(...args);
    assert.equal(result.code, 2, result.output);
    assert.match(result.output, message);
  }
});
