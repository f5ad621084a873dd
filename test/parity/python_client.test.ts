// A day of the official Python client, its product check on, straight to Elasticsearch and through the endpoint: the same answers.
// PARALLAX_TEST_PYTHON names a Python that has the package `elasticsearch`; python3 else.
import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { startProxy } from "../../src/main/proxy/reverse.ts";
import { recordingTap } from "../support/recording_tap.ts";

const address = process.env.PARALLAX_TEST_ELASTICSEARCH ?? "";
const python = process.env.PARALLAX_TEST_PYTHON ?? "python3";

test("the Python client works through the endpoint as it does without it", { skip: missing() }, async () => {
  const tap = recordingTap();
  const proxy = await startProxy({ upstream: address, port: 0, tap });
  const index = `python-client-${process.pid}`;
  const [direct, through] = [await told(address, index), await told(proxy.url, index)];
  await proxy.stop();
  assert.deepEqual(through, direct);
  assert.equal(tap.missedCount, 0);
  assert.deepEqual(
    tap.exchanges.filter(({ error }) => error !== ""),
    [],
  );
  assert.ok(tap.exchanges.length > 25);
});

async function told(url: string, index: string): Promise<unknown> {
  const { stdout } = await promisify(execFile)(python, [join(import.meta.dirname, "python_client.py"), url, index], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(stdout);
}

function missing(): string | false {
  if (address === "") return process.env.PARALLAX_TEST_ELASTICSEARCH_MISSING ?? "PARALLAX_TEST_ELASTICSEARCH names no server";
  const { status } = spawnSync(python, ["-c", "import elasticsearch"]);
  return status === 0 ? false : "no Python with the package elasticsearch: pip install elasticsearch, or name one in PARALLAX_TEST_PYTHON";
}
