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
  const framesOf = async (page: Page): Promise<readonly string[]> => {
    await page.getByText("BooleanQuery").first().waitFor();
    return await page.locator('.lanes [role="treeitem"]').allTextContents();
  };
  const sqlOf = async (page: Page): Promise<string> => {
    await page.getByRole("tab", { name: "Translation" }).click();
    const sql = page.locator(".cm-content").nth(1);
    await sql.waitFor();
    return (await sql.textContent()) ?? "";
  };

  test("opens from a file, offline, with the diff and the SQL of the window", async () => {
    const shown = await open(`${fake.url}/#/exchange/13?tab=profile`, async (page) => {
      await page.getByRole("button", { name: "Profile this request" }).click();
      const frames = await framesOf(page);
      await page.getByRole("tab", { name: "Responses" }).click();
      const diff = await diffOf(page);
      const sql = await sqlOf(page);
      await page.getByRole("button", { name: "Share…" }).click();
      await page.getByRole("dialog").getByText("One exchange leaves").waitFor();
      return { diff, sql, frames, file: await taken(page, "one.html") };
    });
    assert.ok(shown.diff.length > 0 && shown.sql.includes("SELECT"));
    await open(`${pathToFileURL(shown.file)}#/exchange/13?tab=responses`, async (page) => {
      assert.deepEqual(await diffOf(page), shown.diff);
      assert.equal(await sqlOf(page), shown.sql);
      await page.getByRole("tab", { name: "Profile" }).click();
      assert.deepEqual(await framesOf(page), shown.frames);
      for (const name of ["Resend", "Profile this request"])
        assert.equal(await page.getByRole("button", { name }).count(), 0, "nothing is there that needs an engine");
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

  test("shares the rows that are selected, also those that are scrolled away", async () => {
    const file = await open(`${fake.url}/#/traffic`, async (page) => {
      const rows = page.locator('[role="grid"] [role="row"]');
      await rows.nth(2).click({ modifiers: ["ControlOrMeta"] });
      await rows.nth(5).click({ modifiers: ["Shift"] });
      const bar = page.getByRole("group", { name: "Selected exchanges" });
      await bar.getByText("4 selected").waitFor();
      await rows.nth(3).getByRole("checkbox").click();
      await bar.getByText("3 selected").waitFor();
      await page.getByRole("grid", { name: "Exchanges" }).evaluate((grid) => grid.scrollTo(0, grid.scrollHeight));
      await page.keyboard.press("S");
      await page.getByRole("dialog").getByText("3 exchanges leave").waitFor();
      return taken(page, "selected.html");
    });
    await open(pathToFileURL(file).href, async (page) => {
      await page.getByText("3 of 3").waitFor();
      assert.equal(await page.locator('[role="grid"] [role="row"]').count(), 3);
    });
  });

  test("selects by keys, and lets go by one", async () => {
    await open(`${fake.url}/#/traffic`, async (page) => {
      await page.locator('[role="grid"] [role="row"]').first().waitFor();
      const bar = page.getByRole("group", { name: "Selected exchanges" });
      const chosen = page.locator('[role="row"][aria-selected="true"]');
      await page.getByRole("grid", { name: "Exchanges" }).focus();
      await page.keyboard.press("j");
      await chosen.waitFor();
      const first = await chosen.getAttribute("data-id");
      await page.keyboard.press("Space");
      await bar.getByText("1 selected").waitFor();
      await page.keyboard.press("j");
      await page.locator(`[role="row"][aria-selected="true"]:not([data-id="${first}"])`).waitFor();
      await page.keyboard.press("X");
      await bar.getByText("2 selected").waitFor();
      await page.keyboard.press("x");
      await bar.getByText("1 selected").waitFor();
      await page.keyboard.press("Escape");
      await chosen.waitFor({ state: "detached" });
      await page.keyboard.press("Escape");
      await bar.waitFor({ state: "detached" });
    });
  });

  test("shares a comparison: groups down to their exchanges, and the causes that were found", async () => {
    const file = await open(`${fake.url}/#/compare?tab=application`, async (page) => {
      const why = page.locator(".compare-why");
      await why.getByRole("button").click();
      await why.locator("li").first().waitFor();
      await why.getByRole("button", { name: "Explain again" }).waitFor();
      await page.locator(".compare-aside").getByRole("button", { name: "Share…" }).click();
      return taken(page, "compare.html");
    });
    await open(pathToFileURL(file).href, async (page) => {
      await page.waitForURL(/#\/compare$/);
      await page.locator(".compare-why li").first().waitFor();
      assert.equal(await page.locator(".compare-why").getByRole("button").count(), 0);
      await page.getByRole("radio", { name: "Application" }).click();
      for (const by of ["dashboard", "panel", "shape"]) {
        await page.locator('[role="grid"] [role="row"]').first().click();
        await page.waitForURL(new RegExp(`tab=${by}`));
      }
      await page.locator('[role="grid"] [role="row"]').first().click();
      await page.waitForURL(/#\/traffic/);
      await page.locator('[role="grid"] [role="row"]').first().waitFor();
      await page.keyboard.press("?");
      const keys = page.getByRole("dialog", { name: "Keys" });
      await keys.getByText("Next mismatch").waitFor();
      assert.equal(await keys.getByText("Send the request again").count(), 0);
    });
  });

  test("takes a file that someone chooses, and says what is wrong with it", async () => {
    await open(`${fake.url}/#/traffic`, async (page) => {
      await page.locator("button.session").click();
      await page.getByRole("menuitem", { name: "Open a session file" }).click();
      const choosing = page.waitForEvent("filechooser");
      await page.getByRole("button", { name: "Choose a file…" }).click();
      await (await choosing).setFiles({ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("x") });
      await page.getByText("notes.txt is neither a session file").waitFor();
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
