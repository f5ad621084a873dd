// What a client of the intercept proxy may write as a server, and what a user may list.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isLoopback, originOf, readAbsolute, readAuthority } from "../../../src/main/proxy/intercept/destination.ts";
import { HostList, hostEntryProblem } from "../../../src/main/proxy/intercept/host_list.ts";

describe("the servers that a request may name", () => {
  test("are read from an authority, or refused", () => {
    assert.deepEqual(readAuthority("Example.COM:8443", 443), { host: "example.com", port: 8443 });
    assert.deepEqual(readAuthority("[2001:DB8::1]", 443), { host: "2001:db8::1", port: 443 });
    assert.deepEqual(readAuthority("a_b.test.:1", 443), { host: "a_b.test.", port: 1 });
    for (const wrong of [
      "",
      ":1",
      "a:",
      "a:0",
      "a:65536",
      "a:1:2",
      "::1",
      "[a]",
      "[1.2.3.4]",
      "u@a:1",
      "a b:1",
      "ä.test:1",
      "-a:1",
      "a/b:1",
      "a%00:1",
    ]) {
      assert.equal(readAuthority(wrong, 443), null, wrong);
    }
  });

  test("are read from a whole URL, and written as its origin", () => {
    const origins: readonly (readonly [string, string | null])[] = [
      ["http://a.test/x?y", "http://a.test"],
      ["HTTPS://A.test:443?x", "https://a.test"],
      ["http://[::1]:80", "http://[::1]"],
      ["https://a.test:80/", "https://a.test:80"],
      ["http:///x", null],
      ["http://a.test#x", null],
      ["http://a@b.test/", null],
      ["ftp://a.test/", null],
      ["//a.test/", null],
    ];
    for (const [target, origin] of origins) {
      const read = readAbsolute(target);
      assert.equal(read === null ? null : originOf(read), origin, target);
    }
  });

  test("are this machine in all the ways to write it", () => {
    for (const own of [
      "localhost",
      "LOCALHOST.".toLowerCase(),
      "a.localhost",
      "127.0.0.1",
      "127.9.9.9",
      "0.0.0.0",
      "::1",
      "::",
      "::ffff:127.0.0.1",
      "::ffff:7f00:1",
    ]) {
      assert.ok(isLoopback(own), own);
    }
    for (const other of ["localhost.test", "128.0.0.1", "::2", "::ffff:1.2.3.4", "127.0.0.1.test"]) assert.ok(!isLoopback(other), other);
  });
});

describe("a list of hosts", () => {
  test("takes wildcards, ports, and this machine by any of its names", () => {
    const list = new HostList(["*.es.test:9200", "LocalHost:9201", "Any.test", "[2001:db8::1]:9200", "127.0.0.*:5"]);
    const [yes, no] = [
      [
        ["a.es.test", 9200],
        ["a.b.es.test", 9200],
        ["127.0.0.1", 9201],
        ["::1", 9201],
        ["any.test", 1],
        ["2001:db8::1", 9200],
        ["127.0.0.1", 5],
      ],
      [
        ["es.test", 9200],
        ["a.es.test", 9201],
        ["localhost", 9200],
        ["aany.test", 1],
        ["a.es.test.evil", 9200],
        ["xes.test", 9200],
      ],
    ] as const;
    for (const [host, port] of yes) assert.ok(list.has(host, port), `${host}:${port}`);
    for (const [host, port] of no) assert.ok(!list.has(host, port), `${host}:${port}`);
  });

  test("says what is no host", () => {
    for (const right of ["a", "a:1", "*.a", "*", "[::1]", "[::1]:2", "10.*"]) assert.equal(hostEntryProblem(right), "", right);
    for (const wrong of ["", "http://a", "a:b", "a/b", "a:99999"]) assert.match(hostEntryProblem(wrong), /no host/, wrong);
  });
});
