// The whole product in a real Chromium: the sample session played through the real proxy, ClickHouse live, the page on top.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseRoute } from "../../src/renderer/route.ts";
import type { Status } from "../../src/shared/contract.ts";
import type { ExchangeDetail } from "../../src/shared/exchange.ts";
import { browserMissing, launchBrowser } from "../support/browser.ts";
import { startParallax } from "../support/parallax_process.ts";

describe("the sample session in the window", { skip: browserMissing }, () => {
  test("fills the list by itself; a row opens both answers, what was compared, and the SQL", { timeout: 180_000 }, async () => {
    const parallax = await startParallax(["--sample"]);
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      const complaints: string[] = [];
      page.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
      });
      page.on("pageerror", (error) => complaints.push(error.message));
      const { interface: shown } = await parallax.ask<Status>("/api/status");
      await page.goto(shown.url);

      const rows = page.locator('[role="grid"] [role="row"]');
      await rows.first().waitFor();
      const newest = Number(await rows.first().getAttribute("data-id"));
      await page.locator(`[data-id="${newest + 5}"]`).waitFor();

      // Pinned down by a filter, since new rows keep arriving.
      await page.keyboard.press("/");
      await page.locator(".cm-editor.cm-focused").waitFor();
      await page.keyboard.type("~verdict equal & ~agg terms");
      await page.keyboard.press("Enter");
      await page.locator('[role="row"]:has(.verdict.equal)').first().click();
      await page.locator(".detail h1").filter({ hasText: "same answer" }).waitFor();

      await page.getByRole("tab", { name: /Responses/ }).click();
      await page
        .locator(".coverage")
        .filter({ hasText: /Compared .* of the response/ })
        .waitFor();
      await page.getByRole("tab", { name: /Translation/ }).click();
      // Which search is the newest is up to the clock: what the page must show is what the API says of that one.
      // Its row may have scrolled away; the address names it.
      const { id } = parseRoute(new URL(page.url()).hash);
      const { searches } = await parallax.ask<ExchangeDetail>(`/api/exchanges/${id}`);
      const beginnings = (searches[0]?.statements ?? []).map(({ sql }) => sql.slice("SELECT".length).match(/\w+/)?.[0] ?? "");
      assert.ok(beginnings.length > 0, `exchange ${id} has statements`);
      const pane = page.locator(".linked section").nth(1);
      await pane.getByText("SELECT", { exact: true }).first().waitFor();
      const text = (await pane.textContent()) ?? "";
      assert.ok(
        beginnings.some((beginning) => text.includes(beginning)),
        `one of ${beginnings.join(", ")} is in ${text}`,
      );
      assert.deepEqual(complaints, []);
    } finally {
      await browser.close();
      await parallax.stop();
    }
  });
});
