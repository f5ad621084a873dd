import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { openSession } from "../../../../src/main/capture/session.ts";
import { ClickHouseRefused } from "../../../../src/main/clickhouse/failure.ts";
import { ExchangeProfiles, ProfileRefusal } from "../../../../src/main/profile/exchange/exchange_profiles.ts";
import { clickhousePart, statementsOf } from "../../../../src/main/profile/exchange/query_log.ts";
import type { RunBackends } from "../../../../src/main/profile/exchange/run.ts";
import type { ExchangeDetail } from "../../../../src/shared/exchange.ts";
import { PROFILE_MEMBERS } from "../../../../src/shared/exchange_profile.ts";
import { FAKE_ELASTICSEARCH_PROFILE, fakeQueryLog, fakeRunBackends } from "../../../support/fake_exchange_profiles.ts";
import { fakeExchanges } from "../../../support/fake_exchanges.ts";

const folder = mkdtempSync(join(tmpdir(), "parallax-profiles-"));
const session = openSession(join(folder, "session.parallax"));
after(() => {
  session.close();
  rmSync(folder, { recursive: true, force: true });
});
for (const { detail, request, answer } of fakeExchanges(40, 1_700_000_000_000)) {
  session.put(detail, { request: Buffer.from(request), elasticsearch: Buffer.from(answer) });
}
const ALL = new Set(PROFILE_MEMBERS);
const search = detailOf(1);
const write = detailOf(7);
const backends = fakeRunBackends(search.searches);

function detailOf(id: number): ExchangeDetail {
  const detail = session.get(id);
  assert.ok(detail !== null);
  return detail;
}

function profiles(given: Partial<RunBackends> | string = {}): ExchangeProfiles {
  const whole = typeof given === "string" ? given : { ...backends, ...given };
  return new ExchangeProfiles({ clickhouse: () => null, backends: () => whole });
}

const code = (wanted: string) => (error: unknown) => error instanceof ProfileRefusal && error.code === wanted;

