// `npm run bench:ui`: the window over a session of a million exchanges with 500 new ones a second, in a real Chromium without a GPU.
// Prints a figure a line beside what it should be. `EXCHANGES`, `RATE`, `MINUTES` (of watching memory) and `RUNS` vary it. The
// session is made once and kept in the system's temporary folder.
import { type ChildProcess, fork } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Page } from "playwright-core";
import { build } from "vite";
import { rendererConfig } from "../../electron.vite.config.ts";
import { openSession } from "../../src/main/capture/index.ts";
import { launchBrowser } from "../support/browser.ts";
import { fillSession } from "./session_fill.ts";
import { heldBy, probed, watchPage } from "./ui_probe.ts";
import type { ServerAnswer, ServerCall } from "./ui_server.ts";

const EXCHANGES = Number(process.env.EXCHANGES ?? 1_000_000);
const RATE = Number(process.env.RATE ?? 500);
const MINUTES = Number(process.env.MINUTES ?? 3);
const RUNS = Number(process.env.RUNS ?? 3);
const LARGE_BYTES = 20_000_000;
const WATCHED_MS = 15_000;
const GRID = '[role="grid"]';
const ROW = `${GRID} [data-id]`;

function figure(name: string, value: number, goal: number, unit: string): void {
  const holds = value <= goal ? "" : "  SHORT";
  console.log(`${name.padEnd(62)} ${value.toFixed(value < 10 ? 1 : 0).padStart(7)} ${unit.padEnd(3)} goal ${goal} ${unit}${holds}`);
}

