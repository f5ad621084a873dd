// The real app in the real Electron, where its binary is: what its window is set to, what its page can do, and its end.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { _electron, type ElectronApplication, type Page } from "playwright-core";
import { build } from "vite";
import { mainConfig, preloadConfig, rendererConfig } from "../../electron.vite.config.ts";
import { PAGE_URL } from "../../src/main/desktop/page_protocol.ts";
import { WEB_PREFERENCES } from "../../src/main/desktop/window.ts";
import { freePort } from "../support/parallax_process.ts";

const ROOT = join(import.meta.dirname, "../..");

function binary(): string | null {
  const folder = join(ROOT, "node_modules", "electron");
  const name = join(folder, "path.txt");
  const path = existsSync(name) ? join(folder, "dist", readFileSync(name, "utf8").trim()) : "";
  return path !== "" && existsSync(path) ? path : null;
}

const executablePath = binary();
const noDisplay = process.platform === "linux" && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY;
const skip =
  executablePath === null
    ? "Electron's binary is not here (npx install-electron fetches it)"
    : noDisplay
      ? "there is no display (xvfb-run gives one)"
      : false;

describe("the app in Electron", { skip, timeout: 300_000 }, () => {
  const data = mkdtempSync(join(tmpdir(), "parallax-electron-"));
  let app: ElectronApplication;
  let page: Page;

  before(async () => {
    for (const config of [mainConfig, preloadConfig, rendererConfig]) await build({ ...config, logLevel: "error" });
    const ports = await Promise.all(["--port", "--ui-port", "--clickhouse-port"].map(async (flag) => [flag, String(await freePort())]));
    app = await _electron.launch({
      executablePath: executablePath ?? "",
      args: [ROOT, "--sample", "--no-intercept", "--data", data, ...ports.flat()],
      // As root Chromium starts without its own sandbox alone.
      env: { ...process.env, ...(process.getuid?.() === 0 ? { ELECTRON_DISABLE_SANDBOX: "1" } : {}) },
    });
    page = await app.firstWindow();
  });

  after(async () => {
    await app?.close();
    rmSync(data, { recursive: true, force: true });
  });

  test("shows its page by a protocol of its own, with the sample's exchanges", async () => {
    await page.locator('[role="grid"] [role="row"]').first().waitFor({ timeout: 120_000 });
    assert.ok(page.url().startsWith(PAGE_URL));
  });

  test("has the window that the checklist asks for", async () => {
    const set = await app.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      const contents: unknown = window?.webContents;
      return contents !== null &&
        typeof contents === "object" &&
        "getLastWebPreferences" in contents &&
        typeof contents.getLastWebPreferences === "function"
        ? contents.getLastWebPreferences()
        : null;
    });
    const asked = ["sandbox", "contextIsolation", "nodeIntegration", "webSecurity", "allowRunningInsecureContent", "webviewTag"] as const;
    for (const name of asked) assert.equal(Boolean(set[name]), WEB_PREFERENCES[name], name);
  });

  test("gives its page no Node, no Electron, and no way out", async () => {
    const found = await page.evaluate(async () => {
      const names = ["require", "process", "module", "Buffer", "electron", "ipcRenderer", "global"];
      const fetched = await Promise.all(
        ["https://example.com/", "http://127.0.0.1:9/", "file:///etc/hosts"].map((url) =>
          fetch(url).then(
            () => url,
            () => null,
          ),
        ),
      );
      return {
        names: names.filter((name) => name in globalThis),
        fetched: fetched.filter((url) => url !== null),
        opened: open("https://example.com/") !== null,
      };
    });
    assert.deepEqual(found, { names: [], fetched: [], opened: false });
    assert.equal((await app.windows()).length, 1);
  });

  test("ends in order when it is asked to", async () => {
    const closed = app.waitForEvent("close");
    await app.evaluate(({ app: electron }) => electron.quit());
    await closed;
    assert.match(readFileSync(join(data, "last_run.json"), "utf8"), /"ended":"\d/);
  });
});
