// A client's day of work, straight to Elasticsearch and through Parallax in each of its modes: what it is told must be the same, each of its
// requests known for what it is, each search of it judged. Prints one line a way; its times are figures, never held to a bound.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import type { Recipe } from "../../scripts/clients/recipe.ts";
import { knownEffect } from "../../src/main/elasticsearch/effects.ts";
import { route } from "../../src/main/elasticsearch/route.ts";
import type { ExchangePage } from "../../src/shared/contract.ts";
import type { ExchangeSummary } from "../../src/shared/exchange.ts";
import type { Mode } from "../../src/shared/mode.ts";
import { type ParallaxProcess, startParallax, until } from "../support/parallax_process.ts";
import { type JudgedSearch, judgedSearches } from "../support/verdict_report.ts";
import { printDay } from "./day_report.ts";

export interface ClientDay {
  readonly name: string;
  /** Where its packages are; asked only where there is an Elasticsearch. */
  readonly recipe: () => Recipe;
  /** Program and arguments; URL and index prefix are put behind them. It prints one line of JSON: a `Worked`. */
  readonly command: (folder: string) => readonly [program: string, ...args: string[]];
  /** @default tap and compare */
  readonly modes?: readonly Mode[];
  /** Requests of kind `other` that it is known to make, as `METHOD path`. */
  readonly others?: readonly string[];
}

/** What a client's program says of its day. */
interface Worked {
  readonly ms: number;
  /** What it was told, but for what changes from time to time. */
  readonly told: Readonly<Record<string, unknown>>;
}

const address = process.env.PARALLAX_TEST_ELASTICSEARCH ?? "";
const LIMIT_MS = 280_000;
const DAY_MS = 120_000;
const ERROR_LENGTH = 1500;
const SCORES: ReadonlySet<string> = new Set(["_score", "max_score", "score"]);
const JUDGED_WITHIN_MS = 120_000;

/** Declares the test of one client; it is skipped with the reason where Elasticsearch or the client can't be had. */
export function testClient(day: ClientDay): void {
  const recipe = recipeOf(day);
  describe(`${day.name} does its work through Parallax`, {
    skip: recipe.ok ? false : recipe.why,
    concurrency: 1,
    timeout: LIMIT_MS,
  }, () => {
    const prefix = `clients-${day.name
      .toLowerCase()
      .match(/[a-z0-9]+/g)
      ?.join("-")}-${process.pid}`;
    const command = recipe.ok ? day.command(recipe.folder) : ([""] as const);
    let parallax: ParallaxProcess;
    before(async () => {
      parallax = await startParallax(["--elasticsearch", address]);
    });
    after(async () => {
      await parallax?.stop();
      await dropIndices(prefix);
    });

    test("is told the same in every mode, and each search is judged", async () => {
      // The first warms Elasticsearch up for what the day asks; the quicker of both is the figure.
      const first = await work(command, address, `${prefix}-first`);
      const ways = [];
      for (const mode of day.modes ?? (["tap", "compare"] as const)) {
        await parallax.call("settings.set", { key: "mode", value: mode });
        const worked = await work(command, parallax.proxyUrl, `${prefix}-${mode}`);
        ways.push({ mode, worked, seen: await exchangesOf(parallax, `${prefix}-${mode}`) });
      }
      const direct = await work(command, address, `${prefix}-direct`);
      const documents = await documentsOf(address, `${prefix}-direct`);
      const ms = Math.min(first.ms, direct.ms);
      printDay(day.name, { way: "direct", documents, ms });
      assert.ok(documents > 0, "it wrote documents");
      for (const { mode, worked, seen } of ways) {
        const judged = await judgedSearches(parallax, seen);
        const through = await documentsOf(address, `${prefix}-${mode}`);
        printDay(day.name, { way: mode, documents: through, ms: worked.ms, times: worked.ms / ms, exchanges: seen, judged });
        assert.deepEqual(comparable(worked.told, mode), comparable(direct.told, mode), mode);
        assert.equal(through, documents, mode);
        assert.deepEqual(unknownAmong(seen, day.others ?? []), [], mode);
        assert.deepEqual(seen.filter(({ status }) => status === 0 || status >= 500).map(nameOf), [], mode);
        if (mode === "compare") holdToVerdicts(judged);
      }
    });
  });
}

