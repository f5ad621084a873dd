// The tour of docs/tour.md as a person takes it, in a real Chromium: first run, sample, filter, mismatch, diff, SQL, why, share, and the
// shared file opened with no server. With PARALLAX_WRITE_TOUR=1 it makes the pictures of that page, in light and dark.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import type { ExchangePage } from "../../src/shared/contract.ts";
import { browserMissing, launchBrowser } from "../support/browser.ts";
import { startTestClickHouse } from "../support/clickhouse_server.ts";
import { startFakeContract } from "../support/fake_contract.ts";
import { palettePng } from "../support/palette_png.ts";
import { freePort, type ParallaxProcess, startParallax, until } from "../support/parallax_process.ts";

const ROOT = join(import.meta.dirname, "../..");
const PICTURES = join(ROOT, "docs", "tour");
const WRITES = process.env.PARALLAX_WRITE_TOUR === "1";
/** The sample is played at its own pace, and everything is run live. */
const PATIENT_MS = 120_000;
/** So many the sample has (docs/sample.md): later searches are not held up by writes. */
const FILMS = "3201";
/** Bytes of an answer that has buckets, with documents in them. */
const SOME_BUCKETS = 1500;
const MOVIES = "~index movies & ~agg terms & ~u _search";

describe("the tour", { skip: browserMissing }, () => {
  const folder = mkdtempSync(join(tmpdir(), "parallax-tour-"));
  let browser: Browser;

  before(async () => {
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A page of its own; what it complains about fails the test at its end. */
  async function open(address: string, run: (page: Page) => Promise<void>): Promise<void> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: "light", acceptDownloads: true });
    context.setDefaultTimeout(PATIENT_MS);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    try {
      await page.goto(address);
      await run(page);
      assert.deepEqual(complaints, []);
    } finally {
      await context.close();
    }
  }

  test("goes from the first run to a shared mismatch", { timeout: 280_000 }, async () => {
    const clickhouse = await startTestClickHouse();
    // Nothing answers at this address: a first run on a machine without Elasticsearch.
    const nobody = `http://127.0.0.1:${await freePort()}`;
    const parallax = await startParallax(["--elasticsearch", nobody, "--clickhouse", clickhouse.url]);
    try {
      let shared = "";
      await open(`${parallax.interfaceUrl}/#/start`, async (page) => {
        await startTheSample(page);
        const run = sqlOn(clickhouse.url);
        const database = await allFilms(run);
        await filterMovies(page, parallax);
        await loseFilms(run, database);
        await findTheMismatch(page, parallax);
        await readTheDiff(page);
        await picture(page, "4-diff");
        await readTheSql(page);
        shared = await share(page, join(folder, "mismatch.html"));
      });
      await open(pathToFileURL(shared).href, async (page) => {
        await page.getByRole("grid").getByRole("row").first().click();
        await readTheDiff(page);
        await picture(page, "8-shared");
      });
    } finally {
      await parallax.stop();
      await clickhouse.stop();
    }
  });

  // The sample's Elasticsearch is a recording, which can't be asked what an explanation asks: this mismatch is made up.
  test("asks why two answers differ", { timeout: PATIENT_MS }, async () => {
    const fake = await startFakeContract({ exchanges: 60, port: 0, page: join(ROOT, "out", "renderer") });
    try {
      await open(`${fake.url}/#/exchange/13?tab=responses`, async (page) => {
        await page.getByRole("switch", { name: "Why" }).click();
        const why = page.getByRole("complementary", { name: "Why it differs" });
        await why.getByRole("heading", { name: /^3 documents are in Elasticsearch only/ }).waitFor();
        await picture(page, "6-why");
      });
    } finally {
      await fake.stop();
    }
  });
});

async function startTheSample(page: Page): Promise<void> {
  await page.getByRole("radio", { name: "Open the sample session" }).click();
  const begin = page.getByRole("button", { name: "Open the sample", exact: true });
  await begin.waitFor();
  await picture(page, "1-start");
  await begin.click();
  const rows = page.getByRole("grid").getByRole("row");
  await rows.nth(20).waitFor();
  await picture(page, "2-traffic");
}

/** Types the filter, and chooses a search that came when all films were there: its answer is of all of them. */
async function filterMovies(page: Page, parallax: ParallaxProcess): Promise<void> {
  await page.keyboard.press("/");
  await page.locator(".cm-editor.cm-focused").waitFor();
  await page.keyboard.type(MOVIES);
  await page.keyboard.press("Enter");
  const newest = async (filter: string, fewestBytes = 0): Promise<number> => {
    const { exchanges } = await parallax.ask<ExchangePage>(`/api/exchanges?limit=50&filter=${encodeURIComponent(filter)}`);
    return exchanges.find(({ responseBytes }) => responseBytes >= fewestBytes)?.id ?? 0;
  };
  const lastWrite = await newest("~index movies & ~kind write");
  const search = await until(
    () => newest(`${MOVIES} & ~verdict equal`, SOME_BUCKETS),
    (id) => id > lastWrite,
    PATIENT_MS,
  );
  // What follows is of this search alone: a busy machine need not run the rest of the sample.
  await parallax.call("pipe.pump", { pipe: "replay", operation: "stop" });
  await page.locator(`[role="grid"] [data-id="${search}"]`).click();
  await page.getByRole("heading", { name: /same answer/ }).waitFor();
  await picture(page, "3-filter");
}