function at(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

async function madeSession(): Promise<string> {
  const folder = join(tmpdir(), "parallax-bench-ui");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${EXCHANGES}.parallax`);
  if (existsSync(file)) return file;
  const part = `${file}.part`;
  for (const suffix of ["", "-wal", "-shm"]) rmSync(part + suffix, { force: true });
  const session = openSession(part, { capBytes: 8 * 1024 ** 3 });
  const everyMs = 60;
  await fillSession(session, EXCHANGES, Date.now() - EXCHANGES * everyMs, everyMs, () => {});
  await session.saveAs(file);
  session.close();
  rmSync(part);
  return file;
}

class Server {
  readonly #child: ChildProcess;

  constructor(file: string, page: string) {
    this.#child = fork(new URL("./ui_server.ts", import.meta.url), [file, page]);
  }

  url(): Promise<string> {
    return new Promise((resolve) => this.#child.once("message", (answer: ServerAnswer) => resolve(answer.url)));
  }

  ask(call: ServerCall): Promise<ServerAnswer> {
    return new Promise((resolve) => {
      this.#child.once("message", (answer: ServerAnswer) => resolve(answer));
      this.#child.send(call);
    });
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.#child.once("exit", resolve));
    await this.ask({ call: "stop" });
    await gone;
  }
}

async function tellBlocking(server: Server, page: Page, what: string): Promise<void> {
  const { tasks } = await probed(page);
  const { longestMs } = await server.ask({ call: "delays" });
  figure(`${what}: longest task of the window`, Math.max(0, ...tasks), 50, "ms");
  figure(`${what}: longest wait for the engine's thread`, longestMs, 100, "ms");
}

async function watchLive(server: Server, page: Page): Promise<void> {
  await probed(page);
  await server.ask({ call: "delays" });
  await pause(WATCHED_MS);
  const { seen, frames, tasks } = await probed(page);
  const { longestMs } = await server.ask({ call: "delays" });
  const put = new Map((await server.ask({ call: "times" })).times);
  const waits = seen.flatMap(([id, time]) => (put.has(id) ? [time - (put.get(id) ?? 0)] : []));
  figure(`new exchanges on top (${waits.length} seen): median until visible`, at(waits, 0.5), 300, "ms");
  figure("new exchanges on top: p95 until visible", at(waits, 0.95), 300, "ms");
  figure("new exchanges on top: longest until visible", at(waits, 1), 300, "ms");
  figure("new exchanges on top: p95 frame", at(frames, 0.95), 33, "ms");
  figure("new exchanges on top: longest task of the window", Math.max(0, ...tasks), 50, "ms");
  figure("new exchanges on top: longest wait for the engine's thread", longestMs, 100, "ms");
}

async function scroll(server: Server, page: Page): Promise<void> {
  await page.locator(GRID).hover();
  const first = Number(await page.locator(ROW).first().getAttribute("data-id"));
  await probed(page);
  await server.ask({ call: "delays" });
  const until = performance.now() + WATCHED_MS;
  while (performance.now() < until) {
    await page.mouse.wheel(0, 700);
    await pause(16);
  }
  const { frames, tasks } = await probed(page);
  const { longestMs } = await server.ask({ call: "delays" });
  const last = Number(await page.locator(ROW).last().getAttribute("data-id"));
  figure(`scrolling (${first - last} rows in ${WATCHED_MS / 1000} s): median frame`, at(frames, 0.5), 17, "ms");
  figure("scrolling: p95 frame", at(frames, 0.95), 33, "ms");
  figure("scrolling: longest task of the window", Math.max(0, ...tasks), 50, "ms");
  figure("scrolling: longest wait for the engine's thread", longestMs, 100, "ms");
}

/** Goes to places all over the list, by its scrollbar and by keys, and waits until their rows are there. */
async function jump(server: Server, page: Page): Promise<void> {
  await page.locator(`${GRID}:not([aria-rowcount="-1"])`).waitFor();
  await probed(page);
  await server.ask({ call: "delays" });
  const times: number[] = [];
  for (const share of [1, 0.5, 0.999, 0.001, 0.25, 0.75, 0.1, 0.9, 0.4, 0.6, 0]) {
    const began = performance.now();
    await page.locator(GRID).evaluate((grid, to) => grid.scrollTo(0, to * (grid.scrollHeight - grid.clientHeight)), share);
    await page.waitForFunction(
      ({ grid, of }) => {
        const drawn = [...document.querySelectorAll(`${grid} [aria-rowindex]`)];
        const total = Number(document.querySelector(grid)?.getAttribute("aria-rowcount"));
        const first = Number(drawn[0]?.getAttribute("aria-rowindex"));
        return Math.abs(first / total - of) < 0.03 && drawn.every((row) => row.hasAttribute("data-id"));
      },
      { grid: GRID, of: share },
    );
    times.push(performance.now() - began);
  }
  figure(`the scrollbar dragged to ${times.length} places: median until the rows are there`, at(times, 0.5), 100, "ms");
  figure("the scrollbar dragged: longest until the rows are there", at(times, 1), 300, "ms");
  for (const [key, id] of [
    ["End", '[data-id="1"]'],
    ["Home", '[aria-rowindex="1"]'],
  ] as const) {
    const began = performance.now();
    await page.keyboard.press(key);
    await page.locator(`${GRID} [aria-selected="true"]${id}`).waitFor();
    figure(`${key}: until the row is there and chosen`, performance.now() - began, 300, "ms");
  }
  await page.keyboard.press("Escape");
  await tellBlocking(server, page, "going to far places");
}

/** Types a filter, and waits until the list shows what it lets through. */
async function filter(server: Server, page: Page, text: string): Promise<void> {
  await page.locator(GRID).or(page.locator(".filter-holder")).first().waitFor();
  const bar = page.locator(".filter .cm-content");
  await bar.click();
  await page.keyboard.press("Control+A");
  await probed(page);
  await server.ask({ call: "delays" });
  await page.keyboard.type(text, { delay: 40 });
  await page.keyboard.press("Escape");
  const { inputs } = await probed(page);
  figure(`typing ${text}: longest from a key to its frame`, Math.max(0, ...inputs), 100, "ms");
  await bar.click();
  const began = performance.now();
  await page.keyboard.press("Enter");
  await page.waitForFunction((sought) => decodeURIComponent(location.hash).includes(sought), text);
  await page.locator(`${GRID}[aria-busy="false"] [data-id]`).first().waitFor({ timeout: 120_000 });
  figure(`filter ${text}: until its rows are visible`, performance.now() - began, 1000, "ms");
  await pause(5000);
  await tellBlocking(server, page, `filter ${text}`);
}

async function clearFilter(page: Page): Promise<void> {
  await page.evaluate(() => {
    location.hash = "#/traffic";
  });
  await page.locator(ROW).first().waitFor();
}

async function largeBody(server: Server, page: Page, url: string): Promise<void> {
  const { large } = await server.ask({ call: "large", bytes: LARGE_BYTES });
  const times: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    await page.goto(`${url}/#/exchange/${large}`);
    await page.getByRole("tab", { name: "Responses" }).waitFor();
    await page.reload();
    await page.getByRole("tab", { name: "Responses" }).click();
    const answer = page.getByRole("radiogroup", { name: "Which answer", exact: true }).getByRole("radio").first();
    await answer.waitFor();
    await probed(page);
    const began = performance.now();
    await answer.click();
    await page.locator(".cm-line").first().waitFor({ timeout: 60_000 });
    times.push(performance.now() - began);
    const { tasks } = await probed(page);
    if (run === RUNS - 1) figure("a body of 20 MB: longest task of the window", Math.max(0, ...tasks), 50, "ms");
  }
  figure(`a body of 20 MB: until its first lines are visible, median of ${RUNS}`, at(times, 0.5), 1000, "ms");
}

