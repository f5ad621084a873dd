// Every channel of the app and every request of the contract, by everything that a page should not be able to send.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CALL_CHANNEL } from "../../../src/main/contract/ipc.ts";
import { REQUEST_NAMES } from "../../../src/main/contract/validate.ts";
import { PAGE_ORIGIN, PAGE_URL } from "../../../src/main/desktop/page_protocol.ts";
import { startFakeApp } from "../../support/fake_app.ts";

const top = (url: string) => ({ senderFrame: { url, parent: null } });
const OWN = top(`${PAGE_URL}#/traffic`);

const FOREIGN: Readonly<Record<string, Parameters<typeof top>[0] | null>> = {
  "another origin": "https://evil.example/index.html",
  "a page that begins alike": `${PAGE_URL}.evil`,
  "another page of ours": `${PAGE_ORIGIN}/speedscope/index.html`,
  "the page with a query": `${PAGE_URL}?x=1`,
  "a file": "file:///app/out/renderer/index.html",
  "the debugging interface": "http://127.0.0.1:9999/",
  "no page": "",
};

function deep(levels: number): unknown {
  let value: unknown = {};
  for (let level = 0; level < levels; level += 1) value = { x: value };
  return value;
}

/** What no request takes. */
const BAD: Readonly<Record<string, readonly unknown[]>> = {
  "no request": [],
  "a text": ["{}"],
  "a number": [7],
  null: [null],
  "a list": [[]],
  "a map": [new Map([["id", 1]])],
  "a date": [new Date(0)],
  "an error": [new Error("x")],
  octets: [new Uint8Array(8)],
  "an argument too many": [{}, {}],
  "100 MiB": [{ nonsense: "x".repeat(100 * 1024 ** 2) }],
  "100 MiB in pieces": [{ nonsense: Array.from({ length: 100 }, () => "x".repeat(1024 ** 2)) }],
  "100,000 levels": [deep(100_000)],
  "__proto__ of its own": [JSON.parse('{"__proto__": {"polluted": 1}}')],
  constructor: [JSON.parse('{"constructor": {"prototype": {"polluted": 1}}}')],
  "an unknown member": [{ nonsense: 1 }],
};

describe("the app's channels", () => {
  test("are one, and nothing else listens", async (t) => {
    const { electron } = await startFakeApp((clean) => t.after(clean));
    assert.deepEqual([...electron.ipc.keys()], [CALL_CHANNEL]);
  });

  test("refuse every request of every other sender before a handler sees it", async (t) => {
    const { electron, engine } = await startFakeApp((clean) => t.after(clean));
    const call = electron.ipc.get(CALL_CHANNEL);
    assert.ok(call !== undefined);
    const before = engine.asked.length;
    for (const name of REQUEST_NAMES) {
      for (const [who, url] of Object.entries(FOREIGN))
        assert.match(JSON.stringify(await call(top(url ?? ""), name, {})), /foreign_sender/, `${name}, ${who}`);
      const inFrame = { senderFrame: { url: PAGE_URL, parent: {} } };
      assert.match(JSON.stringify(await call(inFrame, name, {})), /foreign_sender/, `${name}, a sub-frame`);
      assert.match(JSON.stringify(await call({ senderFrame: null }, name, {})), /foreign_sender/, `${name}, a frame that is gone`);
    }
    assert.equal(engine.asked.length, before);
  });

  test("refuse whatever is no request, of every name, and go on", async (t) => {
    const { electron, engine } = await startFakeApp((clean) => t.after(clean));
    const call = electron.ipc.get(CALL_CHANNEL);
    assert.ok(call !== undefined);
    const before = engine.asked.length;
    for (const name of REQUEST_NAMES) {
      for (const [what, args] of Object.entries(BAD)) {
        assert.match(JSON.stringify(await call(OWN, name, ...args)), /"ok":false.*"(bad_request|bad_body)"/, `${name}, ${what}`);
      }
    }
    for (const name of ["", "constructor", "__proto__", "toString", "exchange.get ", 7, null, {}]) {
      assert.match(JSON.stringify(await call(OWN, name, {})), /"ok":false/);
    }
    assert.equal(engine.asked.length, before);
    assert.equal("polluted" in {}, false);
    assert.match(JSON.stringify(await call(OWN, "status.get", {})), /"ok":true/);
  });
});
