import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { refuse } from "../../../src/main/contract/guard.ts";

const guard = { port: 9999, token: "secret" };
const host = "127.0.0.1:9999";

describe("who may call the debugging interface", () => {
  test("lets a loopback name with its own port read without a token", () => {
    for (const name of ["127.0.0.1:9999", "localhost:9999", "[::1]:9999"]) assert.equal(refuse(guard, { host: name }, false), null);
  });

  test("refuses a foreign Host, as DNS rebinding sends it, on reads too", () => {
    for (const name of ["evil.example:9999", "127.0.0.1", "127.0.0.1:80", "127.0.0.1:9999.evil.example", undefined]) {
      assert.equal(refuse(guard, name === undefined ? {} : { host: name }, false)?.code, "foreign_host");
    }
  });

  test("refuses a page of another origin, even with the token", () => {
    for (const origin of ["http://evil.example", "https://127.0.0.1:9999", "http://127.0.0.1:5601", "null"]) {
      assert.equal(refuse(guard, { host, origin, authorization: "Bearer secret" }, false)?.code, "foreign_origin");
    }
    assert.equal(refuse(guard, { host, origin: "http://localhost:9999" }, false), null);
  });

  test("asks the token for writes alone, and takes no other", () => {
    assert.equal(refuse(guard, { host }, true)?.status, 401);
    assert.equal(refuse(guard, { host, authorization: "Bearer secre7" }, true)?.code, "token_required");
    assert.equal(refuse(guard, { host, authorization: "Bearer secret" }, true), null);
    assert.equal(refuse({ port: 9999, token: null }, { host }, true), null);
  });

  test("asks it for every call where that is required, as a header or as the cookie of this port", () => {
    const always = { ...guard, always: true };
    assert.equal(refuse(always, { host }, false)?.status, 401);
    assert.equal(refuse(always, { host, authorization: "Bearer secret" }, false), null);
    assert.equal(refuse(always, { host, cookie: "other=1; parallax-9999=secret" }, true), null);
    assert.equal(refuse(always, { host, cookie: "parallax-9998=secret" }, false)?.code, "token_required");
    assert.equal(refuse(always, { host, cookie: "parallax-9999=secret", origin: "http://evil.example" }, false)?.code, "foreign_origin");
    assert.equal(
      refuse(guard, { host, cookie: "parallax-9999=secret" }, true)?.status,
      401,
      "else the page carries it, and a cookie counts for nothing",
    );
  });
});
