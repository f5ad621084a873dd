// Passwords: encrypted beside the config file in the app, by a variable or in the file itself elsewhere.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { readGiven, serveOptions } from "../../../src/main/config/options.ts";
import { Settings } from "../../../src/main/config/settings.ts";
import { openSecretStore } from "../../../src/main/desktop/safe_storage.ts";
import { FakeElectron } from "../../support/fake_electron.ts";

const PASSWORD = "pa$$ word/1";
const IN_URL = `https://elastic:${encodeURIComponent(PASSWORD)}@es.example:9200`;

function opened(t: TestContext, change: (electron: FakeElectron) => void = () => {}) {
  const data = mkdtempSync(join(tmpdir(), "parallax-secrets-"));
  t.after(() => rmSync(data, { recursive: true, force: true }));
  const electron = new FakeElectron();
  change(electron);
  const given = (argv: readonly string[] = [], env: NodeJS.ProcessEnv = {}) =>
    readGiven(["--data", data, ...argv], env, "linux", (folder) => openSecretStore(folder, electron.module.safeStorage));
  const options = (argv: readonly string[] = [], env: NodeJS.ProcessEnv = {}) => serveOptions(given(argv, env));
  const kept = () =>
    readdirSync(data)
      .map((file) => readFileSync(join(data, file), "utf8"))
      .join("\n");
  return { data, given, options, kept, settings: () => new Settings(given(), () => {}) };
}

describe("passwords in the app", () => {
  test("are kept encrypted, shown nowhere, and used at the next start", (t) => {
    const { data, options, kept, settings } = opened(t);
    settings().set("elasticsearch.url", IN_URL);
    assert.ok(!kept().includes("word") && !kept().includes(Buffer.from(PASSWORD).toString("base64")));
    assert.match(kept(), /https:\/\/elastic@es\.example:9200"/);
    assert.equal(statSync(join(data, "secrets.json")).mode & 0o777, 0o600);
    assert.ok(!JSON.stringify(settings().state()).includes("word"));
    assert.equal(new URL(options().elasticsearch ?? "").password, encodeURIComponent(PASSWORD));
  });

  test("go to the very address that they were given for", (t) => {
    const { options, settings, kept } = opened(t);
    settings().set("elasticsearch.url", IN_URL);
    assert.equal(options(["--elasticsearch", "https://elastic@other.example:9200"]).elasticsearch, "https://elastic@other.example:9200");
    settings().set("elasticsearch.url", "https://elastic@other.example:9200");
    settings().set("elasticsearch.url", "https://elastic@es.example:9200");
    assert.equal(new URL(options().elasticsearch ?? "").password, "", "another address has made it forgotten");
    assert.doesNotMatch(kept(), /"elasticsearch\.url": "[A-Za-z0-9+/=]+"/);
  });

  test("stay while other settings change, and go with theirs", (t) => {
    const { options, settings, kept } = opened(t);
    settings().set("clickhouse.url", "http://me:secret@ch.example:8123");
    settings().set("mode", "tap");
    assert.equal(options().clickhouse, "http://me:secret@ch.example:8123");
    settings().set("clickhouse.url", null);
    assert.match(kept(), /\{\}/);
  });

  test("of another machine are none, and are written again", (t) => {
    const { given, options, settings } = opened(t);
    settings().set("elasticsearch.url", IN_URL);
    const { data, configFile, file, flags, keptBack } = given();
    const broken = {
      isEncryptionAvailable: () => true,
      encryptString: () => Buffer.alloc(0),
      decryptString: () => {
        throw new Error("other key");
      },
    };
    const other = serveOptions({ data, configFile, file, flags, keptBack, passwords: { env: {}, store: openSecretStore(data, broken) } });
    assert.equal(new URL(other.elasticsearch ?? "").password, "");
    assert.notEqual(new URL(options().elasticsearch ?? "").password, "");
  });

  test("stay in the config file, for its owner alone, where the system encrypts nothing", (t) => {
    for (const change of [(fake: FakeElectron) => (fake.encrypts = false), (fake: FakeElectron) => (fake.backend = "basic_text")]) {
      const { data, settings, options } = opened(t, change);
      settings().set("elasticsearch.url", IN_URL);
      assert.deepEqual(readdirSync(data), ["parallax.config.json"]);
      assert.equal(statSync(join(data, "parallax.config.json")).mode & 0o777, 0o600);
      assert.equal(options().elasticsearch, IN_URL);
    }
  });
});

describe("passwords by variables", () => {
  test("are of addresses that name a user and no password", (t) => {
    const { options } = opened(t);
    const env = { PARALLAX_ELASTICSEARCH_PASSWORD: "a/b", PARALLAX_CLICKHOUSE_PASSWORD: "c", PARALLAX_TELEMETRY_PASSWORD: "d" };
    const urls = options(
      ["--elasticsearch", "http://u@a:1,http://u:own@b:2,http://c:3", "--clickhouse", "http://u@d:4/x", "--telemetry-url", "https://u@e/t"],
      env,
    );
    assert.equal(urls.elasticsearch, "http://u:a%2Fb@a:1,http://u:own@b:2,http://c:3");
    assert.equal(urls.clickhouse, "http://u:c@d:4/x");
    assert.equal(urls.telemetry.url, "https://u:d@e/t");
  });
});
