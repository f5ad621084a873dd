// Sharing in a real Chromium: what is chosen in the preview, the file that is taken, and the same views in it from a file, offline.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { build } from "vite";
import { rendererConfig, sharedConfig } from "../../electron.vite.config.ts";
import { openSession } from "../../src/main/capture/index.ts";
import { writeShared } from "../../src/main/share/write_shared.ts";
import { exchange, part } from "../main/capture/records.ts";
import { browserMissing, launchBrowser } from "../support/browser.ts";
import { type FakeContract, startFakeContract } from "../support/fake_contract.ts";
import { PAGE_ATTACKS } from "../support/page_attacks.ts";

describe("what is shared from the window", { skip: browserMissing }, () => {
  const folder = mkdtempSync(join(tmpdir(), "parallax-share-page-"));
  const pages = join(folder, "page");
  let browser: Browser;
  let fake: FakeContract;

  before(async () => {
    await build({ ...rendererConfig, logLevel: "error", build: { ...rendererConfig.build, outDir: pages } });
    await build({ ...sharedConfig, logLevel: "error", build: { ...sharedConfig.build, outDir: pages } });
    browser = await launchBrowser();
    fake = await startFakeContract({ exchanges: 60, port: 0, page: pages });
  });

  after(async () => {
    await browser?.close();
    await fake?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A page of its own; what it complains about, and what it asks of the network where it is a file, fails the test. */
  async function open<T>(address: string, run: (page: Page) => Promise<T>): Promise<T> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, acceptDownloads: true });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      const url = request.url();
      if (address.startsWith("file:") && !url.startsWith("file:") && !url.startsWith("data:")) complaints.push(`asked for ${url}`);
    });
    try {
      await page.goto(address);
      const result = await run(page);
      assert.deepEqual(complaints, []);
      return result;
    } finally {
      await context.close();
    }
  }

  /** Takes the file that the dialog makes. */
  async function taken(page: Page, name: string): Promise<string> {
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Make the file" }).click();
    const download = page.waitForEvent("download");
    await dialog.getByRole("link", { name: "Download" }).click();
    const file = join(folder, name);
    await (await download).saveAs(file);
    return file;
  }

  const diffOf = async (page: Page): Promise<readonly string[]> => {
    await page.getByText("Diff", { exact: true }).first().click();
    const rows = page.locator('[role="treegrid"] [role="row"]');
    await page.locator('[role="treegrid"] .node.differs').first().waitFor();
    return (await rows.allTextContents()).filter((text) => text !== "");
  };
  const sqlOf = async (page: Page): Promise<string> => {
    await page.getByRole("tab", { name: "Translation" }).click();
    const sql = page.locator(".cm-content").nth(1);
    await sql.waitFor();
    return (await sql.textContent()) ?? "";
  };

  test("opens from a file, offline, with the diff and the SQL of the window", async () => {
    const shown = await open(`${fake.url}/#/exchange/13?tab=responses`, async (page) => {
      const diff = await diffOf(page);
      const sql = await sqlOf(page);
      await page.getByRole("button", { name: "Share…" }).click();
      await page.getByRole("dialog").getByText("One exchange leaves").waitFor();
      return { diff, sql, file: await taken(page, "one.html") };
    });
    assert.ok(shown.diff.length > 0 && shown.sql.includes("SELECT"));
    await open(`${pathToFileURL(shown.file)}#/exchange/13?tab=responses`, async (page) => {
      assert.deepEqual(await diffOf(page), shown.diff);
      assert.equal(await sqlOf(page), shown.sql);
      assert.equal(await page.getByRole("button", { name: "Resend" }).count(), 0, "nothing is there that needs an engine");
    });
  });

  test("takes out what is chosen, shows it before, and leaves only what passes the filter", async () => {
    const file = await open(`${fake.url}/#/traffic?filter=~verdict%20different`, async (page) => {
      await page.getByRole("button", { name: "Share…" }).first().click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("Fields").fill("category.keyword");
      await dialog.getByLabel("Fields").press("Enter");
      await dialog.locator("ins", { hasText: "[redacted]" }).first().waitFor();
      await dialog.locator("del", { hasText: "Men's Accessories" }).first().waitFor();
      return taken(page, "some.html");
    });
    const text = readFileSync(file, "utf8");
    assert.ok(text.includes("[redacted]"));
    assert.ok(!text.includes("Men's Accessories") && !text.includes("Men's Clothing"));
    await open(pathToFileURL(file).href, async (page) => {
      await page.locator('[role="grid"] [role="row"]').first().waitFor();
      const verdicts = await page.locator('[role="grid"] [role="row"] .verdict').allTextContents();
      assert.ok(verdicts.length > 0 && verdicts.every((verdict) => verdict === "different"), verdicts.join(", "));
      await page.getByRole("link", { name: "Compare" }).click();
      await page.getByText("% agree").waitFor();
    });
  });

  test("shares a profile as its flame graph", async () => {
    const file = await open(`${fake.url}/#/profiles?name=backfill-flights-20261122T164501000Z`, async (page) => {
      await page.getByRole("button", { name: "Share…" }).click();
      return taken(page, "profile.html");
    });
    await open(pathToFileURL(file).href, async (page) => {
      await page.getByText("translateSearch").first().waitFor();
    });
  });

  test("shows hostile texts as text", async () => {
    const source = openSession(join(folder, "hostile.parallax"));
    try {
      for (const [i, attack] of PAGE_ATTACKS.slice(0, 40).entries()) {
        const text = `${attack}</script><!--<script>window.attacked=1</script>`;
        const searches = [part(0, "different", { body: JSON.stringify({ query: text }), clickhouse: JSON.stringify({ text }) })];
        source.put(exchange(i + 1, { path: `/${text}`, note: text, client: text, comment: text, verdict: "different", searches }), {
          elasticsearch: Buffer.from(JSON.stringify({ text: `${text}!` })),
        });
      }
      const file = join(folder, "hostile.html");
      const ids = Array.from({ length: 40 }, (_, i) => i + 1);
      const each = (): void => undefined;
      await writeShared({ source, ids, format: "html", redact: {}, file, each, page: pages, version: "1", title: PAGE_ATTACKS[0] ?? "" });
      await open(`${pathToFileURL(file)}#/traffic?id=40`, async (page) => {
        await page.locator('[role="grid"] [role="row"]').first().waitFor();
        await page.locator(".exchange-head").waitFor();
        assert.equal(await page.evaluate("window.attacked"), undefined);
        assert.equal(await page.locator("img, iframe, object").count(), 0);
      });
    } finally {
      source.close();
    }
  });
});
