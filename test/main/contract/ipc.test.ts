import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Handlers } from "../../../src/main/contract/handlers.ts";
import { CALL_CHANNEL, type IpcCalls, serveIpc } from "../../../src/main/contract/ipc.ts";
import { REQUEST_NAMES } from "../../../src/main/contract/validate.ts";

const page = "file:///app/out/renderer/index.html";
const own = { url: `${page}#/traffic`, topFrame: true };

function served(): { readonly call: Parameters<IpcCalls["handle"]>[1]; readonly calls: string[] } {
  const calls: string[] = [];
  const handlers = new Proxy({} as Handlers, {
    get: (_target, name) => () => {
      calls.push(String(name));
      return "answer";
    },
  });
  const listeners = new Map<string, Parameters<IpcCalls["handle"]>[1]>();
  serveIpc({ handle: (channel, listener) => listeners.set(channel, listener) }, handlers, page);
  const call = listeners.get(CALL_CHANNEL);
  assert.ok(call !== undefined && listeners.size === 1);
  return { call, calls };
}

describe("the contract over IPC", () => {
  test("answers the app's own page", async () => {
    const { call, calls } = served();
    assert.deepEqual(await call(own, "verdicts.get", {}), { ok: true, value: "answer" });
    assert.deepEqual(calls, ["verdicts.get"]);
  });

  test("refuses every request from a sub-frame or another page, before a handler sees it", async () => {
    const { call, calls } = served();
    const senders = [
      { url: page, topFrame: false },
      { url: "https://evil.example/", topFrame: true },
      { url: `${page}.evil`, topFrame: true },
      { url: "", topFrame: true },
    ];
    for (const sender of senders) {
      for (const name of REQUEST_NAMES) assert.match(JSON.stringify(await call(sender, name, {})), /foreign_sender/);
    }
    assert.deepEqual(calls, []);
  });

  test("refuses extra arguments, names that are no text, and what JSON could not carry", async () => {
    const { call, calls } = served();
    const bad: readonly (readonly unknown[])[] = [
      ["verdicts.get", {}, 1],
      [7, {}],
      ["verdicts.get"],
      ["verdicts.get", []],
      ["verdicts.get", new Map()],
      ["verdicts.get", new Date()],
    ];
    for (const args of bad) assert.match(JSON.stringify(await call(own, ...args)), /bad_request/);
    assert.deepEqual(calls, []);
  });
});
