// The list over more exchanges than an element can be high, in a real Chromium: the engine's answers are made up, so that a million cost
// nothing.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Browser, Locator, Page, Route } from "playwright-core";
import { build } from "vite";
import { rendererConfig } from "../../electron.vite.config.ts";
import type { ExchangeQuery } from "../../src/shared/contract.ts";
import { browserMissing, launchBrowser } from "../support/browser.ts";
import { type FakeContract, startFakeContract } from "../support/fake_contract.ts";

/** Rows of 28 pixels: more than Chromium lays out in one element. */
const MANY = 2_000_000;
const BLOCK = 256;
const GRID = '[role="grid"]';

describe("the list far down", { skip: browserMissing }, () => {
  const folder = mkdtempSync(join(tmpdir(), "parallax-far-"));
  let browser: Browser;
  let fake: FakeContract;

  before(async () => {
    await build({ ...rendererConfig, logLevel: "error", build: { ...rendererConfig.build, outDir: folder, emptyOutDir: true } });
    browser = await launchBrowser();
    fake = await startFakeContract({ exchanges: 600, port: 0, page: folder });
  });

  after(async () => {
    await browser?.close();
    await fake?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(hash: string, prepare: (page: Page) => Promise<void>, run: (page: Page) => Promise<void>): Promise<void> {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    try {
      await prepare(page);
      await page.goto(`${fake.url}/${hash}`);
      await page.locator(`${GRID} [data-id]`).first().waitFor();
      await run(page);
      assert.deepEqual(complaints, []);
    } finally {
      await page.close();
    }
  }

  const whole = (page: Page) => page.locator(`${GRID}[aria-rowcount="${MANY}"]`).waitFor();
  const at = (page: Page, place: number, id: number): Locator => page.locator(`${GRID} [aria-rowindex="${place}"][data-id="${id}"]`);
  /** Puts the scrollbar somewhere, from 0 to 1. */
  const drag = (page: Page, share: number) =>
    page.locator(GRID).evaluate((grid, to) => grid.scrollTo(0, to * (grid.scrollHeight - grid.clientHeight)), share);

  test("any of two million rows is reached by keys, by the scrollbar and by its address", async () => {
    await open("", withManyRows, async (page) => {
      await whole(page);
      await page.keyboard.press("End");
      await at(page, MANY, 1).and(page.locator('[aria-selected="true"]')).waitFor();
      await page.keyboard.press("k");
      await at(page, MANY - 1, 2)
        .and(page.locator('[aria-selected="true"]'))
        .waitFor();
      await page.keyboard.press("Home");
      await at(page, 1, MANY).and(page.locator('[aria-selected="true"]')).waitFor();
      await drag(page, 0.5);
      await page.waitForFunction(
        ({ grid, half }) =>
          [...document.querySelectorAll(`${grid} [data-id]`)].some((row) => Math.abs(Number(row.getAttribute("data-id")) - half) < 100),
        { grid: GRID, half: MANY / 2 },
      );
      await drag(page, 1);
      await at(page, MANY, 1).waitFor();
      await drag(page, 0);
      await at(page, 1, MANY).waitFor();
    });
    await open("#/traffic?id=1234567", withManyRows, async (page) => {
      await at(page, MANY - 1234567 + 1, 1234567)
        .and(page.locator('[aria-selected="true"]'))
        .waitFor();
      const box = await at(page, MANY - 1234567 + 1, 1234567).boundingBox();
      assert.ok(box !== null && box.y > 0 && box.y < 900, "in view");
    });
  });

  test("the wheel moves rows as far as it turns, in the middle of two million", async () => {
    await open("", withManyRows, async (page) => {
      await whole(page);
      await drag(page, 0.37);
      const first = page.locator(`${GRID} [data-id]`).nth(20);
      await first.waitFor();
      const id = await first.getAttribute("data-id");
      const row = page.locator(`${GRID} [data-id="${id}"]`);
      const before = (await row.boundingBox())?.y ?? 0;
      await page.locator(GRID).hover();
      await page.mouse.wheel(0, 84);
      await page.waitForFunction(
        ([sought, y]) => Math.abs((document.querySelector(`[data-id="${sought}"]`)?.getBoundingClientRect().y ?? 0) - Number(y)) < 1,
        [id, before - 84] as const,
      );
    });
  });

  test("what is read stays where it is when others come on top, and the newest are there at the top", async () => {
    await open(
      "",
      async () => {},
      async (page) => {
        const newest = Number(await page.locator(`${GRID} [data-id]`).first().getAttribute("data-id"));
        await page.locator(`${GRID}[aria-rowcount="${newest}"]`).waitFor();
        await page.locator(GRID).evaluate((grid) => grid.scrollTo(0, 28 * 300 + 7));
        const read = page.locator(`${GRID} [data-id="${newest - 305}"]`);
        await read.waitFor();
        const before = await read.boundingBox();
        fake.add(40);
        await page.locator(`${GRID}[aria-rowcount="${newest + 40}"]`).waitFor();
        assert.deepEqual(await read.boundingBox(), before);
        assert.equal(await read.getAttribute("aria-rowindex"), "346");
        await drag(page, 0);
        await page.locator(`${GRID} [aria-rowindex="1"][data-id="${newest + 40}"]`).waitFor();
        fake.add(1);
        await page.locator(`${GRID} [aria-rowindex="1"][data-id="${newest + 41}"]`).waitFor();
      },
    );
  });
});

/** Answers for a session of MANY exchanges, each like one that is there. */
async function withManyRows(page: Page): Promise<void> {
  await page.route("**/api/call/exchanges.*", async (route) => {
    const query: ExchangeQuery = JSON.parse(route.request().postData() ?? "{}");
    const name = new URL(route.request().url()).pathname.split("/").at(-1);
    if (name === "exchanges.ranges") await route.fulfill({ json: { ok: true, value: rangesBelow(query.before ?? MANY + 1) } });
    else if (name === "exchanges.list" && query.filter === "") await listed(route, query);
    else await route.continue();
  });
}

async function listed(route: Route, { before = Number.MAX_SAFE_INTEGER, after = 0, limit = 200 }: ExchangeQuery): Promise<void> {
  const response = await route.fetch({ postData: JSON.stringify({ limit: 1 }) });
  const reply = JSON.parse(await response.text());
  const newest = Math.min(before - 1, MANY);
  const count = Math.min(limit, newest - after);
  const exchanges = Array.from({ length: count }, (_, i) => ({ ...reply.value.exchanges[0], id: newest - i }));
  reply.value = { exchanges, next: newest - count > after ? newest - count + 1 : null, total: count };
  await route.fulfill({ response, json: reply });
}

function rangesBelow(before: number) {
  const ranges: { readonly after: number; readonly count: number }[] = [];
  for (let upTo = before - 1; upTo > 0; ) {
    const after = Math.floor((upTo - 1) / BLOCK) * BLOCK;
    ranges.push({ after, count: upTo - after });
    upTo = after;
  }
  return { ranges, next: null, counted: true };
}