type RunSql = (sql: string) => Promise<string>;

function sqlOn(url: string): RunSql {
  const { username, password, origin } = new URL(url);
  const headers = { "x-clickhouse-user": username, "x-clickhouse-key": decodeURIComponent(password) };
  return async (sql) => {
    const answer = await fetch(origin, { method: "POST", headers, body: sql });
    const text = await answer.text();
    assert.ok(answer.ok, text);
    return text.trim();
  };
}

/** The database of the sample, once all films are in it. */
async function allFilms(run: RunSql): Promise<string> {
  const find = (): Promise<string> => run("SELECT database FROM system.tables WHERE name = 'movies'");
  const database = await until(find, (name) => name !== "", PATIENT_MS);
  const films = (): Promise<string> => run(`SELECT count() FROM \`${database}\`.movies FINAL`);
  assert.equal(await until(films, (count) => count === FILMS, PATIENT_MS), FILMS);
  return database;
}

/** What a fault of the mirror would do: in ClickHouse a third of the films are others. As many as before: too few would be told, and not compared. */
async function loseFilms(run: RunSql, database: string): Promise<void> {
  const films = `\`${database}\`.movies`;
  const lost = "cityHash64(_id) % 3 = 0";
  const count = await run(`SELECT count() FROM ${films} FINAL WHERE ${lost}`);
  await run(`ALTER TABLE ${films} DELETE WHERE ${lost} SETTINGS mutations_sync = 2`);
  await run(`INSERT INTO ${films} SELECT * REPLACE (concat(_id, '+') AS _id) FROM ${films} FINAL ORDER BY _id LIMIT ${count}`);
}

/** Sends the search again, and goes to what comes of it. On a busy machine it may not be compared at first: then once more. */
async function findTheMismatch(page: Page, parallax: ParallaxProcess): Promise<void> {
  const again = page.locator(".actions").getByRole("button", { name: /^(Resend|Sent again)/ });
  const sent = encodeURIComponent(`${MOVIES} & ~replay`);
  let clicks = 0;
  const different = async (): Promise<number> => {
    const { exchanges } = await parallax.ask<ExchangePage>(`/api/exchanges?filter=${sent}`);
    const judged = exchanges.filter(({ verdict }) => verdict !== null);
    if (judged.length === clicks) {
      await again.click();
      clicks += 1;
    }
    return judged.find(({ verdict }) => verdict === "different")?.id ?? 0;
  };
  const id = await until(different, (found) => found > 0, PATIENT_MS);
  assert.ok(id > 0, "the search was sent again, and the answers differ");
  await page.goto(`${parallax.interfaceUrl}/#/traffic?filter=${encodeURIComponent("~verdict different")}&id=${id}`);
  await page.getByRole("tab", { name: /Responses/ }).click();
}

async function readTheDiff(page: Page): Promise<void> {
  await page.getByRole("tab", { name: /Responses/ }).click();
  await page.getByRole("treegrid").locator(".node.differs").first().waitFor();
}

/** A clause lights up on both sides. */
async function readTheSql(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Open alone" }).click();
  await page.getByRole("tab", { name: /Translation/ }).click();
  const [dsl, sql] = [page.locator(".linked section").first(), page.locator(".linked section").last()];
  await page.getByRole("radio", { name: /^count/ }).click();
  await sql.getByText("released", { exact: false }).first().click();
  await dsl.locator(".clause-on").filter({ hasText: '"range"' }).first().waitFor();
  await picture(page, "5-sql");
}

/** Makes the file that the dialog offers, and takes it. */
async function share(page: Page, file: string): Promise<string> {
  await page.locator(".actions").getByRole("button", { name: "Share…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("One exchange leaves").waitFor();
  await picture(page, "7-share");
  await dialog.getByRole("button", { name: "Make the file" }).click();
  const download = page.waitForEvent("download");
  await dialog.getByRole("link", { name: "Download" }).click();
  await (await download).saveAs(file);
  return file;
}

/** Writes the page as it is now, in both colours, where pictures are asked for. */
async function picture(page: Page, name: string): Promise<void> {
  if (!WRITES) return;
  mkdirSync(PICTURES, { recursive: true });
  for (const colorScheme of ["dark", "light"] as const) {
    // Else buttons are on their way from one colour to the other.
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const png = await page.screenshot({ animations: "disabled", caret: "hide" });
    writeFileSync(join(PICTURES, `${name}-${colorScheme}.png`), palettePng(png));
  }
}
