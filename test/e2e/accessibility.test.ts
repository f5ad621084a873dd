// Every page of the window in its three themes, and driven by keys alone: in a real Chromium, over made-up exchanges.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { build } from "vite";
import { rendererConfig } from "../../electron.vite.config.ts";
import { violations } from "../support/accessibility.ts";
import { browserMissing, launchBrowser } from "../support/browser.ts";
import { type FakeContract, startFakeContract } from "../support/fake_contract.ts";
import type { PageState } from "../support/fake_states.ts";

const PAGES = [
  "traffic",
  "compare",
  "indices",
  "pipes",
  "sql",
  "statistics",
  "rules",
  "kibana",
  "intercept",
  "profiles",
  "status",
  "settings",
  "start",
] as const;

describe("the window, for everyone", { skip: browserMissing }, () => {
  const folder = mkdtempSync(join(tmpdir(), "parallax-page-"));
  let browser: Browser;
  let fake: FakeContract;
  /** An exchange that differs, with statements and a difference to look at. */
  let differing = 0;

  before(async () => {
    await build({ ...rendererConfig, logLevel: "error", build: { ...rendererConfig.build, outDir: folder, emptyOutDir: true } });
    browser = await launchBrowser();
    fake = await startFakeContract({ exchanges: 60, port: 0, page: folder });
    const reply = await fetch(`${fake.url}/api/call/exchanges.list`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ filter: "~verdict different", limit: 1 }),
    });
    differing = JSON.parse(await reply.text()).value.exchanges[0].id;
  });

  after(async () => {
    await browser?.close();
    await fake?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A page at an address; what the console complains about fails the test, but for refusals that `refused` says are to come. */
  async function open(hash: string, run: (page: Page) => Promise<void>, { width = 1440, refused = false } = {}): Promise<void> {
    const context = await browser.newContext({ viewport: { width, height: 900 } });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => {
      const expected = refused && /status of 503/.test(message.text());
      if ((message.type() === "error" || message.type() === "warning") && !expected) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    try {
      await page.goto(`${fake.url}/#/${hash}`);
      await run(page);
      assert.deepEqual(complaints, []);
    } finally {
      await context.close();
    }
  }

  /** The page's content is there: it has its head, and nothing is on its way. */
  async function settled(page: Page): Promise<void> {
    await page.locator("h1").first().waitFor({ state: "attached" });
    await page.waitForFunction(() => document.querySelector("main [aria-busy=true], header[aria-busy=true]") === null);
  }

  test("has no fault that axe finds, on any page, in any theme", async () => {
    for (const name of PAGES) {
      await open(name, async (page) => {
        await settled(page);
        assert.deepEqual(await violations(page), [], name);
      });
    }
  });

  test("has none on any tab of an exchange", async () => {
    await open(`traffic?id=${differing}`, async (page) => {
      await settled(page);
      for (const [i, name] of ["Overview", "Request", "Responses", "Translation", "Profile", "Raw"].entries()) {
        await page.keyboard.press(String(i + 1));
        await page.getByRole("tab", { name, selected: true }).waitFor();
        await settled(page);
        assert.deepEqual(await violations(page), [], name);
      }
    });
  });

  test("has none in its menus, forms and panels", async () => {
    const press = (name: string) => (page: Page) => page.getByRole("button", { name }).click();
    const key = (text: string) => (page: Page) => page.keyboard.press(text);
    const opened: readonly (readonly [hash: string, open: (page: Page) => Promise<void>, shown: string])[] = [
      [`traffic?id=${differing}`, press("Copy as"), "[role=menuitem]"],
      [`traffic?id=${differing}`, key("c"), ".marks-marker"],
      [`traffic?id=${differing}`, press("Change and send"), "textarea"],
      [`exchange/${differing}?tab=translation`, press("Explain"), ".result .tr"],
      ["indices", key("j"), ".index-panel"],
      [
        "profiles",
        (page) =>
          page
            .locator(".profiles-rows button")
            .first()
            .click()
            .then(() => press("Download")(page)),
        "[role=menuitem]",
      ],
      ["rules", press("Add rule"), "textarea"],
      ["sql", press("Run"), ".result .tr"],
    ];
    for (const [hash, act, shown] of opened) {
      await open(hash, async (page) => {
        await settled(page);
        await act(page);
        await page.locator(shown).first().waitFor();
        assert.deepEqual(await violations(page), [], hash);
      });
    }
  });

  test("has none in its dialogs", async () => {
    await open(`traffic?id=${differing}`, async (page) => {
      await settled(page);
      await page.keyboard.press("Control+k");
      await page.locator(".palette-option").first().waitFor();
      assert.deepEqual(await violations(page), [], "palette");
      await page.keyboard.press("Escape");
      await page.keyboard.press("?");
      await page.getByRole("dialog", { name: "Keys" }).waitFor();
      assert.deepEqual(await violations(page), [], "keys");
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "hidden" });
      await page.keyboard.press("s");
      await page.getByRole("dialog").waitFor();
      await page.waitForFunction(() => document.querySelector("[role=dialog] [aria-busy=true]") === null);
      assert.deepEqual(await violations(page), [], "share");
    });
    await open("traffic", async (page) => {
      await settled(page);
      await page.locator("button.session").click();
      await page.getByRole("menuitem", { name: "Open a session file" }).waitFor();
      await page.getByRole("menuitemradio", { name: "slow dashboard.parallax" }).waitFor();
      assert.deepEqual(await violations(page), [], "session menu");
      await page.getByRole("menuitem", { name: "Open a session file" }).click();
      await page.getByRole("button", { name: "Choose a file…" }).waitFor();
      assert.deepEqual(await violations(page), [], "open a file");
      await page.keyboard.press("Escape");
      await page
        .locator('[role="row"]')
        .nth(3)
        .click({ modifiers: ["ControlOrMeta"] });
      await page.getByRole("group", { name: "Selected exchanges" }).waitFor();
      assert.deepEqual(await violations(page), [], "selected rows");
    });
  });

  for (const state of ["slow", "error"] as const satisfies readonly PageState[]) {
    test(`heads every page where answers are ${state === "slow" ? "on their way" : "refused"}, and offers to ask again`, async () => {
      fake.show(state);
      try {
        await open(
          "status",
          async (page) => {
            for (const name of PAGES) {
              await page.evaluate(`location.hash = "#/${name}"`);
              await page.locator("h1").first().waitFor({ state: "attached" });
              if (state === "slow" || ["sql", "status", "start"].includes(name)) continue;
              await page.getByRole("button", { name: "Try again" }).first().waitFor();
            }
          },
          { width: 900, refused: state === "error" },
        );
      } finally {
        fake.show("usual");
      }
    });
  }

  test("finds and does by keys alone, and gives the focus back", async () => {
    await open("traffic", async (page) => {
      await settled(page);
      const palette = page.getByRole("dialog", { name: "Find and do" });
      const find = async (text: string): Promise<void> => {
        await page.keyboard.press("Control+k");
        await palette.waitFor();
        await page.keyboard.type(text);
      };
      await page.getByRole("button", { name: "Pause" }).focus();
      await find("compare");
      await page.keyboard.press("Escape");
      await palette.waitFor({ state: "detached" });
      assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Pause");
      await find("statis");
      await page.getByRole("option", { name: /Statistics/ }).waitFor();
      await page.keyboard.press("Enter");
      await page.waitForURL(/#\/statistics/);
      await page.waitForFunction(() => document.title.startsWith("Statistics"));
      await find(`#${differing}`);
      await page.keyboard.press("Enter");
      await page.waitForURL(new RegExp(`#/exchange/${differing}$`));
      await settled(page);
      await find("pin or unpin");
      await page.keyboard.press("Enter");
      await page.locator('.exchange-head button[aria-pressed="true"]').waitFor();
      await find("high contrast");
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => document.documentElement.getAttribute("data-contrast") === "more");
      await find("xqzw");
      await palette.getByText("Nothing is called so.").waitFor();
    });
  });

  test("goes to pages by two keys, keeps a filter, and finds it from elsewhere", async () => {
    await open("traffic?filter=~verdict%20different", async (page) => {
      await settled(page);
      await page.getByRole("button", { name: "Keep this filter" }).click();
      await page.locator(".kept-chip").waitFor();
      await page.locator("h1").first().focus();
      await page.keyboard.press("g");
      await page.keyboard.press("i");
      await page.waitForURL(/#\/indices/);
      await settled(page);
      await page.keyboard.press("j");
      await page.locator('[role="row"][aria-selected="true"]').waitFor();
      await page.keyboard.press("Control+k");
      await page.keyboard.type("verdict different");
      await page.getByRole("group", { name: "Kept filters" }).getByRole("option").click();
      await page.waitForURL(/#\/traffic\?filter=/);
      await page.getByRole("button", { name: "Forget the filter ~verdict different" }).click();
      await page.locator(".kept-chip").waitFor({ state: "detached" });
    });
  });

  test("leads the focus into an exchange and back to the list, and out of an editor", async () => {
    await open("traffic", async (page) => {
      await settled(page);
      const list = page.getByRole("grid", { name: "Exchanges" });
      await list.focus();
      await page.keyboard.press("j");
      const chosen = page.locator('[role="row"][aria-selected="true"]');
      await chosen.waitFor();
      assert.equal(await list.getAttribute("aria-activedescendant"), await chosen.getAttribute("id"));
      assert.ok(Number(await list.getAttribute("aria-rowcount")) >= 60);
      const close = page.getByRole("region", { name: /Exchange/ }).getByRole("button", { name: "Close" });
      await close.focus();
      await page.keyboard.press("Enter");
      await close.waitFor({ state: "detached" });
      await page.waitForFunction(() => document.activeElement?.getAttribute("role") === "grid");
    });
    await open("sql", async (page) => {
      const editor = page.getByRole("textbox", { name: "ClickHouse" });
      await editor.focus();
      await page.keyboard.press("Escape");
      await page.waitForFunction(() => document.activeElement === document.body);
      await page.keyboard.press("g");
      await page.keyboard.press("t");
      await page.waitForURL(/#\/traffic/);
    });
  });

  test("says once, politely, that answers differ", async () => {
    await open("traffic", async (page) => {
      await settled(page);
      const said = page.locator('main > [aria-live="polite"]');
      assert.equal(await said.textContent(), "");
      await page
        .locator(".foot")
        .getByRole("button", { name: /different/ })
        .waitFor();
      fake.add(40);
      await said.filter({ hasText: /that differ/ }).waitFor();
    });
  });
});
