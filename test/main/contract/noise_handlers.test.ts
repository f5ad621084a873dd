// The requests about noise over a made-up session and sides: what is remembered when, and what is refused.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { ContractFailure } from "../../../src/main/contract/handlers.ts";
import { noiseHandlersOf } from "../../../src/main/contract/noise_handlers.ts";
import { NoiseBook } from "../../../src/main/noise/noise_book.ts";
import { noisySides } from "../../support/fake_noise.ts";
import { exchange, part, session } from "../capture/records.ts";

function probing(context: TestContext, unsettled = "") {
  const shown = session(context);
  const search = { method: "POST", path: "/logs/_search", kind: "search", verdict: "different", searches: [part(0, "different")] } as const;
  shown.put(exchange(1, search), { request: Buffer.from('{"size":0}') });
  shown.put(exchange(2, { ...search, request: { ...exchange(2, {}).request, truncated: true } }), {});
  return noiseHandlersOf({
    session: () => shown,
    sides: async () =>
      noisySides({
        elasticsearch: (n) => ({ aggregations: { a: { value: n % 3 } } }),
        clickhouse: () => ({ aggregations: { a: { value: 1 } } }),
        unsettled,
      }),
    book: new NoiseBook({ file: null, problem: () => assert.fail("there is no file") }),
  });
}

const code = (wanted: string) => (error: unknown) => error instanceof ContractFailure && error.code === wanted;

test("noise is shown first, remembered when someone says so, and forgotten by its shape", async (context) => {
  const handlers = probing(context);
  assert.equal((await handlers["exchange.probe_state"]({ id: 1 })).state, "none");
  assert.throws(() => handlers["noise.remember"]({ id: 1 }), code("not_probed"));
  const { result, remembered, asked } = await handlers["exchange.probe"]({ id: 1 });
  assert.deepEqual([result?.known.length, remembered, asked, await handlers["noise.list"]({})], [1, false, 10, []]);
  const { shape } = await handlers["noise.remember"]({ id: 1 });
  assert.deepEqual([shape, (await handlers["exchange.probe_state"]({ id: 1 })).remembered], [result?.shape, true]);
  assert.equal((await handlers["noise.list"]({}))[0]?.times, 5);
  assert.deepEqual(await handlers["noise.forget"]({ shape }), []);
  assert.throws(() => handlers["noise.forget"]({ shape }), code("no_noise"));
  assert.equal((await handlers["exchange.probe_state"]({ id: 1 })).remembered, false);
});

test("`remember` does both at once, but for what writes disturbed", async (context) => {
  const calm = probing(context);
  assert.equal((await calm["exchange.probe"]({ id: 1, times: 3, remember: true })).remembered, true);
  assert.equal((await calm["noise.list"]({}))[0]?.times, 3);
  const disturbed = probing(context, "writes to logs went on while it was searched");
  assert.equal((await disturbed["exchange.probe"]({ id: 1, times: 3, remember: true })).remembered, false);
  assert.throws(() => disturbed["noise.remember"]({ id: 1 }), code("disturbed"));
});

test("too few and too many askings, an exchange that is not there and one that was not captured whole are refused", async (context) => {
  const handlers = probing(context);
  const refused = async (request: { id: number; times?: number; position?: number }) => {
    try {
      await handlers["exchange.probe"](request);
      return "";
    } catch (error) {
      return error instanceof ContractFailure ? error.code : String(error);
    }
  };
  assert.deepEqual(
    [
      await refused({ id: 1, times: 2 }),
      await refused({ id: 1, times: 21 }),
      await refused({ id: 1, position: 4 }),
      await refused({ id: 2 }),
      await refused({ id: 3 }),
    ],
    ["bad_request", "bad_request", "no_search", "truncated", "no_exchange"],
  );
});
