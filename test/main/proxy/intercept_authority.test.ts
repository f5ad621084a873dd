// The intercept proxy's certificate authority and what it vouches for.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { authorityFacts, openAuthority } from "../../../src/main/proxy/intercept/authority.ts";
import { makeAuthority, makeHostIdentity } from "../../../src/main/proxy/intercept/certificate.ts";

const HOSTS = [
  "example.com",
  "xn--bcher-kva.example",
  "127.0.0.1",
  "::1",
  "2001:db8::8:800:200c:417a",
  `${"a".repeat(60)}.${"b".repeat(60)}.test`,
];
const DAY_MS = 86_400_000;
const skip = spawnSync("openssl", ["version"]).status === 0 ? false : "openssl is not installed";

describe("the certificate authority", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "authority-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  test("vouches for names and addresses, for a year, with a new number each time", () => {
    const authority = makeAuthority("Test", new Date());
    const own = new X509Certificate(authority.certificate);
    const numbers = new Set<string>();
    for (const host of HOSTS) {
      const { certificate, key } = makeHostIdentity(authority, host, new Date());
      const read = new X509Certificate(certificate);
      assert.ok(read.checkIssued(own) && read.verify(own.publicKey), host);
      assert.ok(host.includes(":") || /^[\d.]+$/.test(host) ? read.checkIP(host) : read.checkHost(host), host);
      assert.match(key, /BEGIN PRIVATE KEY/);
      assert.ok(!read.ca);
      const days = (read.validToDate.getTime() - read.validFromDate.getTime()) / DAY_MS;
      assert.ok(days > 365 && days < 398);
      numbers.add(read.serialNumber);
    }
    assert.equal(numbers.size, HOSTS.length);
  });

  test("stands before OpenSSL's strict check", { skip }, () => {
    const authority = openAuthority(join(folder, "strict"), new Date());
    for (const host of HOSTS) {
      const file = join(folder, "host.pem");
      writeFileSync(file, makeHostIdentity(authority, host, new Date()).certificate);
      const checked = spawnSync("openssl", [
        "verify",
        "-x509_strict",
        "-purpose",
        "sslserver",
        "-CAfile",
        join(folder, "strict", "ca.pem"),
        file,
      ]);
      assert.equal(checked.status, 0, `${host}: ${checked.stderr}`);
    }
  });

  test("is made once, and its key is for its owner alone", () => {
    const own = join(folder, "own");
    const made = openAuthority(own, new Date());
    const facts = authorityFacts(made, own);
    assert.deepEqual(authorityFacts(openAuthority(own, new Date()), own), facts);
    assert.equal(readFileSync(facts.file, "utf8"), facts.pem);
    assert.ok(!facts.pem.includes("PRIVATE"));
    assert.match(facts.name, /^Parallax CA \d{4}-\d\d-\d\d/);
    if (process.platform === "win32") return;
    assert.equal(statSync(own).mode & 0o777, 0o700);
    assert.equal(statSync(join(own, "authority.pem")).mode & 0o777, 0o600);
  });

  test("is made anew when it has ended, and says what to do where it can't be read", () => {
    const own = join(folder, "ended");
    const before = authorityFacts(openAuthority(own, new Date(Date.now() - 3651 * DAY_MS)), own);
    const now = authorityFacts(openAuthority(own, new Date()), own);
    assert.notEqual(now.fingerprint, before.fingerprint);
    writeFileSync(join(own, "authority.pem"), "nonsense");
    assert.throws(() => openAuthority(own, new Date()), /authority\.pem can't be used: .*Delete the file, and a new one is made/);
  });
});
