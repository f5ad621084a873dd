// Electron's security checklist (electronjs.org/docs/latest/tutorial/security), each of its twenty points, over what the app gives Electron and
// what the build makes of it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { preloadConfig } from "../../../electron.vite.config.ts";
import { CALL_CHANNEL } from "../../../src/main/contract/ipc.ts";
import { FUSES } from "../../../src/main/desktop/fuses.ts";
import { KNOWN_HOSTS } from "../../../src/main/desktop/links.ts";
import { answerPage, PAGE_PRIVILEGES, PAGE_SCHEME, PAGE_URL } from "../../../src/main/desktop/page_protocol.ts";
import { type FakeApp, startFakeApp } from "../../support/fake_app.ts";
import { type FakeElectron, FakeEvent } from "../../support/fake_electron.ts";

const ROOT = join(import.meta.dirname, "../../..");
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

describe("Electron's checklist", () => {
  let electron: FakeElectron;
  let preferences: FakeApp["electron"]["window"]["options"]["webPreferences"];
  const cleaning: (() => void)[] = [];

  before(async () => {
    ({ electron } = await startFakeApp((clean) => cleaning.push(clean)));
    preferences = electron.window.options.webPreferences;
  });

  after(() => {
    for (const clean of cleaning) clean();
  });

  test("1. only secure content: nothing is loaded but by the page's own protocol", () => {
    assert.deepEqual(electron.window.urls, [PAGE_URL]);
    assert.deepEqual(
      electron.blocked.map((url) => url.split(":")[0]),
      ["http", "https", "ws", "wss", "ftp", "file"],
    );
  });

  test("2. no Node.js in pages", () => {
    assert.equal(preferences.nodeIntegration, false);
    assert.equal(preferences.nodeIntegrationInWorker, false);
    assert.equal(preferences.nodeIntegrationInSubFrames, false);
  });

  test("3. contexts are isolated", () => assert.equal(preferences.contextIsolation, true));

  test("4. processes are sandboxed", () => assert.equal(preferences.sandbox, true));

  test("5. permissions are refused, but to copy", () => {
    const asked = [
      "media",
      "geolocation",
      "notifications",
      "midi",
      "pointerLock",
      "openExternal",
      "clipboard-read",
      "fileSystem",
      "hid",
      "usb",
    ];
    assert.deepEqual(
      asked.filter((name) => electron.permission(name) || electron.checked(name)),
      [],
    );
    assert.equal(electron.device(), false);
    assert.ok(electron.permission("clipboard-sanitized-write"));
  });

  test("6. web security is on", () => assert.equal(preferences.webSecurity, true));

  test("7. a strict policy is on every answer", async () => {
    const page = await answerPage(join(ROOT, "src", "renderer"), { url: PAGE_URL, method: "GET" });
    const missing = await answerPage(join(ROOT, "src", "renderer"), { url: `${PAGE_URL}x`, method: "GET" });
    assert.deepEqual([page.status, missing.status], [200, 404]);
    for (const { headers } of [page, missing]) {
      const policy = headers.get("content-security-policy") ?? "";
      assert.match(policy, /^default-src 'none'; script-src 'self';/);
      assert.doesNotMatch(policy, /unsafe-eval|script-src[^;]*unsafe-inline|https?:|\*/);
      assert.equal(headers.get("x-content-type-options"), "nosniff");
    }
  });

  test("8. insecure content does not run", () => assert.equal(preferences.allowRunningInsecureContent, false));

  test("9. no experimental features", () => assert.equal(preferences.experimentalFeatures, false));

  test("10. no Blink features are switched on", () => assert.ok(!("enableBlinkFeatures" in preferences)));

  test("11. no web views", () => assert.equal(preferences.webviewTag, false));

  test("12. a web view that comes all the same is not attached", () => {
    const event = new FakeEvent();
    electron.window.webContents.emit("will-attach-webview", event);
    assert.ok(event.prevented);
  });

  test("13. no page leads elsewhere, in no frame", () => {
    for (const name of ["will-navigate", "will-frame-navigate", "will-redirect"]) {
      for (const url of ["https://evil.example/", "file:///etc/passwd", "javascript:alert(1)", PAGE_URL]) {
        const event = new FakeEvent(url);
        electron.window.webContents.emit(name, event);
        assert.ok(event.prevented, `${name} ${url}`);
      }
    }
    assert.equal(preferences.navigateOnDragDrop, false);
  });

  test("14. no windows are opened", () => {
    for (const url of ["https://www.elastic.co/", "about:blank", PAGE_URL])
      assert.deepEqual(electron.window.webContents.opened({ url }), { action: "deny" });
  });

  test("15. the system opens only what is on a list", () => {
    electron.external.length = 0;
    const refused = [
      "file:///etc/passwd",
      "javascript:alert(1)",
      "smb://evil.example/x",
      "ms-msdt:/id",
      "http://www.elastic.co/",
      "https://www.elastic.co.evil.example/",
      "https://evil.example/?https://www.elastic.co",
      "https://user:pass@github.com/",
      "https://github.com:8443/",
      "http://127.0.0.1:1/",
      "http://127.0.0.1:9999@evil.example/",
      "not a url",
    ];
    const listed = [...KNOWN_HOSTS.map((host) => `https://${host}/a`), "http://127.0.0.1:9999/api/har", "http://127.0.0.1:8123/play"];
    for (const url of [...refused, ...listed]) electron.window.webContents.opened({ url });
    assert.deepEqual(electron.external, listed);
  });

  test("16. Electron is of a line that is kept up", () => {
    const { devDependencies } = JSON.parse(read("package.json"));
    assert.match(devDependencies.electron, /^(4[5-9]|[5-9]\d)\.\d+\.\d+$/);
  });

  test("17. senders are checked: one channel, and ipc_walk.test.ts walks it", () => {
    assert.deepEqual([...electron.ipc.keys()], [CALL_CHANNEL]);
  });

  test("18. a protocol of its own in the place of file://", async () => {
    assert.ok(PAGE_URL.startsWith(`${PAGE_SCHEME}://`));
    assert.deepEqual(electron.privileged, [PAGE_PRIVILEGES]);
    const answer = electron.protocols.get(PAGE_SCHEME);
    assert.ok(answer !== undefined);
    for (const path of ["/../package.json", "/%2e%2e/package.json", "/..%2f..%2fpackage.json", "/%00", "/main/index.js"]) {
      assert.equal((await answer({ url: `app://parallax${path}`, method: "GET" })).status, 404, path);
    }
    for (const url of ["app://evil/index.html", "app://parallax:1/index.html", "http://parallax/index.html"]) {
      assert.equal((await answer({ url, method: "GET" })).status, 404, url);
    }
    assert.equal((await answer({ url: PAGE_URL, method: "POST" })).status, 404);
  });

  test("19. the fuses are blown", () => {
    assert.deepEqual(FUSES, {
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
    });
  });

  test("20. pages get named verbs of ours, and nothing of Electron", () => {
    const preload = read("src/preload/index.ts");
    assert.deepEqual(
      [...preload.matchAll(/^ {2}(\w+): \(/gm)].map(([, name]) => name),
      ["call", "on", "pathOf"],
    );
    assert.equal(preload.match(/exposeInMainWorld/g)?.length, 1);
    assert.doesNotMatch(preload, /\b(require|process|shell|remote|sendSync|exposeInIsolatedWorld)\b/);
    assert.match(String(preferences.preload), /preload[\\/]index\.cjs$/);
    assert.deepEqual(preloadConfig.build?.rollupOptions?.output, { format: "cjs", entryFileNames: "index.cjs" });
  });
});