describe("profiles of exchanges", () => {
  test("phases lie one after the other on one axis, in µs, and what went over the wire is counted", async () => {
    const known = await profiles().known(session, search);
    const { timings } = search;
    const step = (name: string) => known.phases.find((phase) => phase.name === name);
    assert.deepEqual([step("forward")?.from, step("forward")?.to], [0, 600]);
    assert.equal(step("first byte")?.to, Math.round((timings.firstByte ?? 0) * 1000));
    assert.equal(step("match")?.by, "own");
    assert.equal(known.totalUs, Math.max(...known.phases.map(({ to }) => to)));
    assert.equal(known.wire.request.body, search.request.bodyBytes);
    assert.ok(known.wire.request.head > search.path.length);
    assert.deepEqual(known.runs, []);
    assert.equal(known.clickhouse.state, "missing");
  });

  test("a write has phases and no run: only searches are profiled", async () => {
    assert.equal((await profiles().known(session, write)).clickhouse.state, "missing");
    await assert.rejects(profiles().record(session, write, ALL), code("not_a_search"));
  });

  test("a run has all three sides, and is there afterwards: the latest two of an exchange", async () => {
    const kept = profiles();
    const { runs } = await kept.record(session, search, ALL);
    const [run] = runs;
    assert.ok(run?.elasticsearch.state === "there" && run.clickhouse.state === "there" && run.cpu.state === "there");
    const [first] = run.elasticsearch.value.searches;
    assert.deepEqual(
      first?.shards.map(({ name }) => name),
      ["kibana_sample_data_ecommerce[1]", "kibana_sample_data_ecommerce[0]"],
    );
    assert.deepEqual(
      run.cpu.value.threads.map(({ thread }) => thread),
      ["main", "proxy"],
    );
    assert.deepEqual(
      run.phases.map(({ name }) => name),
      ["ask", "queue", "parse", "translate", "run", "shape", "match"],
    );
    assert.equal(run.verdict, search.verdict);
    await kept.record(session, search, new Set(["cpu"]));
    const [third, second] = (await kept.record(session, search, new Set(["elasticsearch"]))).runs;
    assert.deepEqual([third?.run, second?.run], [3, 2]);
    assert.deepEqual([third?.cpu.state, third?.elasticsearch.state, third?.phases.length], ["not asked", "there", 1]);
    assert.equal((await kept.known(session, search)).runs.length, 2);
  });

  test("a backend that is away leaves out its own part alone, with the reason", async () => {
    const away = { elasticsearch: async () => Promise.reject(new Error("Nothing listens at http://127.0.0.1:9200.")) };
    const [run] = (await profiles(away).record(session, search, ALL)).runs;
    assert.deepEqual(run?.elasticsearch, { state: "missing", reason: "Nothing listens at http://127.0.0.1:9200." });
    assert.deepEqual([run?.cpu.state, run?.clickhouse.state], ["there", "there"]);
    assert.deepEqual(
      [run?.verdict, /no answer of now/.test(run?.reason ?? "")],
      [null, true],
      "an answer of then says nothing of the documents of now",
    );
    const [second] = (await profiles({ judged: async () => "clickhouse unavailable" }).record(session, search, ALL)).runs;
    assert.deepEqual([second?.verdict, second?.reason, second?.elasticsearch.state], [null, "clickhouse unavailable", "there"]);
    assert.deepEqual(second?.clickhouse, { state: "missing", reason: "clickhouse unavailable" });
    const [none] = (await profiles("No session is open yet.").record(session, search, ALL)).runs;
    assert.deepEqual(none?.elasticsearch, { state: "missing", reason: "No session is open yet." });
  });

  test("a search by a template has Elasticsearch's profile alone", async () => {
    const template = { ...search, kind: "get", path: "/a/_search/template" } as const;
    const judged = async () => assert.fail("it is no search that can be translated");
    const [run] = (await profiles({ judged }).record(session, template, ALL)).runs;
    assert.deepEqual([run?.elasticsearch.state, run?.clickhouse.state, run?.verdict], ["there", "missing", null]);
    assert.match(run?.reason ?? "", /template is not translated/);
  });

  test("an error of Elasticsearch's is told by its reason, and its answer without a profile as such", async () => {
    const answers = (status: number, body: string) => ({
      elasticsearch: async () => ({ status, headers: {}, body: Buffer.from(body) }),
    });
    const refused = answers(404, '{"error":{"type":"index_not_found_exception","reason":"no such index [gone]"},"status":404}');
    const [run] = (await profiles(refused).record(session, search, new Set(["elasticsearch"]))).runs;
    assert.deepEqual(run?.elasticsearch, { state: "missing", reason: "Elasticsearch answered 404: no such index [gone]." });
    const [plain] = (await profiles(answers(200, '{"took":1}')).record(session, search, new Set(["elasticsearch"]))).runs;
    assert.ok(plain?.elasticsearch.state === "there");
    assert.equal(plain.elasticsearch.value.searches[0]?.problem, "Elasticsearch's answer has no profile.");
  });

  test("one request at a time, and none that was cut or whose body is gone", async () => {
    const asked = Promise.withResolvers<void>();
    const going = Promise.withResolvers<void>();
    const kept = profiles({
      elasticsearch: async () => {
        asked.resolve();
        await going.promise;
        return { status: 200, headers: {}, body: Buffer.from(JSON.stringify({ took: 1, profile: FAKE_ELASTICSEARCH_PROFILE })) };
      },
    });
    const first = kept.record(session, search, ALL);
    await asked.promise;
    await assert.rejects(kept.record(session, search, ALL), code("profiling"));
    going.resolve();
    assert.equal((await first).runs.length, 1);
    await assert.rejects(
      profiles().record(session, { ...search, request: { ...search.request, truncated: true } }, ALL),
      code("truncated"),
    );
    await assert.rejects(profiles().record(session, { ...search, id: 9_999 }, ALL), code("no_body"));
  });
});

