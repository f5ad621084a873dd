// The tool that probes a search for noise: what it asks of the engine, and what it hands on.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { callTool, described, isWriting, offered, TOOLS } from "../../../src/main/mcp/tools.ts";
import { type JsonObject, member, printJson } from "../../../src/shared/json.ts";

const tool = TOOLS.find(({ name }) => name === "probe_noise") ?? assert.fail("there is no such tool");

async function called(input: JsonObject, answer: unknown): Promise<{ readonly asked: readonly unknown[]; readonly result: JsonObject }> {
  const asked: unknown[] = [];
  const result = await callTool(tool, input, async (name, request) => {
    asked.push([name, request]);
    // What the engine gives is made up.
    return answer as never;
  });
  return { asked, result };
}

describe("the tool probe_noise", () => {
  test("is offered where nothing may be written, and never remembers what it finds", async () => {
    assert.ok(!isWriting(tool) && offered(false).includes(tool));
    assert.equal(member(described(tool), "annotations") === undefined, false);
    const { asked } = await called({ id: 7 }, { state: "done", asked: 10, result: { standing: "noise" } });
    assert.deepEqual(asked, [["exchange.probe", { id: 7, times: 5 }]]);
    const chosen = await called({ id: 7, position: 2, times: 20 }, { state: "done", asked: 40, result: {} });
    assert.deepEqual(chosen.asked, [["exchange.probe", { id: 7, position: 2, times: 20 }]]);
  });

  test("hands on what was found, and says why it could not be told", async () => {
    const { result } = await called({ id: 7 }, { state: "done", asked: 10, problem: "", result: { standing: "noise" } });
    assert.match(printJson(result), /standing/);
    const failed = await called({ id: 7 }, { state: "failed", asked: 0, problem: "Elasticsearch is away", result: null });
    assert.deepEqual([member(failed.result, "isError"), /away/.test(printJson(failed.result))], [true, true]);
    assert.match(printJson((await called({ id: 7, times: 2 }, null)).result), /must be a whole number from 3 to 20/);
  });
});
