// Faults of the translator, planted in its SQL with a seed: each is explained as a fault of the translation, at the clause that has it, with
// just the documents that one side alone chooses.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { dropDatabase } from "../../src/main/clickhouse/schema.ts";
import type { IndexTable } from "../../src/main/translate/types.ts";
import type { JsonObject } from "../../src/shared/json.ts";
import { explainedSearch } from "../support/explained_search.ts";
import { type Random, seededRandom } from "../support/random.ts";
import { connectEngines, type Loaded, load, send } from "../support/two_engines.ts";

const engines = connectEngines("explain_plants");
const skip = engines === null ? (process.env.PARALLAX_TEST_ELASTICSEARCH_MISSING ?? "no Elasticsearch and ClickHouse are named") : false;
const INDEX = "explain-plants";
const DOCUMENTS = 120;
const ROUNDS = 6;
const DAY = 86_400_000;
const MAPPINGS = { properties: { n: { type: "long" }, m: { type: "long" }, group: { type: "keyword" }, at: { type: "date" } } };

interface Document {
  readonly n: number;
  readonly m: number;
  readonly group: string;
  readonly at: string;
}

interface Plant {
  readonly search: JsonObject;
  /** "": the first that differs. */
  readonly path: string;
  /** What becomes of a statement. */
  readonly planted: (sql: string) => string;
  /** Documents that one side alone chooses. */
  readonly chosen: (document: Document) => boolean;
  readonly pointer: string;
}

const NONE = (): boolean => false;

const PLANTS: Readonly<Record<string, (random: Random, documents: readonly Document[]) => Plant>> = {
  "a wrong operator in a range": (random, documents) => {
    const { n: bound = 0 } = documents[random.below(documents.length)] ?? {};
    return {
      search: { size: 0, query: { range: { n: { gte: bound } } } },
      path: "/hits/total/value",
      planted: (sql) => sql.replaceAll(/>= (\{p\d+:Int64\})/g, "> $1"),
      chosen: ({ n }) => n === bound,
      pointer: "/query",
    };
  },
  "a missing NOT": (random) => {
    const group = `g${random.below(4)}`;
    return {
      search: { size: 0, query: { bool: { must_not: [{ term: { group } }] } } },
      path: "/hits/total/value",
      planted: (sql) => sql.replaceAll("NOT has(", "has("),
      chosen: () => true,
      pointer: "/query",
    };
  },
  "a wrong field in a query": (random, documents) => {
    const count = (name: "n" | "m", value: number): number => documents.filter((document) => document[name] === value).length;
    const telling = documents.filter(({ n }) => count("n", n) !== count("m", n));
    const { n: value = 0 } = telling[random.below(telling.length)] ?? {};
    return {
      search: { size: 0, query: { term: { n: value } } },
      path: "/hits/total/value",
      planted: (sql) => sql.replaceAll(/has\(n, (\{p\d+:Int64\})/g, "has(m, $1"),
      chosen: ({ n, m }) => (n === value) !== (m === value),
      pointer: "/query",
    };
  },
  "a wrong field in a metric": () => ({
    search: { size: 0, aggs: { sum: { sum: { field: "n" } } } },
    path: "/aggregations/sum/value",
    planted: (sql) => sql.replaceAll(/, n\) AS `#d/g, ", m) AS `#d"),
    chosen: NONE,
    pointer: "/aggs/sum",
  }),
  "a calendar interval that is too long": (random) => {
    const month = random.next() < 0.5 ? "1" : "if(toMonth($1) < 7, 1, 7)";
    return {
      search: { size: 0, aggs: { months: { date_histogram: { field: "at", calendar_interval: "month" } } } },
      path: "",
      planted: (sql) => sql.replaceAll(/toMonth\((fromUnixTimestamp64Milli\(x, 'UTC'\))\)/g, month),
      chosen: NONE,
      pointer: "/aggs/months",
    };
  },
  "a calendar interval that is too short": () => ({
    search: { size: 0, aggs: { months: { date_histogram: { field: "at", calendar_interval: "month" } } } },
    path: "",
    planted: (sql) => sql.replaceAll(/(toMonth\((fromUnixTimestamp64Milli\(x, 'UTC'\))\)), 1,/g, "$1, toDayOfMonth($2),"),
    chosen: NONE,
    pointer: "/aggs/months",
  }),
  "too few hits": (random) => {
    const size = 3 + random.below(6);
    return {
      search: { size, sort: ["n"], query: { term: { group: `g${random.below(4)}` } } },
      path: "",
      planted: (sql) => sql.replace(new RegExp(`LIMIT ${size}$`), `LIMIT ${size - 1}`),
      chosen: NONE,
      pointer: "/sort",
    };
  },
  "too few buckets": () => ({
    search: { size: 0, aggs: { groups: { terms: { field: "group", size: 3 } } } },
    path: "",
    planted: (sql) => sql.replace(/LIMIT 3$/, "LIMIT 2"),
    chosen: NONE,
    pointer: "/aggs/groups",
  }),
};

describe("a fault of the translator", { skip, concurrency: false, timeout: 240_000 }, () => {
  const random = seededRandom(8003);
  const documents = Array.from({ length: DOCUMENTS }, (): Document => {
    const at = new Date(Date.UTC(2024, 0, 1) + random.below(300) * DAY + random.below(DAY)).toISOString();
    return { n: random.below(40), m: random.below(40), group: `g${random.below(4)}`, at };
  });
  let loaded: Loaded;

  before(async () => {
    console.log(`seed ${random.seed}`);
    if (engines === null) return;
    loaded = await load(engines, { name: INDEX, mappings: MAPPINGS, documents: documents.map((one) => JSON.stringify(one)), shards: 3 });
  });
  after(async () => {
    if (engines === null) return;
    await send(engines, "DELETE", `/${INDEX}`);
    await engines.clickhouse.command(dropDatabase("explain_plants"));
    await engines.clickhouse.close();
  });

  /** Where nobody knows that a field has one value, its column is a list: the plants are for that SQL. */
  const table = (): IndexTable => {
    const { single: _single, ...own } = loaded.table;
    return own;
  };

  for (const [name, plant] of Object.entries(PLANTS)) {
    test(`${name} is explained as one, ${ROUNDS} times`, async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const { search, path, planted, chosen, pointer } = plant(random, documents);
        let changed = 0;
        const found = await explainedSearch(loaded, {
          search,
          table: table(),
          ...(path === "" ? {} : { path }),
          planted: (printed) => {
            const sql = planted(printed.sql);
            if (sql !== printed.sql) changed += 1;
            return { ...printed, sql };
          },
        });
        assert.ok(changed > 0, "the plant is in no statement");
        const told = `round ${round}: ${JSON.stringify({ search, found })}`;
        assert.equal(found.cause, "translation", told);
        assert.equal(found.pointer, pointer, told);
        const wanted = documents.flatMap((document, i) => (chosen(document) ? [String(i)] : []));
        assert.equal(found.documentCount, wanted.length, told);
        for (const { id } of found.documents) assert.ok(wanted.includes(id), told);
      }
    });
  }
});