describe("what ClickHouse's logs tell of statements", () => {
  const time = 1_700_000_000_000;
  const statements = statementsOf(
    search.searches.map((part) => ({ ...part, statements: part.statements.map((run, i) => ({ ...run, queryId: `q${i}` })) })),
  );
  const axis = { time, phases: [{ name: "run", by: "ch", search: null, from: 2_000, to: 14_000 }] } as const;

  test("the log's figures are given with their source, on the axis by the server's clock", async () => {
    const part = await clickhousePart(
      fakeQueryLog(() => time * 1000 + 3_000),
      statements,
      axis,
    );
    assert.ok(part.state === "there");
    const [first] = part.value.statements;
    assert.deepEqual([first?.source, first?.from, first?.to, first?.readRows, first?.peakThreads], ["query_log", 3_000, 12_000, 4675, 2]);
    assert.equal(first?.events.SelectedRows, 4675);
    assert.deepEqual(part.value.missing, []);
  });

  test("a server with another clock is laid into the time for which it was waited for", async () => {
    const part = await clickhousePart(
      fakeQueryLog(() => time * 1000 - 3_600_000_000),
      statements,
      axis,
    );
    assert.ok(part.state === "there");
    assert.deepEqual([part.value.statements[0]?.from, part.value.statements[0]?.to], [3_500, 12_500]);
  });

  test("processors of one step stand together, those that read first, with the one that worked most", async () => {
    const part = await clickhousePart(
      fakeQueryLog(() => time * 1000),
      statements,
      axis,
    );
    assert.ok(part.state === "there");
    assert.deepEqual(
      part.value.statements[0]?.processors.map(({ step, instances, depth, workedUs, busiest }) => [
        step,
        instances,
        depth,
        workedUs,
        busiest,
      ]),
      [
        ["ReadFromMergeTree", 2, 0, 3_600, { waitedUs: 0, workedUs: 3_400 }],
        ["Filter", 2, 1, 930, { waitedUs: 3_400, workedUs: 900 }],
        ["Aggregating", 1, 2, 2_100, { waitedUs: 4_300, workedUs: 2_100 }],
        ["", 1, 3, 300, { waitedUs: 6_500, workedUs: 300 }],
      ],
    );
  });

  test("a table that is not there, a right and a setting that are missing are named, and the summary stands in", async () => {
    const refusing = (code: number) => ({
      command: async () => {},
      query: async () => Promise.reject(new ClickHouseRefused(code, "no")),
    });
    const missing = async (code: number) => {
      const part = await clickhousePart(refusing(code), statements, axis);
      assert.ok(part.state === "there");
      assert.deepEqual([part.value.statements[0]?.source, part.value.statements[0]?.readRows], ["summary", 4675]);
      return part.value.missing.join(" ");
    };
    assert.match(await missing(60), /no system.query_log: its configuration must have a <query_log> section/);
    assert.match(await missing(497), /GRANT SELECT ON system.query_log/);
    const summary = { ms: 1, rows: 0, readRows: 0, readBytes: 0, memoryBytes: 0, queryId: null, sentBytes: 0, receivedBytes: 0 };
    const silent = {
      command: async () => Promise.reject(new ClickHouseRefused(497, "no")),
      query: async ({ sql }: { readonly sql: string }) => ({
        rows: sql.includes("system.settings") ? [{ name: "log_queries", value: "0" }] : [],
        columns: [],
        summary,
      }),
    };
    const part = await clickhousePart(silent, statements, axis);
    assert.ok(part.state === "there");
    assert.match(part.value.missing.join(" "), /GRANT SYSTEM FLUSH LOGS/);
    assert.match(part.value.missing.join(" "), /log_queries is 0/);
  });

  test("where no processors were logged, the pipeline is asked for", async () => {
    const summary = { ms: 1, rows: 0, readRows: 0, readBytes: 0, memoryBytes: 0, queryId: null, sentBytes: 0, receivedBytes: 0 };
    const withoutLogs = {
      command: async () => {},
      query: async ({ sql }: { readonly sql: string }) => {
        if (!sql.startsWith("EXPLAIN PIPELINE ")) throw new ClickHouseRefused(60, "no such table");
        return { rows: [{ explain: "(Limit)" }, { explain: "Limit" }], columns: [], summary };
      },
    };
    const part = await clickhousePart(withoutLogs, statements, axis);
    assert.ok(part.state === "there");
    assert.deepEqual(part.value.statements[0]?.pipeline, ["(Limit)", "Limit"]);
  });
});
