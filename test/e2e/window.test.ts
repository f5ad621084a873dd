// The window in a real Chromium, over made-up exchanges: no ClickHouse, no Elasticsearch.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { build } from "vite";
import { rendererConfig } from "../../electron.vite.config.ts";
import { browserMissing, launchBrowser } from "../support/browser.ts";
import { type FakeContract, startFakeContract } from "../support/fake_contract.ts";
import { PAGE_ATTACKS } from "../support/page_attacks.ts";

describe("the window", { skip: browserMissing }, () => {
  const folder = mkdtempSync(join(tmpdir(), "parallax-page-"));
  let browser: Browser;
  let fake: FakeContract;
  let context: BrowserContext;

  before(async () => {
    await build({ ...rendererConfig, logLevel: "error", build: { ...rendererConfig.build, outDir: folder, emptyOutDir: true } });
    browser = await launchBrowser();
    fake = await startFakeContract({ exchanges: 200, port: 19_979, page: folder });
  });

  after(async () => {
    await browser?.close();
    await fake?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A page at an address; whatever it complains about fails the test at its end. */
  async function open(hash: string, run: (page: Page) => Promise<void>, viewport = { width: 1440, height: 900 }): Promise<void> {
    context = await browser.newContext({ viewport });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    try {
      await page.goto(`${fake.url}/${hash}`);
      await run(page);
      assert.deepEqual(complaints, []);
    } finally {
      await context.close();
    }
  }

  const textOf = async (locator: Locator) => (await locator.textContent()) ?? "";
  const rows = (page: Page) => page.locator('[role="grid"] [role="row"]');
  const selected = (page: Page) => page.locator('[role="grid"] [role="row"][aria-selected="true"]');

  test("shows the newest exchanges, and those that arrive, without a console error", async () => {
    await open("", async (page) => {
      await rows(page).first().waitFor();
      const newest = Number(await rows(page).first().getAttribute("data-id"));
      fake.add(3);
      await page.locator(`[data-id="${newest + 3}"]`).waitFor();
      assert.ok((await rows(page).count()) < 60, "only what is in view is drawn");
    });
  });

  test("shows a changed message as it came and as it was sent on", async () => {
    await open("", async (page) => {
      await page.route("**/api/call/exchange.*", async (route) => {
        const response = await route.fetch();
        const reply = JSON.parse(await response.text());
        const { side } = JSON.parse(route.request().postData() ?? "{}");
        if (side === "sent" || side === "given") {
          reply.value = { text: `{"${side}":1}`, encoding: "utf8", totalBytes: 10, next: null };
        } else if (side === undefined) {
          const { request, response: answer } = reply.value;
          const headers = [["x-changed", "yes"]];
          reply.value.endpoint = "_search";
          reply.value.request = { ...request, sent: { method: "PUT", path: "/went/on", headers, bodyBytes: 10, body: "kept" } };
          reply.value.response = { ...answer, given: { status: 418, headers, bodyBytes: 10, body: "kept" } };
        }
        await route.fulfill({ response, json: reply });
      });
      await rows(page).first().click();
      await page.getByRole("tab", { name: "Request" }).click();
      await page.getByRole("radio", { name: "As it was sent on" }).click();
      await page.getByText("PUT /went/on").waitFor();
      await page.getByText('"sent"').first().waitFor();
      await page.getByRole("tab", { name: "Responses" }).click();
      await page.getByRole("radiogroup", { name: "Which answer", exact: true }).getByRole("radio").first().click();
      await page.getByRole("radio", { name: "As it came" }).click();
      await page.getByText('"given"').first().waitFor();
    });
  });

  test("takes hostile text for text, in the list and on an exchange's page", async () => {
    let next = 0;
    const attack = (): string => PAGE_ATTACKS[next++ % PAGE_ATTACKS.length] ?? "";
    // Of a line, as a path or a header has it, too.
    const hostile = (exchange: Record<string, unknown>): Record<string, unknown> => ({
      ...exchange,
      ...Object.fromEntries(["path", "index", "client", "note", "comment", "error", "source"].map((name) => [name, attack()])),
    });
    const others: string[] = [];
    await open("", async (page) => {
      page.on("request", (request) => {
        if (!request.url().startsWith(fake.url) && !request.url().startsWith("data:")) others.push(request.url());
      });
      await page.route("**/api/call/*", async (route) => {
        const response = await route.fetch();
        const reply = JSON.parse(await response.text());
        const name = new URL(route.request().url()).pathname.split("/").at(-1);
        if (name === "exchanges.list") reply.value.exchanges = reply.value.exchanges.map(hostile);
        if (name === "exchange.get") {
          const { request, response: answer, ...exchange } = reply.value;
          const headers = PAGE_ATTACKS.map((text) => [attack(), text]);
          reply.value = { ...hostile(exchange), request: { ...request, headers }, response: { ...answer, headers } };
        }
        if (name === "exchange.body") reply.value = { ...reply.value, text: PAGE_ATTACKS.join("\n") };
        await route.fulfill({ response, json: reply });
      });
      await page.reload();
      await rows(page).nth(10).waitFor();
      assert.ok(next >= PAGE_ATTACKS.length, `${next}`);
      await rows(page).first().click();
      for (const tab of await page.getByRole("tab").all()) await tab.click();
      await page.getByRole("tab", { name: "Request" }).click();
      await page.getByRole("radio", { name: "Headers" }).click();
      await page
        .locator("table.headers tr")
        .nth(PAGE_ATTACKS.length - 1)
        .waitFor({ state: "attached" });
      const met = await page.evaluate(() => ({
        attacked: "attacked" in window,
        brought: document.querySelectorAll("iframe, object, base, math, form[action], img[src='x'], a[href^='javascript']").length,
        wide: document.documentElement.scrollWidth > window.innerWidth,
      }));
      assert.deepEqual(met, { attacked: false, brought: 0, wide: false });
    });
    assert.deepEqual(others, []);
  });

  test("opens an exchange by a click: sentence, figures, tabs by mouse and by number", async () => {
    await open("", async (page) => {
      await page.locator('[role="row"]:has(.verdict.different)').first().click();
      await page.locator(".detail h1").filter({ hasText: "answers differ" }).waitFor();
      await page.locator(".waterfall").waitFor();
      assert.match(await textOf(page.locator(".both")), /Matching documents/);
      await page.getByRole("tab", { name: /Request/ }).click();
      await page.locator(".detail .cm-content").filter({ hasText: "track_total_hits" }).waitFor();
      await page.keyboard.press("6");
      await page.locator(".start-line").filter({ hasText: "HTTP/1.1" }).waitFor();
      assert.match(page.url(), /tab=raw/);
    });
  });

  test("makes a differing search small, and keeps it as a case", async () => {
    await open("#/exchange/13", async (page) => {
      const block = page.getByRole("region", { name: "Smallest request" });
      await block.getByRole("button", { name: "Shrink" }).click();
      await block.locator("pre").filter({ hasText: "track_total_hits" }).waitFor();
      assert.doesNotMatch(await textOf(block.locator("pre")), /query|aggs/);
      assert.match(await textOf(block.getByRole("status").first()), /requests asked; .* → \d+ characters/);
      await block.locator(".paths").filter({ hasText: "/hits/total/value" }).waitFor();
      await block.getByRole("textbox").fill("kept-by-the-window");
      await block.getByRole("button", { name: "Keep as regression case" }).click();
      await block.getByRole("status").filter({ hasText: "cases/kept-by-the-window.json" }).waitFor();
    });
  });

  test("probes a search for noise, remembers what is found, and forgets it in the settings", async () => {
    await open("#/exchange/13", async (page) => {
      await page.getByRole("button", { name: "Noise probe" }).click();
      const noise = page.getByRole("region", { name: "Noise" });
      await noise.getByRole("button", { name: "Probe again" }).waitFor();
      assert.match(await textOf(noise), /10 of 10 answers/);
      const [theirs, ours] = [noise.getByRole("region", { name: "Elasticsearch" }), noise.getByRole("region", { name: "ClickHouse" })];
      assert.match(await textOf(theirs), /\/aggregations\/2\/buckets\/\*\/1\/value 2 placesvalue3/);
      assert.match(await textOf(ours), /Its answers are all the same\./);
      await noise.getByRole("button", { name: "Remember for this shape" }).click();
      await noise.getByText(/3 places of this shape are left open since/).waitFor();
      await page.getByRole("link", { name: "Settings" }).click();
      const list = page.getByRole("listitem").filter({ hasText: "seen in 5 answers" });
      await list.getByRole("button", { name: "Forget" }).click();
      await list.waitFor({ state: "detached" });
    });
  });

  test("shows the difference by key and as text, with what was compared", async () => {
    await open("#/exchange/13?tab=responses", async (page) => {
      await page.locator(".node.differs").first().waitFor();
      assert.match(await textOf(page.locator(".coverage")), /Compared .*% of the response/);
      assert.ok((await page.locator(".node .missing").count()) > 0);
      await page.getByRole("radio", { name: "As text" }).click();
      await page.locator(".cm-mergeView .cm-changedLine").first().waitFor();
      await page.getByRole("radio", { name: "CH" }).click();
      await page.locator(".cm-content").filter({ hasText: "aggregations" }).waitFor();
    });
  });

  test("explains a place that differs: the sentence, the documents and how they were asked for", async () => {
    await open("#/exchange/13?tab=responses", async (page) => {
      await page.getByRole("switch", { name: "Why" }).click();
      const why = page.getByRole("complementary", { name: "Why it differs" });
      await why.getByRole("heading", { name: /^3 documents are in Elasticsearch only/ }).waitFor();
      assert.equal(await why.locator("tbody tr").count(), 3);
      assert.match(await textOf(why), /Cause: missing document.*12 in Elasticsearch, 9 in ClickHouse/);
      await why.locator("pre").filter({ hasText: "SELECT _id FROM orders" }).waitFor();
      await page.getByRole("radio", { name: "As text" }).click();
      await why.waitFor({ state: "detached" });
    });
  });

  test("lights up a clause on both sides, from either side", async () => {
    await open("#/exchange/13?tab=translation", async (page) => {
      const [dsl, sql] = [page.locator(".linked section").first(), page.locator(".linked section").last()];
      await page.getByRole("radio", { name: /^count/ }).click();
      await dsl
        .locator(".cm-line")
        .filter({ hasText: '"range"' })
        .hover({ position: { x: 90, y: 8 } });
      await sql.locator(".clause-on").first().waitFor();
      assert.match(await textOf(sql.locator(".clause-on").first()), /arrayExists/);
      assert.ok((await page.locator(".gutter-band path").count()) >= 2);
      await sql.getByText("hasAny", { exact: false }).first().click();
      assert.match(await textOf(dsl.locator(".clause-on").first()), /"terms"/);
      assert.match(await textOf(page.locator(".clause-at-hand")), /\/query\/bool\/filter\/1\/terms/);
    });
  });

  test("marks an unsupported clause where it stands, with the reason", async () => {
    await open("#/exchange/5?tab=translation", async (page) => {
      await page.locator(".clause-bad").first().waitFor();
      assert.match(await textOf(page.locator(".clause-reason").first()), /knn/);
      await page.getByText("No SQL was sent.").waitFor();
    });
  });

  test("runs the SQL that someone changed", async () => {
    await open("#/exchange/13?tab=translation", async (page) => {
      await page.getByRole("button", { name: /^Edit/ }).click();
      await page.locator(".cm-content[contenteditable=true]").waitFor();
      await page.keyboard.press("Control+a");
      await page.keyboard.type("FAIL");
      await page.keyboard.press("Control+Enter");
      await page.locator(".result [role=alert]").filter({ hasText: "Syntax error" }).waitFor();
      await page.keyboard.press("Control+a");
      await page.keyboard.type("SELECT 1");
      await page.keyboard.press("Control+Enter");
      await page.locator(".result .tr").filter({ hasText: "9007199254740993" }).waitFor();
    }).catch((error: unknown) => {
      // The refused statement is an HTTP 400, which Chromium itself reports.
      if (!(error instanceof assert.AssertionError) || !/status of 400/.test(error.message)) throw error;
    });
  });

  test("marks an exchange, copies its request, and changes it before it is sent again", async () => {
    await open("#/exchange/13", async (page) => {
      await page.getByRole("button", { name: "Marker and comment" }).click();
      await page.getByRole("textbox", { name: "Marker" }).fill("slow");
      await page.getByRole("textbox", { name: "Comment" }).fill("whose dashboard?");
      await page.getByRole("button", { name: "Save" }).click();
      await page.locator(".marks").filter({ hasText: "slowwhose dashboard?" }).waitFor();
      await page.getByRole("button", { name: "Copy as" }).click();
      await page.getByRole("menuitem", { name: "curl" }).click();
      await page.getByRole("button", { name: "Copied" }).waitFor();
      await page.getByRole("button", { name: "Change and send" }).click();
      await page.getByRole("textbox", { name: "Headers" }).fill("no header");
      await page.getByRole("alert").filter({ hasText: "write Name: value" }).waitFor();
      await page.getByRole("textbox", { name: "Headers" }).fill("x-a: 1");
      await page.getByRole("button", { name: "Send", exact: true }).click();
      await page.getByText("Sent: the new exchange").waitFor();
    });
  });

  test("explains the SQL on demand, and says what is worth knowing of a clause", async () => {
    await open("#/exchange/13?tab=translation", async (page) => {
      await page.getByRole("button", { name: "Explain" }).click();
      await page.locator(".result .tr").first().waitFor();
      await page.locator(".linked section").nth(1).getByText("hasAny", { exact: false }).first().click();
      await page.locator(".clause-at-hand").getByText("Exact on both engines.").waitFor();
    });
  });

  test("is driven by keys: j, k, n, /, d, Escape, Enter, ?", async () => {
    await open("", async (page) => {
      await rows(page).first().waitFor();
      const at = (row: number) => page.locator(`[role="grid"] [aria-selected="true"][aria-rowindex="${row}"]`);
      await page.keyboard.press("j");
      await at(1).waitFor();
      await page.keyboard.press("j");
      await at(2).waitFor();
      await page.keyboard.press("k");
      await at(1).waitFor();
      await page.keyboard.press("n");
      await selected(page)
        .filter({ hasText: /different|failed/ })
        .waitFor();
      await page.keyboard.press("d");
      await page.locator(`[role="tab"][aria-selected="true"]`).filter({ hasText: "Responses" }).waitFor();
      await page.keyboard.press("?");
      await page.getByRole("dialog").filter({ hasText: "Next mismatch" }).waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "hidden" });
      await page.keyboard.press("Enter");
      await page.waitForURL(/#\/exchange\//);
      await page.keyboard.press("Escape");
      await page.waitForURL(/#\/traffic/);
      await rows(page).first().waitFor();
      await page.keyboard.press("/");
      await page.locator(".cm-editor.cm-focused").waitFor();
      await page.keyboard.type("~verd");
      await page.locator(".cm-tooltip-autocomplete").filter({ hasText: "~verdict" }).waitFor();
    });
  });

  test("filters, says where a filter is wrong, and offers to clear one that matches nothing", async () => {
    await open("", async (page) => {
      await rows(page).first().waitFor();
      await page.getByRole("button", { name: /^Writes/ }).click();
      await page.waitForFunction(() => {
        const shown = [...document.querySelectorAll('[role="grid"] [role="row"]')];
        return shown.length > 0 && shown.every((row) => row.textContent?.includes("_bulk"));
      });
      await page.keyboard.press("/");
      await page.keyboard.type("~verdict blue");
      await page.keyboard.press("Enter");
      await page.locator(".filter-mistake").filter({ hasText: "different, unsupported" }).waitFor();
      await page.keyboard.press("Control+a");
      await page.keyboard.type("nothing-like-this");
      await page.keyboard.press("Enter");
      await page.getByText("No exchange matches this filter.").waitFor();
      await page.locator(".state").getByRole("button").click();
      await rows(page).first().waitFor();
      await page.keyboard.press("/");
      await page.keyboard.type("_bulk");
      await page.keyboard.press("Enter");
      await page.waitForURL(/filter=_bulk/);
      await page.getByRole("link", { name: "Settings" }).click();
      await page.getByRole("heading", { name: "Settings" }).waitFor();
    });
  });

  test("shows a bulk as pairs beside its answers, every digit kept", async () => {
    await open("#/traffic?id=7&tab=request", async (page) => {
      const refused = page.locator(".pair").filter({ hasText: "400" });
      await refused.waitFor();
      assert.match((await refused.locator("span").last().getAttribute("title")) ?? "", /document_parsing_exception/);
      await refused.click();
      await page.locator(".pair-body").filter({ hasText: '"bytes": 9007199254740993' }).waitFor();
    });
  });

  test("says what is wrong, and goes on by itself when the engine comes back", async () => {
    const own = await startFakeContract({ exchanges: 20, port: 19_990, page: folder });
    const port = Number(new URL(own.url).port);
    context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(own.url);
    await rows(page).first().waitFor();
    own.change({ problems: ["Elasticsearch at http://localhost:9200 does not answer: the connection was refused."] });
    await page.locator(".banner").filter({ hasText: "does not answer" }).waitFor();
    await own.stop();
    await page.locator(".banner").filter({ hasText: "connection to Parallax" }).waitFor();
    const again = await startFakeContract({ exchanges: 21, port, page: folder });
    await page.locator(".banner").filter({ hasText: "connection to Parallax" }).waitFor({ state: "detached", timeout: 15_000 });
    await page.locator('[data-id="21"]').waitFor();
    await context.close();
    await again.stop();
  });

  test("opens on the first-run choices where the sample plays for want of an address", async () => {
    fake.change({ welcome: true });
    await open("", async (page) => {
      const panel = page.getByRole("complementary", { name: "How to start" });
      await panel.waitFor();
      await panel.getByText('elasticsearch.hosts: ["http://localhost:9280"]').waitFor();
      await panel.getByRole("button", { name: "Close" }).click();
      await panel.waitFor({ state: "detached" });
    });
    fake.change({ welcome: false });
    await open("#/start", async (page) => {
      await page.getByText("Found Elasticsearch 9.4.3.").waitFor();
      await page.getByText("First request:").waitFor();
    });
  });

  test("leads from a dashboard to its panel, its shape and an exchange in three presses, and back by its crumbs", async () => {
    await open("#/compare?tab=dashboard", async (page) => {
      const group = (name: string) => rows(page).filter({ hasText: name });
      await page.evaluate(() => {
        document.body.dataset.presses = "0";
        addEventListener("click", () => (document.body.dataset.presses += "|"), true);
      });
      await group("eCommerce Revenue Dashboard").click();
      await group("lnsPie Orders by region").click();
      const crumbs = page.getByRole("navigation", { name: "Where you are" });
      await crumbs.getByText("lnsPie Orders by region").waitFor();
      const shapes = page.url();
      await rows(page).first().click();
      await page.waitForURL(/#\/traffic\?/);
      const { hash } = new URL(page.url());
      assert.match(decodeURIComponent(hash), /~dashboard 722b74f0 & ~panel "visualization:lnsPie:Orders by region" & ~shape [0-9a-f]+/);
      assert.match(hash, /&id=[0-9]+/);
      await rows(page).first().waitFor();
      assert.equal(await page.evaluate(() => document.body.dataset.presses), "0|||");
      await page.goBack();
      await page.waitForURL(shapes);
      await crumbs.getByRole("button", { name: "eCommerce Revenue Dashboard" }).click();
      await group("lnsXY Sales by category").waitFor();
      await crumbs.getByRole("button", { name: "All searches" }).click();
      await group("No dashboard").waitFor();
    });
  });

  test("compares live, and keeps the row at hand", async () => {
    await open("#/compare?tab=panel", async (page) => {
      const row = rows(page).filter({ hasText: "lnsMetric Total revenue" });
      await row.focus();
      const aside = page.getByRole("complementary", { name: "lnsMetric Total revenue" });
      await aside.getByText("Paths that differ most").waitFor();
      const cells = () => row.getByRole("gridcell").nth(1).textContent();
      const searches = await cells();
      fake.add(50);
      await page.waitForFunction(
        ([key, old]) => document.querySelector(`[data-key="${key}"] [role="gridcell"]:nth-child(2)`)?.textContent !== old,
        [await row.getAttribute("data-key"), searches],
      );
      assert.equal(await row.getAttribute("aria-selected"), "true");
      assert.ok(await aside.isVisible());
    });
  });

  test("tells why the searches of a group differ, by cause, and leads to them", async () => {
    await open("#/compare?tab=panel", async (page) => {
      await rows(page).filter({ hasText: "lnsPie Orders by region" }).focus();
      const aside = page.getByRole("complementary", { name: "lnsPie Orders by region" });
      const why = aside.getByRole("region", { name: /^Why \d+ searches differ$/ });
      await why.getByText("not asked yet.").waitFor();
      await why.getByRole("button", { name: "Explain", exact: true }).click();
      await why.getByRole("button", { name: "Explain again" }).waitFor();
      assert.match(await textOf(why.getByRole("status")), /^(\d+) of \1 kinds? explained, which stands? for (\d+) of \2 searches/);
      assert.match(await textOf(why), /missing document3 documents are in Elasticsearch only/);
      await why
        .getByRole("link", { name: /in Traffic$/ })
        .first()
        .click();
      await page.waitForURL(/#\/traffic\?/);
      assert.match(decodeURIComponent(new URL(page.url()).hash), /~panel .* & ~shape [0-9a-f]+\) & \(~verdict different\)/);
      await rows(page).first().waitFor();
      await page.goBack();
      await rows(page).filter({ hasText: "lnsPie Orders by region" }).focus();
      await why
        .getByRole("link", { name: /^exchange \d+$/ })
        .first()
        .click();
      await page.waitForURL(/#\/exchange\/\d+\?tab=responses/);
      await page.locator(".node.differs").first().waitFor();
    });
  });

  test("draws charts with a name and the same figures as a table; a point leads to its exchange", async () => {
    await open("#/compare?tab=panel", async (page) => {
      const aside = page.getByRole("complementary", { name: "All searches" });
      await aside
        .getByRole("img", { name: /^Verdicts over time: \d/ })
        .locator("svg path.chart-bar")
        .first()
        .waitFor();
      const chart = aside
        .locator("figure")
        .filter({ has: page.getByRole("img", { name: /^Time on both sides: ClickHouse was faster in / }) });
      await chart.locator(".chart-point").first().waitFor();
      await chart.getByRole("button", { name: "as a table" }).click();
      const table = chart.getByRole("table");
      assert.equal(await table.getByRole("row").count(), 1 + (await chart.locator("path.chart-point").count()));
      await table.getByRole("link").first().click();
      await page.waitForURL(/#\/exchange\/\d+/);
      await page.goBack();
      await chart.locator("path.chart-point").last().dispatchEvent("click");
      await page.waitForURL(/#\/exchange\/\d+/);
    });
    await open("#/statistics", async (page) => {
      await page
        .getByRole("img", { name: /^Latency over time/ })
        .locator("svg")
        .first()
        .waitFor();
      await page
        .getByRole("img", { name: /^Verdicts over time/ })
        .locator("svg")
        .first()
        .waitFor();
    });
    await open("#/indices", async (page) => {
      await page.getByRole("radio", { name: "Bytes" }).click();
      await page
        .getByRole("img", { name: /^Bytes of \d+ indices on both sides$/ })
        .locator("svg .recharts-bar-rectangle")
        .first()
        .waitFor();
      await page.getByRole("button", { name: "as a table" }).click();
      await page.getByRole("rowheader", { name: "kibana_sample_data_flights" }).waitFor();
    });
  });

  test("loads what draws charts with the first that is shown", async () => {
    await open("", async (page) => {
      await rows(page).first().waitFor();
      const loaded = () => page.evaluate(() => performance.getEntriesByType("resource").filter(({ name }) => /drawing/.test(name)).length);
      assert.equal(await loaded(), 0);
      await page.getByRole("link", { name: "Statistics" }).click();
      await page
        .getByRole("img", { name: /^Latency over time/ })
        .locator("svg")
        .first()
        .waitFor();
      assert.ok((await loaded()) > 0);
    });
  });

  test("has its other pages, and nothing scrolls sideways at 900 px", async () => {
    for (const [hash, wanted] of [
      ["#/compare", "agree"],
      ["#/indices", "kibana_sample_data_flights"],
      ["#/sql", "Nothing has run yet."],
      ["#/intercept", "Point a client here"],
      ["#/status", "Nothing is wrong."],
      ["#/status", "stacks and others"],
      ["#/statistics", "Telemetry report"],
      ["#/traffic?id=12", "Both answers"],
      ["#/start", "answered twice"],
    ] as const) {
      await open(
        hash,
        async (page) => {
          await page.getByText(wanted).first().waitFor();
          assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), hash);
        },
        { width: 900, height: 800 },
      );
    }
  });

  test("copies an index by a click, with progress that moves by itself, and stops it by another", async () => {
    fake.indices.copyMs = 120_000;
    await open("#/indices", async (page) => {
      const row = page.locator('[role="row"]').filter({ hasText: "archive-2024.11" });
      await row.getByText("not mirrored").waitFor();
      await row.getByRole("button", { name: /^Backfill/ }).click();
      await row.getByRole("progressbar").waitFor();
      await row.getByText(/left/).waitFor();
      const shown = () => row.getByRole("progressbar").getAttribute("aria-valuenow");
      const first = await shown();
      await page.waitForFunction(
        (before) => document.querySelector('[role="progressbar"]')?.getAttribute("aria-valuenow") !== before,
        first,
      );
      await row.getByRole("button", { name: /^Cancel/ }).click();
      await row.getByText("not mirrored").waitFor();
      fake.indices.copyMs = 400;
      await row.click();
      await page
        .locator(".index-mirror")
        .getByRole("button", { name: /^Backfill/ })
        .click();
      await page.locator(".index-mirror .note").filter({ hasText: "Both sides have the same documents now." }).waitFor();
      await row.getByText("in step").waitFor();
    });
  });

  test("gives one index a mode of its own, by a choice and by a key, and the rules' again", async () => {
    await open("#/indices", async (page) => {
      const row = page.locator('[role="row"]').filter({ hasText: "kibana_sample_data_flights" });
      const choice = row.getByRole("combobox");
      await choice.selectOption("clickhouse");
      await row.locator(".mode-choice.own").waitFor();
      await row.click({ position: { x: 8, y: 8 } });
      const panel = page.locator(".index-mirror");
      await panel.getByText("Chosen here").waitFor();
      await page.keyboard.press("m");
      await panel.getByText("nothing of this index is mirrored").waitFor();
      assert.equal(await choice.inputValue(), "tap");
      await choice.selectOption("rules");
      await panel.getByText("As the whole endpoint").waitFor();
      assert.equal(await choice.inputValue(), "compare");
    });
  });

  test("shows the mapping of an index beside its columns, by keys alone", async () => {
    await open("#/indices", async (page) => {
      await page.locator('[role="row"]').filter({ hasText: "kibana_sample_data_flights" }).waitFor();
      for (const _ of "jjj") await page.keyboard.press("j");
      await page.locator(".index-columns").getByText("message#tok").waitFor();
      assert.match(await textOf(page.locator(".index-columns")), /kibana_sample_data_flights.*dense_vector.*are not mirrored yet/);
      await page.keyboard.press("Escape");
      await page.locator(".index-panel").waitFor({ state: "detached" });
    });
  });

  test("says why the indices can't be listed, and lists them when asked again", async () => {
    fake.indices.problem = "Elasticsearch does not answer.";
    context = await browser.newContext();
    try {
      const page = await context.newPage();
      await page.goto(`${fake.url}/#/indices`);
      await page.getByText("Elasticsearch does not answer.").waitFor();
      fake.indices.problem = "";
      await page.getByRole("button", { name: "Try again" }).click();
      await page.getByText("kibana_sample_data_flights").waitFor();
    } finally {
      fake.indices.problem = "";
      await context.close();
    }
  });

  test("changes a setting in the config file, says that it waits, and takes the default again", async () => {
    await open("#/settings", async (page) => {
      const row = page.locator(".setting", { hasText: "proxy.port" });
      await row.getByRole("textbox").fill("9444");
      await row.getByRole("button", { name: "Set" }).click();
      await row.getByText("taken at the next start").waitFor();
      await row.getByRole("button", { name: "Back to the default" }).click();
      await row.getByRole("button", { name: "Back to the default" }).waitFor({ state: "detached" });
      assert.equal(await row.getByRole("textbox").inputValue(), "");
      assert.equal(await page.locator(".setting", { hasText: "What becomes of requests" }).getByRole("combobox").isDisabled(), true);
    });
  });

  test("offers to keep pipes back after runs that did not end in order", async () => {
    await open("", async (page) => {
      fake.change({ safe_mode: { crashes: 2, offered: true, by: null } });
      await page.getByRole("alert").filter({ hasText: "The last 2 runs" }).getByRole("button", { name: "Keep pipes back" }).click();
      fake.change({ safe_mode: { crashes: 2, offered: false, by: "setting" } });
      await page.getByRole("button", { name: "Start them" }).waitFor();
      fake.change({ safe_mode: { crashes: 0, offered: false, by: null } });
      await page.getByRole("button", { name: "Start them" }).waitFor({ state: "detached" });
    });
  });

  test("shows a profile's flame graph, and compares two", async () => {
    await open("#/profiles", async (page) => {
      await page.getByRole("button", { name: /Run of backfill-flights/ }).click();
      await page.getByRole("treeitem", { name: /translateSearch/ }).waitFor();
      await page.getByRole("button", { name: "Download" }).click();
      assert.deepEqual(
        await page.getByRole("menuitem").evaluateAll((items) => items.map((item) => item.getAttribute("download"))),
        [".cpuprofile", ".calltree", ".pstats", ".pb.gz"]
          .map((ending): string | null => `backfill-flights-20261122T164501000Z${ending}`)
          .concat([null]),
      );
      await page.keyboard.press("Escape");
      await page.getByRole("combobox", { name: "Compare with…" }).selectOption({ index: 1 });
      await page
        .getByRole("table", { name: /Compared with/ })
        .getByText("translateSearch")
        .waitFor();
      await page.getByRole("button", { name: "Record CPU" }).click();
      await page.getByRole("heading", { name: "CPU, 10 s" }).waitFor();
      await page.getByRole("button", { name: "Remove", exact: true }).click();
      await page.getByText("Choose a profile").waitFor();
    });
  });

  test("opens a profile in speedscope, which it serves itself", async () => {
    await open("#/profiles?name=backfill-flights-20261122T164501000Z", async (page) => {
      await page.getByRole("button", { name: "Download" }).click();
      const [viewer] = await Promise.all([
        context.waitForEvent("page"),
        page.getByRole("menuitem", { name: /^Open in speedscope/ }).click(),
      ]);
      await viewer.waitForFunction(() => document.title !== "speedscope" && document.title.length > 0);
      assert.ok(viewer.url().startsWith(`${fake.url}/speedscope/index.html#`));
    });
  });

  test("profiles a request: all sides as lanes on one axis, by mouse and by keys, as functions and as differences", async () => {
    await open("#/exchange/1?tab=profile", async (page) => {
      const lane = (name: string) => page.getByRole("tree", { name, exact: true });
      await lane("Phases").waitFor();
      assert.equal(await lane("Elasticsearch").count(), 0, "what went by has no profile of Elasticsearch's");
      const again = page.getByRole("button", { name: "Profile this request" });
      await again.click();
      await page.getByRole("radio", { name: "Run 1", exact: true }).waitFor();
      for (const name of ["Phases", "Main thread", "ClickHouse", "Elasticsearch"]) await lane(name).waitFor();
      await lane("Elasticsearch").focus();
      await page.keyboard.press("ArrowDown");
      const chosen = lane("Elasticsearch").locator('[aria-selected="true"]');
      assert.match((await chosen.getAttribute("aria-label")) ?? "", /^rewrite, total .+, self .+ of all$/);
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "Show all" }).waitFor();
      await lane("Phases").focus();
      await page.keyboard.press("0");
      await page.getByRole("button", { name: "Show all" }).waitFor({ state: "detached" });
      await page.getByRole("searchbox", { name: "Find a function" }).fill("translateTerms");
      await lane("Main thread").locator(".found").first().waitFor();
      await page.getByRole("radio", { name: "Functions", exact: true }).click();
      const functions = page.getByRole("table", { name: "Functions" });
      await functions.getByRole("button", { name: "Function" }).click();
      assert.equal(await functions.getByRole("columnheader", { name: "Function" }).getAttribute("aria-sort"), "ascending");
      await page.getByRole("radio", { name: "Figures", exact: true }).click();
      await page.getByText("from ClickHouse’s query_log").first().waitFor();
      await page.getByRole("radio", { name: "Differences", exact: true }).click();
      await page.getByRole("table", { name: "Differences" }).getByText("run on ClickHouse").waitFor();
      await again.click();
      await page.getByRole("radio", { name: "Run 2", exact: true }).waitFor();
      await page.getByText("Run 1 of this exchange").waitFor();
    });
  });

  test("starts and stops pipes on their page", async () => {
    const { name } = fake.indices.list().at(-1) ?? assert.fail("no index");
    const { copyMs } = fake.indices;
    fake.indices.copyMs = 600_000;
    await open("#/pipes", async (page) => {
      await fake.indices.handlers["index.backfill"]({ name });
      const pipe = page.getByRole("region", { name: `backfill-${name}` });
      for (let round = 0; round < 2; round += 1) {
        await pipe.getByText("runs", { exact: true }).waitFor();
        await pipe.getByRole("button", { name: "Stop", exact: true }).click();
        await pipe.getByText("stopped", { exact: true }).waitFor();
        if (round === 0) await pipe.getByRole("button", { name: "Start", exact: true }).click();
      }
      await page.getByRole("switch", { name: "Pipes start by themselves" }).waitFor();
    });
    fake.indices.copyMs = copyMs;
  });

  test("gives a pipe a schedule, tells of its last run, and takes the schedule away", async () => {
    const pipe = "reconcile-kibana_sample_data_ecommerce";
    await open("#/pipes", async (page) => {
      await page.getByText("No pipe has a schedule.").waitFor();
      await page.getByRole("button", { name: "Schedule …" }).last().click();
      await page.getByLabel("Pipe", { exact: true }).fill(pipe);
      await page.getByLabel("Every", { exact: true }).fill("6h");
      await page.getByLabel("Exact", { exact: true }).check();
      await page.getByRole("button", { name: "Schedule", exact: true }).click();
      const schedule = page.getByRole("region", { name: `Schedule of ${pipe}` });
      await schedule.getByText("every 6h, exact").waitFor();
      await schedule.getByText("It has not run yet.").waitFor();
      await fake.schedules.pass(6 * 3_600_000);
      await schedule.getByText("Both sides have the same documents now.").waitFor();
      await fake.schedules.pass(12 * 3_600_000 + 120_000);
      await schedule.getByText(/^Missed since: 2, the last at .* Parallax did not run then/).waitFor();
      await schedule.getByRole("button", { name: `Edit the schedule of ${pipe}` }).click();
      await page.getByLabel("For at most", { exact: true }).fill("10m");
      await page.getByRole("button", { name: "Schedule", exact: true }).click();
      await schedule.getByText("every 6h, for 10m at most, exact").waitFor();
      await schedule.getByRole("button", { name: `Remove the schedule of ${pipe}` }).click();
      await page.getByText("No pipe has a schedule.").waitFor();
    });
  });

  test("adds sample data with a click, and removes it after asking", async () => {
    await open("#/pipes", async (page) => {
      await page.getByRole("button", { name: "Add sample data" }).click();
      const asked = page.getByRole("region", { name: "generate-queries" });
      await asked.getByText("runs", { exact: true }).waitFor();
      await page.getByRole("region", { name: "generate-orders" }).getByText("Made 5000 documents in all.").waitFor();
      await page.getByRole("button", { name: "Remove sample data" }).click();
      await page
        .getByText("Remove shop-orders, logs-web.shop-default, metrics-devices.fleet-default from Elasticsearch for good?")
        .waitFor();
      await page.getByRole("button", { name: "Remove for good" }).click();
      await page.getByRole("button", { name: "Add sample data" }).waitFor();
      await asked.getByRole("button", { name: "Stop", exact: true }).click();
      await asked.getByText("stopped", { exact: true }).waitFor();
    });
  });

  test("lights up what is heard from Kibana as it arrives", async () => {
    await open("#/kibana", async (page) => {
      await page.getByText('elasticsearch.hosts: ["http://localhost:9280"]').waitFor();
      await page.getByText("Nothing from Kibana yet").waitFor();
      fake.generators.asked("GET", "/");
      fake.generators.asked("POST", "/_security/user/_has_privileges", "", 403);
      await page.locator('[data-sign="product"].lit').getByText("1 request").waitFor();
      await page.locator('[data-sign="privileges"]').getByText("1 refused").waitFor();
      await page.getByText("Elasticsearch answered 403 to 1 request:").waitFor();
      await page.getByRole("link", { name: "Hide noise", exact: true }).click();
      await page.waitForURL(/#\/traffic\?filter=/);
    });
  });
});
