// A client's day of work, straight to a real Elasticsearch and through Parallax in each of its modes, in rounds that take turns: what it is
// told must be the same, each of its requests known for what it is, each search of it judged. Prints one line a way; its times are figures,
// never held to a bound. PARALLAX_CLIENT_ROUNDS: how many rounds (`npm run test:clients -- --rounds N`).
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import type { Recipe } from "../../scripts/clients/recipe.ts";
import type { Mode } from "../../src/shared/mode.ts";
import { type ParallaxProcess, startParallax } from "../support/parallax_process.ts";
import { type DayRound, printDays } from "./day_report.ts";
import { documentsOf, holdToKnown, holdToVerdicts, type SeenDay, seenDay } from "./seen_day.ts";

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
const asked = Number(process.env.PARALLAX_CLIENT_ROUNDS ?? 0);
/** Unless told how many: no round is begun later than this. */
const ROUNDS_WITHIN_MS = 30_000;
const ROUNDS = 3;
const LIMIT_MS = 280_000 + asked * 60_000;
const DAY_MS = 120_000;
const ERROR_LENGTH = 1500;
const SCORES: ReadonlySet<string> = new Set(["_score", "max_score", "score"]);

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
    const ways = ["direct", ...(day.modes ?? (["tap", "compare"] as const))] as const;
    let parallax: ParallaxProcess;
    before(async () => {
      parallax = await startParallax(["--elasticsearch", address]);
    });
    after(async () => {
      await parallax?.stop();
      await dropIndices(prefix);
    });

    test("is told the same in every mode, and each search is judged", async () => {
      // Warms Elasticsearch up for what the day asks.
      await work(command, address, `${prefix}-warm`);
      const begun = performance.now();
      const rounds: DayRound[] = [];
      try {
        while (rounds.length < asked || (asked === 0 && rounds.length < ROUNDS && performance.now() - begun < ROUNDS_WITHIN_MS)) {
          const turn = rounds.length % ways.length;
          const lived = new Map<string, Lived>();
          for (const way of [...ways.slice(turn), ...ways.slice(0, turn)]) {
            lived.set(way, await live(way, `${prefix}-${way}${rounds.length}`));
          }
          hold(lived);
          rounds.push(new Map([...lived].map(([way, { worked, seen }]) => [way, { ms: worked.ms, ...seen }])));
        }
      } finally {
        printDays(`${day.name}, ${rounds.length} rounds`, ways, rounds);
      }
    });

    async function live(way: string, own: string): Promise<Lived> {
      if (way === "direct") {
        const worked = await work(command, address, own);
        return { worked, seen: { documents: await documentsOf(address, own), exchanges: [], judged: [] } };
      }
      await parallax.call("settings.set", { key: "mode", value: way });
      const worked = await work(command, parallax.proxyUrl, own);
      return { worked, seen: await seenDay(parallax, own) };
    }

    function hold(lived: ReadonlyMap<string, Lived>): void {
      const direct = lived.get("direct");
      assert.ok(direct !== undefined && direct.seen.documents > 0, "it wrote documents");
      for (const [way, { worked, seen }] of lived) {
        if (way === "direct") continue;
        assert.deepEqual(comparable(worked.told, way), comparable(direct.worked.told, way), way);
        assert.equal(seen.documents, direct.seen.documents, way);
        holdToKnown(seen, day.others ?? [], way);
        if (way === "compare") holdToVerdicts(seen);
      }
    }
  });
}

interface Lived {
  readonly worked: Worked;
  readonly seen: SeenDay;
}

/** Scores that ClickHouse adds up agree to 1 in 100,000, as the rule `score` says. */
function comparable(told: Worked["told"], way: string): unknown {
  if (way !== "clickhouse") return told;
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

async function dropIndices(prefix: string): Promise<void> {
  await fetch(`${address}/_data_stream/${prefix}*`, { method: "DELETE" });
  await fetch(`${address}/${prefix}*?ignore_unavailable=true&expand_wildcards=all`, { method: "DELETE" });
}
