// What the fault tests run on: the real Elasticsearch, a ClickHouse of their own that may be killed, and Parallax between them.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ClickHouseClient } from "../../src/main/clickhouse/client.ts";
import { type EmbeddedClickHouse, startEmbedded } from "../../src/main/clickhouse/embedded.ts";
import type { ExchangePage, IndexInfo, Status, Verdicts } from "../../src/shared/contract.ts";
import { type ParallaxProcess, type StartOptions, startParallax, until } from "../support/parallax_process.ts";
import { seededRandom } from "../support/random.ts";
import { indexBody } from "./load.ts";
import { compareSides, type Sides, tableOf } from "./sides.ts";

/** Documents that a test writes; a run gives it by `--documents`. */
export const DOCUMENTS = Number(process.env.PARALLAX_FAULT_DOCUMENTS ?? 20_000);
/** A run over this many is whole: as often, as long and as much as is promised. */
export const WHOLE = DOCUMENTS >= 200_000;

/** How long both sides are waited for. */
const SETTLED_MS = WHOLE ? 1_800_000 : 240_000;

/** The address of the real Elasticsearch, "" without one. */
export const ELASTICSEARCH = process.env.PARALLAX_TEST_ELASTICSEARCH ?? "";
export const skip =
  ELASTICSEARCH === "" ? `needs a real Elasticsearch: ${process.env.PARALLAX_TEST_ELASTICSEARCH_MISSING ?? "none is given"}` : false;

const random = seededRandom(Date.now() % 1_000_000);

/** The random numbers of a test file; its seed is printed. */
export function seeded(): typeof random {
  figure("seed", random.seed);
  return random;
}

/** One figure a line. */
export function figure(name: string, value: number | string): void {
  process.stdout.write(`  ${name}: ${value}\n`);
}

export interface Rig {
  readonly elasticsearch: string;
  readonly clickhouse: EmbeddedClickHouse;
  /** As the user who may do all. */
  readonly client: ClickHouseClient;
  parallax: ParallaxProcess;
  /** Starts Parallax anew in the same folder. */
  restart(options?: StartOptions): Promise<void>;
  /** Makes an index of three shards through Parallax, and its table; without merges in it a row that is there twice stays. */
  makeIndex(name: string, merges?: boolean): Promise<void>;
  /** Both sides, once they are equal or `withinMs` are over. */
  settled(index: string, withinMs?: number): Promise<Sides>;
  stop(): Promise<void>;
}

export interface RigOptions {
  /** Where Parallax looks for its servers. @default the servers themselves */
  readonly through?: (clickhousePort: number) => Promise<{ readonly clickhousePort?: number; readonly elasticsearch?: string }>;
  readonly flags?: readonly string[];
  /** @default the one that the tests share */
  readonly elasticsearch?: string;
}

