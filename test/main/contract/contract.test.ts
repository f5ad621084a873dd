import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ContractFailure, callHandler, type Handlers } from "../../../src/main/contract/handlers.ts";
import { matchRoute, ROUTES } from "../../../src/main/contract/routes.ts";
import { isRequestName, problemOf, REQUEST_NAMES } from "../../../src/main/contract/validate.ts";
import type { RequestName } from "../../../src/shared/contract.ts";
import { WRITES } from "../../../src/shared/contract.ts";
import { parseJson } from "../../../src/shared/json.ts";

/** Handlers that say their own name, or throw. */
function echo(failing: Partial<Record<RequestName, Error>> = {}): Handlers {
  return new Proxy({} as Handlers, {
    get: (_target, name) => () => {
      const error = typeof name === "string" && isRequestName(name) ? failing[name] : undefined;
      if (error !== undefined) throw error;
      return name;
    },
  });
}

describe("the contract", () => {
  test("refuses a member that it does not know, on every request", () => {
    for (const name of REQUEST_NAMES) assert.match(problemOf(name, parseJson('{"nonsense":1}')), /nonsense/, name);
  });

  test("refuses __proto__ and wrong types like any other member", async () => {
    assert.notEqual(problemOf("exchange.get", parseJson('{"id":1,"__proto__":{"x":1}}')), "");
    for (const id of ['"1"', "-1", "1.5", "9007199254740993", "null", "{}"]) {
      const { status } = await callHandler(echo(), "exchange.get", parseJson(`{"id":${id}}`));
      assert.equal(status, 400, id);
    }
  });

  test("knows no request by an inherited name", async () => {
    for (const name of ["constructor", "__proto__", "toString"]) assert.equal((await callHandler(echo(), name, {})).status, 404);
  });

  test("turns failures and bugs into values", async () => {
    const handlers = echo({ "status.get": new ContractFailure("away", "It is away.", 503), "verdicts.get": new Error("a bug") });
    assert.deepEqual(await callHandler(handlers, "status.get", {}), {
      status: 503,
      reply: { ok: false, error: { code: "away", message: "It is away." } },
    });
    assert.equal((await callHandler(handlers, "verdicts.get", {})).status, 500);
  });

  test("has a name of the contract behind every route, and no write that can be reached by GET", () => {
    for (const route of ROUTES) {
      assert.ok(isRequestName(route.request), route.path);
      if (route.method === "GET") assert.ok(!WRITES.includes(route.request), route.path);
    }
  });

  test("makes requests of paths and query strings", () => {
    const list = matchRoute("GET", "/api/exchanges", new URLSearchParams("filter=~verdict different&limit=5000&before=12&x=1"));
    assert.deepEqual(list?.request, { filter: "~verdict different", limit: 5000, before: 12 });
    assert.deepEqual(matchRoute("GET", "/api/exchanges/7/sql", new URLSearchParams())?.request, { id: 7 });
    assert.equal(matchRoute("GET", "/api/exchanges/x", new URLSearchParams()), undefined);
    assert.equal(matchRoute("DELETE", "/api/exchanges/7", new URLSearchParams()), undefined);
  });
});