async function pages(server: Server, page: Page): Promise<void> {
  for (const [hash, shows] of [
    ["compare", "table, [role=table], [role=grid]"],
    ["statistics", "table, [role=table], svg"],
  ] as const) {
    await probed(page);
    await server.ask({ call: "delays" });
    const began = performance.now();
    await page.evaluate((to) => {
      location.hash = `#/${to}`;
    }, hash);
    await page.locator(shows).first().waitFor({ timeout: 60_000 });
    figure(`page ${hash}: until it shows`, performance.now() - began, 1000, "ms");
    await pause(6000);
    await tellBlocking(server, page, `page ${hash}`);
  }
}

const page = mkdtempSync(join(tmpdir(), "parallax-bench-page-"));
await build({ ...rendererConfig, logLevel: "error", build: { ...rendererConfig.build, outDir: page, emptyOutDir: true } });
const file = await madeSession();
const server = new Server(file, page);
const url = await server.url();
const browser = await launchBrowser();
try {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const window = await context.newPage();
  context.setDefaultTimeout(120_000);
  window.on("pageerror", (error) => console.log(`the window complains: ${error.message}`));
  await watchPage(window);
  await server.ask({ call: "rate", perSecond: RATE });
  const began = performance.now();
  await window.goto(`${url}/#/traffic`);
  await window.locator(ROW).first().waitFor();
  console.log(`${EXCHANGES} exchanges and ${RATE} more a second; the first rows after ${Math.round(performance.now() - began)} ms\n`);
  await pause(5000);
  const part = (name: string) => process.env.ONLY === undefined || process.env.ONLY.split(",").includes(name);
  if (part("live")) await watchLive(server, window);
  if (part("scroll")) await scroll(server, window);
  if (part("jump")) await jump(server, window);
  await window.reload();
  await window.locator(ROW).first().waitFor();
  await pause(3000);
  if (part("filter")) {
    await filter(server, window, "~verdict different & ~slower 0.1x");
    await filter(server, window, "app-17/_search");
    await filter(server, window, "!/_doc & !security & !metrics & !_nodes");
    await filter(server, window, "~bs doc_count");
    await clearFilter(window);
  }
  if (part("pages")) await pages(server, window);
  if (part("memory")) {
    await clearFilter(window);
    const devtools = await context.newCDPSession(window);
    await devtools.send("Performance.enable");
    // Until the list holds as many rows as it ever does.
    await pause(60_000);
    await probed(window); // what was probed is no part of the page
    const first = await heldBy(devtools);
    await pause(MINUTES * 60_000);
    await probed(window);
    const last = await heldBy(devtools);
    figure(`memory of the page (${first.heapMb.toFixed(0)} MB at first), growth in ${MINUTES} min`, last.heapMb - first.heapMb, 5, "MB");
    figure(`listeners (${first.listeners} at first), more after ${MINUTES} min`, last.listeners - first.listeners, 0, "");
    figure(`nodes (${first.nodes} at first), more after ${MINUTES} min`, last.nodes - first.nodes, 1000, "");
  }
  if (part("body")) await largeBody(server, window, url);
  if (part("reopen")) await reopen(server, window, url);
} finally {
  await browser.close();
  await server.stop();
  rmSync(page, { recursive: true, force: true });
}

/** Closes the window while exchanges come, opens another, and counts what it does not list. */
async function reopen(running: Server, closed: Page, address: string): Promise<void> {
  const context = closed.context();
  await closed.close();
  await running.ask({ call: "times" });
  await pause(5000);
  const opened = await context.newPage();
  await opened.goto(`${address}/#/traffic`);
  await opened.locator(ROW).first().waitFor();
  await running.ask({ call: "rate", perSecond: 0 });
  // Of a page of 5000: one that has come for another figure may lie among them.
  const put = (await running.ask({ call: "times" })).times.map(([id]) => id).slice(-4900);
  const listed = await opened.evaluate(async (limit) => {
    const token = document.querySelector('meta[name="parallax-token"]')?.getAttribute("content") ?? "";
    const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
    const answer = await fetch("api/call/exchanges.list", { method: "POST", headers, body: JSON.stringify({ limit }) });
    return ((await answer.json()).value.exchanges as { id: number }[]).map(({ id }) => id);
  }, 5000);
  const missing = put.filter((id) => !listed.includes(id));
  await opened.locator(`[data-id="${put.at(-1)}"]`).waitFor({ timeout: 30_000 });
  figure(`closed and opened again: of ${put.length} exchanges not listed`, missing.length, 0, "");
}