export async function startRig({ through, flags = [], elasticsearch = ELASTICSEARCH }: RigOptions = {}): Promise<Rig> {
  const folder = await mkdtemp(join(tmpdir(), "parallax-faults-"));
  const data = join(folder, "parallax");
  const clickhouse = await startEmbedded({ dataFolder: join(folder, "clickhouse"), port: 0, mostBackoffMs: 2_000 });
  const client = new ClickHouseClient({ url: clickhouse.url, ...clickhouse.app, reader: null });
  const ways = await through?.(clickhouse.port);
  const { user, password } = clickhouse.app;
  const address = `http://${user}:${password}@127.0.0.1:${ways?.clickhousePort ?? clickhouse.port}`;
  const args = ["--elasticsearch", ways?.elasticsearch ?? elasticsearch, "--clickhouse", address, ...flags];
  const made: string[] = [];
  const parallax = await startParallax(args, { data }).catch(async (error: unknown) => {
    await clickhouse.stop();
    throw error;
  });
  const rig: Rig = {
    elasticsearch,
    clickhouse,
    client,
    parallax,
    async restart(options) {
      await rig.parallax.end("SIGKILL");
      rig.parallax = await startParallax(args, { ...options, data });
    },
    async makeIndex(name, merges = true) {
      made.push(name);
      await fetch(`${elasticsearch}/${name}`, { method: "DELETE" });
      const answer = await fetch(`${rig.parallax.proxyUrl}/${name}`, {
        method: "PUT",
        headers: { "content-type": "application/json" },
        body: indexBody(3),
      });
      if (answer.status !== 200) throw new Error(await answer.text());
      await fetch(`${rig.parallax.proxyUrl}/${name}/_doc/first`, {
        method: "PUT",
        headers: { "content-type": "application/json" },
        body: '{"n":0}',
      });
      const table = await until(
        () => tableOf(client, name),
        (found) => found !== null,
        30_000,
      );
      const off = "max_bytes_to_merge_at_max_space_in_pool = 1, max_bytes_to_merge_at_min_space_in_pool = 1";
      if (!merges)
        await client.command(`ALTER TABLE ${table} MODIFY SETTING ${off}, parts_to_throw_insert = 100000, parts_to_delay_insert = 100000`);
    },
    async settled(index, withinMs = SETTLED_MS) {
      const equal = ({ onlyElasticsearch, onlyClickHouse }: Sides): boolean => onlyElasticsearch + onlyClickHouse === 0;
      await until(
        async () => {
          // Elasticsearch shows nothing new of an index that nobody searches.
          await fetch(`${elasticsearch}/${index}/_refresh`, { method: "POST" }).catch(() => {});
          return indexInfo(rig.parallax, index);
        },
        (info) => info?.lag.documents === 0 && info.elasticsearch.docs === info.clickhouse.docs,
        withinMs,
      );
      // What nobody knows of yet is asked of Elasticsearch: until then no search is compared.
      await until(
        () => rig.parallax.ask<Status>("/api/status").catch(() => null),
        (status) => status?.journal.writes === 0,
        withinMs,
      );
      return await until(() => compareSides(elasticsearch, client, index), equal, withinMs);
    },
    async stop() {
      for (const name of made) await fetch(`${elasticsearch}/${name}`, { method: "DELETE" }).catch(() => {});
      await rig.parallax.stop();
      await client.close();
      await clickhouse.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return rig;
}

export async function indexInfo(parallax: ParallaxProcess, index: string): Promise<IndexInfo | undefined> {
  const infos = await parallax.ask<readonly IndexInfo[]>("/api/indices").catch(() => []);
  return infos.find(({ name }) => name === index);
}

const SEARCHES = [
  '{"size":20,"sort":[{"n":"asc"},{"price":"desc"},{"when":"asc"}],"track_total_hits":true}',
  '{"size":0,"track_total_hits":true,"aggs":{"k":{"terms":{"field":"kind"},"aggs":{"p":{"avg":{"field":"price"}}}}}}',
  '{"size":5,"query":{"bool":{"filter":[{"range":{"n":{"gte":100,"lt":300}}},{"match":{"text":"word7"}}]}},"sort":["when","n","price"]}',
  '{"size":0,"track_total_hits":true,"aggs":{"d":{"date_histogram":{"field":"when","fixed_interval":"7d"}}}}',
];

/** Sends a search of the index; false when no answer came. */
export async function search(parallax: ParallaxProcess, index: string, number: number): Promise<boolean> {
  const body = SEARCHES[number % SEARCHES.length] ?? "{}";
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${parallax.proxyUrl}/${index}/_search`, { method: "POST", headers, body }).catch(() => null);
  await answer?.arrayBuffer();
  return answer?.status === 200;
}

export type Counts = Verdicts["counts"];

/** How many searches each verdict has, once all are judged. */
export async function verdicts(parallax: ParallaxProcess, searches: number): Promise<Counts> {
  const { counts } = await until(
    () => parallax.ask<Verdicts>("/api/verdicts"),
    ({ total }) => total >= searches,
    120_000,
  );
  return counts;
}

/** Asks each search of an index that is settled, and tells how many were judged equal. */
export async function judgedEqual(
  parallax: ParallaxProcess,
  index: string,
): Promise<{ readonly equal: number; readonly of: number; readonly notes: string }> {
  await until(
    () => parallax.ask<Status>("/api/status"),
    ({ clickhouse, elasticsearch }) => clickhouse.status === "ok" && elasticsearch.status === "ok",
    60_000,
  );
  await fetch(`${parallax.proxyUrl}/${index}/_refresh`, { method: "POST" });
  const before = (await parallax.ask<Verdicts>("/api/verdicts")).counts;
  const { total } = await parallax.ask<Verdicts>("/api/verdicts");
  for (const number of SEARCHES.keys()) await search(parallax, index, number);
  const after = await verdicts(parallax, total + SEARCHES.length);
  const equal = after.equal + after.equivalent - before.equal - before.equivalent;
  const page = await parallax.ask<ExchangePage>("/api/exchanges?limit=8");
  return { equal, of: SEARCHES.length, notes: page.exchanges.map(({ verdict, note }) => `${verdict}: ${note}`).join(" | ") };
}
