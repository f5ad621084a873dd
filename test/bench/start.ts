// `npm run bench:start`: `npm start` on a machine with nothing: a fresh data folder, free ports, a real Chromium. Prints how long it takes from
// the page being loaded until something true moves on it: with `--sample`, and without any choice, as a first run is. That finds what
// answers at localhost:9200: nothing (then the sample plays at once), or an Elasticsearch (then one click plays it).
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Browser, Page } from "playwright-core";
import { launchBrowser } from "../support/browser.ts";
import { freePort } from "../support/parallax_process.ts";

const ROOT = join(import.meta.dirname, "../..");
const GOAL_MS = 10_000;
const MOST_MS = 120_000;
const ROW = '[role="grid"] [data-id]';
const USUAL_PORT = 9200;

function figure(name: string, ms: number, goal = true): void {
  const told = goal ? ` goal ${GOAL_MS / 1000} s${ms <= GOAL_MS ? "" : "  SHORT"}` : "";
  console.log(`  ${name.padEnd(56)} ${(ms / 1000).toFixed(1).padStart(6)} s${told}`);
}

/** Until the page is served, as the window would open it. */
async function served(url: string, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const answer = await fetch(url).catch(() => null);
    await answer?.body?.cancel();
    if (answer?.ok === true) return;
    await pause(20);
  }
  throw new Error("npm start ended before its page was served.");
}

async function seen(page: Page, since: number, what: string, name: string): Promise<void> {
  await page.locator(what).first().waitFor({ timeout: MOST_MS });
  figure(name, performance.now() - since);
}

async function moves(page: Page, since: number, from: string): Promise<void> {
  await seen(page, since, ROW, `${from} → the first exchange is on the screen`);
  await seen(page, since, `${ROW} .verdict`, `${from} → the first verdict is`);
}

/** One start; `arrived` is given the page and when it was loaded. */
async function started(browser: Browser, flags: readonly string[], arrived: (page: Page, loaded: number) => Promise<void>): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), "parallax-bench-start-"));
  const [port, ui, clickhouse] = [await freePort(), await freePort(), await freePort()].map(String);
  const ports = ["--port", port ?? "", "--ui-port", ui ?? "", "--clickhouse-port", clickhouse ?? "", "--no-intercept"];
  const begun = performance.now();
  const child = spawn(process.execPath, [join(ROOT, "bin", "start.js"), "--no-open", "--data", data, ...ports, ...flags], {
    stdio: "ignore",
  });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  try {
    const url = `http://127.0.0.1:${ui}/`;
    await served(url, child);
    figure("started → the page is served", performance.now() - begun, false);
    await page.goto(url, { waitUntil: "load" });
    await arrived(page, performance.now());
  } finally {
    await page.close();
    const ended = once(child, "exit");
    if (child.exitCode === null) {
      child.kill("SIGTERM");
      await ended;
    }
    rmSync(data, { recursive: true, force: true });
  }
}

const browser = await launchBrowser();
try {
  // What there is to build is built now: it is measured apart.
  const begun = performance.now();
  await once(spawn(process.execPath, [join(ROOT, "scripts", "build.ts"), "renderer"], { cwd: ROOT, stdio: "ignore" }), "exit");
  console.log("npm start");
  figure("a clean clone: the page is built, once", performance.now() - begun, false);
  console.log("npm start -- --sample");
  await started(browser, ["--sample"], (page, loaded) => moves(page, loaded, "page loaded"));
  const found = await fetch(`http://localhost:${USUAL_PORT}/`).then(
    () => true,
    () => false,
  );
  console.log(`npm start, ${found ? "something" : "nothing"} at localhost:${USUAL_PORT}`);
  await started(browser, [], async (page, loaded) => {
    if (!found) return moves(page, loaded, "page loaded");
    const play = page.getByRole("button", { name: "Open the sample" });
    await play.waitFor({ timeout: MOST_MS });
    figure("page loaded → it waits for clients, and offers the sample", performance.now() - loaded);
    const clicked = performance.now();
    await play.click();
    await moves(page, clicked, "clicked");
  });
} finally {
  await browser.close();
}
