import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ClickHouseClient } from "../../../../src/main/clickhouse/client.ts";
import { clickHouseMemory, largest } from "../../../../src/main/profile/memory/clickhouse_memory.ts";
import { mallocText } from "../../../../src/main/profile/memory/malloc_text.ts";
import type { ClickHouseBackend } from "../../../../src/shared/contract.ts";

const url = process.env.PARALLAX_TEST_CLICKHOUSE;
const BACKEND: ClickHouseBackend = {
  url: "http://127.0.0.1:8123",
  status: "ok",
  version: "26.7",
  message: "",
  embedded: false,
  port: null,
  dataFolder: null,
};

function clientOf(text: string): ClickHouseClient {
  const { username, password, origin } = new URL(text);
  return new ClickHouseClient({ url: origin, user: username || "default", password, reader: null });
}

describe("ClickHouse's memory", () => {
  test("of a server that is away is a sentence, and nothing fails", async () => {
    const backend: ClickHouseBackend = { ...BACKEND, status: "away", message: "It is away." };
    const found = await clickHouseMemory({ backend, client: null, pid: null });
    assert.deepEqual(found.problems, ["It is away."]);
    assert.equal(found.rss, null);
    assert.match(await mallocText({ backend, client: null, pid: null }), /V8 heap of main[\s\S]*ClickHouse: It is away\./);
  });

  test("of a server that went a moment ago likewise", async () => {
    const client = clientOf("http://127.0.0.1:9");
    const found = await clickHouseMemory({ backend: BACKEND, client, pid: null });
    assert.ok(found.problems.length > 0, "it says what could not be told");
    assert.match(await mallocText({ backend: BACKEND, client, pid: null }), /system\.jemalloc_bins can't be read/);
    await client.close();
  });

  test("is told by a server that answers", { skip: url === undefined && "PARALLAX_TEST_CLICKHOUSE is not set" }, async () => {
    const client = clientOf(url ?? "");
    const found = await clickHouseMemory({ backend: BACKEND, client, pid: null });
    assert.ok(found.figures.some(({ name, bytes }) => name === "MemoryTracking" && bytes > 0));
    assert.match(await mallocText({ backend: BACKEND, client, pid: null }), /jemalloc of ClickHouse at [\s\S]*live bytes/);
    await client.close();
  });

  test("has the largest first, and none without a size", () => {
    const sizes = [3, 0, 9, 4].map((bytes) => ({ name: `t${bytes}`, bytes }));
    assert.deepEqual(
      largest(sizes).map(({ name }) => name),
      ["t9", "t4", "t3"],
    );
  });
});