/** Scores that ClickHouse adds up agree to 1 in 100,000, as the rule `score` says. */
function comparable(told: Worked["told"], mode: Mode): unknown {
  if (mode !== "clickhouse") return told;
  return JSON.parse(JSON.stringify(told), (key, value) =>
    SCORES.has(key) && typeof value === "number" ? Number(value.toPrecision(5)) : value,
  );
}

function recipeOf(day: ClientDay): Recipe {
  if (address !== "") return day.recipe();
  return { ok: false, why: process.env.PARALLAX_TEST_ELASTICSEARCH_MISSING ?? "PARALLAX_TEST_ELASTICSEARCH names no server" };
}

async function work(command: readonly string[], url: string, prefix: string): Promise<Worked> {
  const [program = "", ...args] = command;
  const options = { maxBuffer: 64 * 1024 * 1024, timeout: DAY_MS };
  const { stdout } = await promisify(execFile)(program, [...args, url, prefix], options).catch(({ stderr }: { readonly stderr: unknown }) =>
    assert.fail(`${program} ended badly: ${String(stderr).slice(-ERROR_LENGTH)}`),
  );
  // Its indices have names of their own each time, which answers repeat.
  const line = stdout.trim().split("\n").at(-1) ?? "";
  return JSON.parse(line.replaceAll(prefix, "PREFIX"));
}

async function documentsOf(url: string, prefix: string, headers: Record<string, string> = {}): Promise<number> {
  await fetch(`${url}/${prefix}*/_refresh`, { method: "POST", headers });
  const answer = await fetch(`${url}/${prefix}*/_count`, { headers });
  assert.equal(answer.status, 200);
  return JSON.parse(await answer.text()).count;
}

/** What Parallax saw of a day, oldest first, once all of it has its verdict: up to a last count of its documents, which is judged, too. */
async function exchangesOf(parallax: ParallaxProcess, prefix: string): Promise<readonly ExchangeSummary[]> {
  const end = `end of ${prefix}`;
  await documentsOf(parallax.proxyUrl, prefix, { "x-opaque-id": end });
  const page = await until(
    () => parallax.ask<ExchangePage>("/api/exchanges?limit=5000"),
    ({ exchanges }) =>
      exchanges.some(({ client, kind }) => client === end && kind === "search") &&
      exchanges.every(({ kind, verdict }) => kind !== "search" || verdict !== null),
    JUDGED_WITHIN_MS,
  );
  const oldest = page.exchanges.toReversed();
  const before = oldest.findLastIndex(({ client }) => client.startsWith("end of ") && client !== end);
  return oldest.slice(before + 1);
}

function unknownAmong(exchanges: readonly ExchangeSummary[], expected: readonly string[]): readonly string[] {
  const unknown = exchanges.filter(({ method, path, kind }) => kind === "other" || !hasEffect(method, path));
  return [...new Set(unknown.map(nameOf))].filter((name) => !expected.includes(name));
}

function hasEffect(method: string, path: string): boolean {
  const segments = (path.split("?", 1)[0] ?? "").split("/").filter((segment) => segment !== "");
  const at = segments.map(decodeURIComponent).indexOf(route(method, path).endpoint);
  return knownEffect(method, at === -1 ? [""] : segments.slice(at)) !== null;
}

function holdToVerdicts(judged: readonly JudgedSearch[]): void {
  assert.deepEqual(
    judged.filter(({ verdict }) => verdict === "different" || verdict === "failed"),
    [],
  );
  const agreeing = judged.filter(({ verdict }) => verdict === "equal" || verdict === "equivalent");
  assert.ok(agreeing.length > 0, "the count of its documents agrees, at least");
}

function nameOf({ method, path, status }: ExchangeSummary): string {
  return `${method} ${path.split("?", 1)[0]} ${status}`;
}

async function dropIndices(prefix: string): Promise<void> {
  await fetch(`${address}/_data_stream/${prefix}*`, { method: "DELETE" });
  await fetch(`${address}/${prefix}*?ignore_unavailable=true&expand_wildcards=all`, { method: "DELETE" });
}
