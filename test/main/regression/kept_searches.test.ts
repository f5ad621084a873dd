// What is read of a session and of a case file to be judged anew, and what `parallax compare` refuses.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { writeHar } from "../../../src/main/capture/har/write.ts";
import { openSession } from "../../../src/main/capture/session.ts";
import { keptSearches } from "../../../src/main/regression/kept_searches.ts";
import type { ExchangeDetail } from "../../../src/shared/exchange.ts";
import { fakeExchanges } from "../../support/fake_exchanges.ts";
import { differing } from "../../support/fake_sides.ts";
import { freePort, runParallax } from "../../support/parallax_process.ts";

const folder = mkdtempSync(join(tmpdir(), "parallax-kept-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function search(id: number, path: string, part: Partial<ExchangeDetail> = {}): ExchangeDetail {
  const [fake] = fakeExchanges(1, 1_700_000_000_000);
  assert.ok(fake);
  const request = { ...fake.detail.request, truncated: false, headers: [["content-type", "application/json"]] as const };
  return {
    ...fake.detail,
    id,
    method: "POST",
    path,
    endpoint: "_search",
    kind: "search",
    verdict: "equal",
    searches: [],
    request,
    ...part,
  };
}

describe("searches that are judged anew", () => {
  test("equal requests of a session are one, with the last verdict; what can't be asked again is counted", async () => {
    const file = join(folder, "session.parallax");
    const session = openSession(file);
    const body = Buffer.from('{"size":1}');
    const part = { position: 0, index: "a", body: "", statements: [], clickhouse: null, shape: "", clickhouseMs: 1 };
    session.put(search(1, "/a/_search?scroll=1m&preference=x"), { request: body });
    session.put(search(2, "/a/_search?preference=x", { verdict: "different", searches: [{ ...part, comparison: differing("/x") }] }), {
      request: body,
    });
    session.put(search(3, "/b/_async_search?keep_alive=1m"), { request: body });
    session.put(search(4, "/_search/scroll", { endpoint: "_search" }), { request: Buffer.from('{"scroll_id":"x"}') });
    session.put(search(5, "/_search"), { request: Buffer.from('{"pit":{"id":"x"}}') });
    session.put(search(6, "/a/_bulk", { kind: "write", verdict: null }), { request: body });
    session.close();
    const { searches, leftOut } = await keptSearches(file, {});
    assert.deepEqual(
      searches.map((one) => (one.kind === "request" ? [one.name, one.target, one.before, one.body] : [])),
      [
        ["#2 POST /a/_search", "/a/_search?preference=x", ["different"], '{"size":1}'],
        ["#3 POST /b/_search", "/b/_search", ["equal"], '{"size":1}'],
      ],
    );
    assert.deepEqual([...leftOut.values()], [1, 1]);
  });

  test("a HAR keeps the verdicts that Parallax wrote into it", async () => {
    const session = openSession(join(folder, "to_har.parallax"));
    const part = {
      position: 0,
      index: "a",
      body: "",
      statements: [],
      clickhouse: null,
      shape: "",
      clickhouseMs: 1,
      comparison: differing("/x"),
    };
    const one = search(1, "/a/_search", { verdict: "different", searches: [part], requestBytes: 10 });
    session.put({ ...one, request: { ...one.request, bodyBytes: 10 } }, { request: Buffer.from('{"size":1}') });
    session.flush();
    const file = join(folder, "one.har");
    await writeFile(file, writeHar(session, { redact: true, version: "0" }));
    session.close();
    const { searches } = await keptSearches(file, {});
    assert.deepEqual(
      searches.map((kept) => (kept.kind === "request" ? [kept.target, kept.before, kept.body] : [])),
      [["/a/_search", ["different"], '{"size":1}']],
    );
  });

  test("a case is read by its members, and what is none is told", async () => {
    const file = join(folder, "one.json");
    writeFileSync(file, '{"mappings":{},"documents":[{"n":1}],"request":{"size":0}}');
    const { searches } = await keptSearches(file, {});
    assert.deepEqual([searches[0]?.kind, searches[0]?.name], ["case", "one"]);
    const wrong = join(folder, "wrong.json");
    writeFileSync(wrong, '{"mappings":{}}');
    await assert.rejects(keptSearches(wrong, {}), /wrong\.json is no case: it has no "request"/);
  });

  test("`parallax compare` ends with 2 for wrong usage, and with 3 where nobody answers", async () => {
    const file = join(folder, "two.json");
    writeFileSync(file, '{"mappings":{},"documents":[],"request":{}}');
    const wrong: readonly (readonly [readonly string[], RegExp])[] = [
      [["nowhere.json"], /There is no file nowhere\.json/],
      [[file, "--clickhouse", "http://127.0.0.1:1"], /--clickhouse needs --elasticsearch/],
      [[file, "--verdict-rules", "rules.json"], /--verdict-rules needs --elasticsearch/],
      [[file, "--filter", "~nothing x"], /At position/],
    ];
    for (const [args, message] of wrong) {
      const { code, output } = await runParallax(["compare", ...args], { limitMs: 60_000 });
      assert.equal(code, 2, `${args.join(" ")}: ${output}`);
      assert.match(output, message);
    }
    const nobody = await runParallax(["compare", file, "--ui-port", String(await freePort())], { limitMs: 60_000 });
    assert.equal(nobody.code, 3, nobody.output);
  });
});
