// What the app on the desktop shares with the browser: files that are dropped on the window, places by address, sessions opened lately, the end.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { build } from "vite";
import { rendererConfig } from "../../electron.vite.config.ts";
import { browserMissing, launchBrowser } from "../support/browser.ts";
import { type FakeContract, startFakeContract } from "../support/fake_contract.ts";

describe("the window on the desktop and in the browser", { skip: browserMissing, timeout: 240_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "parallax-drop-"));
  let browser: Browser;
  let fake: FakeContract;

  before(async () => {
    await build({ ...rendererConfig, logLevel: "error", build: { ...rendererConfig.build, outDir: folder, emptyOutDir: true } });
    browser = await launchBrowser();
    fake = await startFakeContract({ exchanges: 20, port: 0, page: folder });
  });
  after(async () => {
    await browser?.close();
    await fake?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(hash: string, run: (page: Page) => Promise<void>): Promise<void> {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    try {
      await page.goto(`${fake.url}/${hash}`);
      await page.locator(".session").waitFor();
      await run(page);
    } finally {
      await page.close();
    }
  }

  const drop = (page: Page, name: string) =>
    page.evaluate((named) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(["{}"], named));
      for (const type of ["dragover", "drop"])
        document.body.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
    }, name);

  test("opens a file that is dropped on it, and says what it does not open", async () => {
    await open("#/status", async (page) => {
      const sent = page.waitForRequest((request) => request.method() === "PUT");
      await drop(page, "slow dashboard.har");
      assert.match((await sent).url(), /\/api\/session\?name=slow\+dashboard\.har$/);
      await drop(page, "notes.txt");
      await page.getByText("notes.txt is neither a session file (.parallax) nor a HAR (.har).").waitFor();
    });
  });

  test("shows the exchange that an address names", async () => {
    await open("#/exchange/7", async (page) => {
      await page.locator(".page h1").first().waitFor();
      assert.match(page.url(), /#\/exchange\/7$/);
    });
  });

  test("offers the sessions opened lately, and says that it ends", async () => {
    await open("#/status", async (page) => {
      await page.locator(".session").click();
      await page.getByRole("menuitemradio", { name: "slow dashboard.parallax" }).waitFor();
      await page.getByRole("menuitem", { name: "Quit Parallax" }).waitFor();
      await page.keyboard.press("Escape");
      fake.change({ ending: true });
      await page.getByText("Parallax is ending").waitFor();
    });
  });
});
