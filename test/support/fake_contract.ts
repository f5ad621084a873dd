// The debugging interface without an engine: the real HTTP server and the real session file over made-up exchanges. For
// the tests of the window and for working on it:  node test/support/fake_contract.ts [PORT] [--welcome] [--live] [--empty | --slow | --error] [--read-only]
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeHar } from "../../src/main/capture/har/write.ts";
import { openSession, type Session } from "../../src/main/capture/index.ts";
import type { CapturedBodies } from "../../src/main/capture/types.ts";
import { compareHandlers } from "../../src/main/contract/compare_handlers.ts";
import { EventHub } from "../../src/main/contract/events.ts";
import { profileHandlersOf } from "../../src/main/contract/exchange_profile_handlers.ts";
import { ContractFailure, type Handlers } from "../../src/main/contract/handlers.ts";
import { startInterface } from "../../src/main/contract/http_server.ts";
import { judgeAgainHandlersOf } from "../../src/main/contract/judge_again_handlers.ts";
import { noiseHandlersOf } from "../../src/main/contract/noise_handlers.ts";
import { type ShareSource, sharedFile, shareHandlers } from "../../src/main/contract/share_handlers.ts";
import { shrinkHandlersOf } from "../../src/main/contract/shrink_handlers.ts";
import { trafficHandlers } from "../../src/main/contract/traffic_handlers.ts";
import { NO_SETTINGS } from "../../src/main/matcher/rule_settings.ts";
import { NoiseBook } from "../../src/main/noise/noise_book.ts";
import { ExchangeProfiles } from "../../src/main/profile/exchange/exchange_profiles.ts";
import { virtualMemory } from "../../src/main/profile/memory/virtual_memory.ts";
import { openLog, type RecentLog } from "../../src/main/report/log.ts";
import { Shares } from "../../src/main/share/shares.ts";
import type { Mode, Status } from "../../src/shared/contract.ts";
import type { DumpInfo } from "../../src/shared/dump.ts";
import type { ExchangeDetail } from "../../src/shared/exchange.ts";
import { fakeRunBackends } from "./fake_exchange_profiles.ts";
import { fakeExchanges } from "./fake_exchanges.ts";
import { fakeCause, fakeExplanation } from "./fake_explanation.ts";
import { FakeGenerators } from "./fake_generators.ts";
import { FakeIndices } from "./fake_indices.ts";
import { wobblingSides } from "./fake_noise.ts";
import { CPU_PROFILE, FakeProfiles } from "./fake_profiles.ts";
import { fakeReports } from "./fake_reports.ts";
import { FakeRules } from "./fake_rules.ts";
import { fakeSavedObjects } from "./fake_saved_objects.ts";
import { FakeSchedules } from "./fake_schedules.ts";
import { fakeSettings } from "./fake_settings.ts";
import { differingSides } from "./fake_sides.ts";
import { inState, PAGE_STATES, type PageState } from "./fake_states.ts";

export interface FakeContract {
  readonly url: string;
  readonly indices: FakeIndices;
  readonly generators: FakeGenerators;
  readonly schedules: FakeSchedules;
  /** Adds exchanges, as if they came now. */
  add(n: number): void;
  /** Takes an exchange, as if it came now, and tells the windows. */
  put(detail: ExchangeDetail, bodies: CapturedBodies): void;
  /** Ids are never given twice. */
  nextId(): number;
  /** Changes what the status says. */
  change(part: Partial<Status>): void;
  /** Puts the pages into a state. */
  show(state: PageState): void;
  stop(): Promise<void>;
}

interface FakeOptions {
  readonly exchanges: number;
  /** A session to show and to add to. @default a new one that goes away in the end */
  readonly file?: string;
  readonly port: number;
  /** Folder of the built page. */
  readonly page: string;
  readonly welcome?: boolean;
}

export async function startFakeContract(options: FakeOptions): Promise<FakeContract> {
  const folder = mkdtempSync(join(tmpdir(), "parallax-fake-"));
  const session = openSession(options.file ?? join(folder, "fake.parallax"), { capBytes: CAP_BYTES });
  const fake = new FakeState(session, options);
  fake.add(options.exchanges);
  const events = new EventHub({
    exchanges: () => ({ changed: fake.takeChanged(), total: session.stats().exchanges }),
    status: () => fake.status(),
    verdicts: () => session.verdictCounts(),
    pipes: () => fake.indices.pipes(),
    rules: () => fake.rules.interventions.state,
    kibana: () => fake.generators.kibanaState(),
    log: () => ({ lines: fake.log.lines }),
    profiles: () => fake.profiles.activity,
  });
  fake.rules.changed = () => events.touch("rules");
  fake.profiles.changed = () => events.touch("profiles");
  fake.pipesChanged = () => events.touch("pipes");
  fake.generators.kibana.changed = () => events.touch("kibana");
  const served = await startInterface({
    handlers: inState(fakeHandlers(fake, events), () => fake.state),
    events,
    raw: async (raw) =>
      raw === "share"
        ? sharedFile(fake.sharing.shares)
        : raw === "profile"
          ? { type: "application/json", body: Buffer.from(CPU_PROFILE) }
          : null,
    har: () => writeHar(session, { version: "0" }),
    uploads: { folder: join(folder, "uploads"), capBytes: 1_000_000 },
    page: options.page,
    token: "fake-token",
    version: "0.0.0",
    port: options.port,
    exactPort: false,
  });
  return {
    url: served.url,
    indices: fake.indices,
    generators: fake.generators,
    schedules: fake.schedules,
    add: (n) => {
      fake.add(n);
      events.touch("exchanges");
      events.touch("verdicts");
    },
    put: (detail, bodies) => {
      fake.put(detail, bodies);
      events.touch("exchanges");
      events.touch("verdicts");
    },
    nextId: () => session.nextId(),
    change: (part) => {
      fake.part = { ...fake.part, ...part };
      events.touch("status");
    },
    show: (state) => {
      fake.state = state;
    },
    stop: async () => {
      await served.stop();
      fake.schedules.stop();
      session.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const CAP_BYTES = 4 * 1024 ** 3;

class FakeState {
  part: Partial<Status> = {};
  state: PageState = "usual";
  mode: Mode = "compare";
  pipesChanged: () => void = () => {};
  readonly indices = new FakeIndices(() => this.pipesChanged());
  readonly generators = new FakeGenerators(
    (job, rate) => this.indices.play(job, rate),
    () => this.indices.pipes(),
  );
  readonly schedules = new FakeSchedules(this.indices, this.generators, () => this.pipesChanged());
  readonly rules = new FakeRules();
  readonly log: RecentLog;
  readonly profiles = new FakeProfiles();
  readonly exchangeProfiles = new ExchangeProfiles({
    clickhouse: () => null,
    backends: () => fakeRunBackends(fakeExchanges(1, Date.now())[0]?.detail.searches ?? []),
  });
  running = true;
  readonly session: Session;
  readonly #options: FakeOptions;
  readonly #shares: Shares;
  readonly #changed = new Set<number>();
  #next = 1;

  constructor(session: Session, options: FakeOptions) {
    this.session = session;
    this.log = openLog(join(dirname(session.file), "logs", "parallax.log"));
    this.log.write("info", "ClickHouse 26.7.2 answers at http://127.0.0.1:8123.");
    this.log.write("warn", "Elasticsearch at http://127.0.0.1:9200 did not answer within 5 s.", { tries: 3 });
    this.#options = options;
    this.#shares = new Shares(dirname(session.file));
  }

  add(n: number): void {
    for (const { detail, request, answer } of fakeExchanges(n, Date.now(), this.#next)) {
      this.put(detail, { request: Buffer.from(request), elasticsearch: Buffer.from(answer) });
    }
    this.#next += n;
  }

  put(detail: ExchangeDetail, bodies: CapturedBodies): void {
    this.session.put(detail, bodies);
    this.#changed.add(detail.id);
  }

  get sharing(): ShareSource {
    return {
      shares: this.#shares,
      page: this.#options.page,
      version: "0.0.0",
      shown: () => this.session,
      name: () => "live",
      exchangeProfiles: this.exchangeProfiles,
      profile: async (id) => {
        const info = (await this.profiles.handlers["profiles.list"]({})).find((profile) => profile.id === id);
        if (info === undefined) throw new ContractFailure("no_profile", `There is no profile ${id}.`, 404);
        return { text: CPU_PROFILE, info };
      },
    };
  }

  takeChanged() {
    const ids = [...this.#changed].toSorted((a, b) => a - b).slice(-200);
    this.#changed.clear();
    return ids.flatMap((id) => this.session.summary(id) ?? []);
  }

  status(): Status {
    return {
      node_id: "fake",
      pid: process.pid,
      version: "0.0.0",
      started: new Date().toISOString(),
      uptime: "2 minutes",
      node_version: "0.0.0",
      node_start_time: "2026-01-01T00:00:00Z",
      node_uptime: "0 hours, 2 minutes, 0 seconds",
      virtual_memory: virtualMemory(),
      running: this.running,
      mode: this.mode,
      session: { name: "Sample session", file: this.session.file, sample: true, readOnly: false, replay: { played: 214, total: 412 } },
      proxy: { url: "http://127.0.0.1:9280", port: 9280 },
      intercept: INTERCEPT,
      interface: { url: "http://127.0.0.1:9999", port: 9999 },
      elasticsearch: { url: "recorded Elasticsearch", status: "recorded", version: "9.4.3", message: "" },
      clickhouse: {
        url: "http://127.0.0.1:8123",
        status: "ok",
        version: "26.7.2",
        message: "",
        embedded: true,
        port: 8123,
        dataFolder: "/tmp/parallax/clickhouse",
      },
      capture: this.session.stats(),
      journal: { writes: 0, bytes: 0, problem: "" },
      health: { time: new Date().toISOString(), state: "ok", ms: 3, message: "" },
      safe_mode: { crashes: 0, offered: false, by: null },
      problems: [],
      ...(this.#options.welcome === true ? { welcome: true } : {}),
      ...this.part,
    };
  }
}

/** A file that someone opened. */
const READ_ONLY = {
  name: "slow dashboard",
  file: "/home/me/slow dashboard.parallax",
  sample: false,
  readOnly: true,
  replay: null,
} as const;

let dump: DumpInfo = { on: false, filter: "", file: "", written: 0, problem: "" };

const INTERCEPT = Object.freeze({ on: true, url: "http://127.0.0.1:9281", port: 9281 });

function fakeHandlers(fake: FakeState, events: EventHub): Handlers {
  const { session } = fake;
  const missing = (id: number): never => {
    throw new ContractFailure("no_exchange", `There is no exchange ${id} in this session, or it has been cleared.`, 404);
  };
  return {
    "health.get": () => ({ status: "ok", proxy: "http://127.0.0.1:9280", elasticsearch: "recorded", clickhouse: "ok" }),
    "status.get": () => fake.status(),
    "stacktrace.get": () => "<!doctype html><title>Stack trace of Parallax</title>",
    ...fakeReports,
    "intercept.get": () => ({
      ...INTERCEPT,
      elasticsearchHosts: ["localhost:9200"],
      passThrough: [],
      authority: {
        pem: "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
        fingerprint: "AB:CD:EF",
        name: "Parallax CA",
        until: "2036-01-01T00:00:00.000Z",
        file: "/tmp/parallax/intercept/ca.pem",
      },
    }),
    "intercept.set": () => fake.status(),
    "index.ledger": () => [],
    ...trafficHandlers(() => session),
    "exchange.pin": ({ id, pinned }) => session.pin(id, pinned) ?? missing(id),
    "exchange.mark": ({ id, ...marks }) => session.mark(id, marks) ?? missing(id),
    "exchange.resend": () => {
      fake.add(1);
      events.touch("exchanges");
      return { sent: true };
    },
    "session.replay": () => missing(0),
    ...fake.generators.handlers,
    "dump.get": () => dump,
    "dump.set": ({ on, filter = "" }) => {
      dump = { ...dump, on, filter, file: on ? "/data/logs/logs-20260101T000000Z-20260101T010000Z.txt" : dump.file };
      return dump;
    },
    ...compareHandlers({ shown: () => session, ask: fakeSavedObjects, explain: async (_, detail) => fakeCause(detail) }),
    ...fake.indices.handlers,
    ...fake.schedules.handlers,
    ...fake.rules.handlers,
    "logs.list": (query) => fake.log.recent(query),
    ...fakeSettings(dirname(session.file), () => fake.status()),
    ...fake.profiles.handlers,
    translate: () => ({ statements: [], unsupported: [] }),
    "sql.run": ({ sql }) => {
      if (/^\s*FAIL/.test(sql))
        throw new ContractFailure("clickhouse", "Code: 62. DB::Exception: Syntax error: failed at position 1 (FAIL).");
      return {
        columns: [
          { name: "number", type: "UInt64" },
          { name: "text", type: "String" },
        ],
        rows: Array.from({ length: 500 }, (_, i) => [`${9007199254740993n + BigInt(i)}`, `"row ${i}"`]),
        ms: 4.2,
        readRows: 500,
        readBytes: 4000,
      };
    },
    ...profileHandlersOf(() => session, fake.exchangeProfiles),
    "exchange.explain": ({ path }) => fakeExplanation(path ?? "/aggregations/2/buckets/[key=7]/doc_count"),
    ...noiseHandlersOf({
      session: () => session,
      sides: async () => wobblingSides(),
      book: new NoiseBook({ file: null, problem: () => {} }),
    }),
    ...judgeAgainHandlersOf({ session: () => session, settings: () => NO_SETTINGS }),
    ...shrinkHandlersOf({
      session: () => session,
      sides: () => differingSides("track_total_hits"),
      folder: join(dirname(session.file), "cases"),
      versions: () => ({ parallax: "0.0.0" }),
    }),
    "proxy.set": ({ running, mode }) => {
      fake.running = running ?? fake.running;
      fake.mode = mode ?? fake.mode;
      events.touch("status");
      return fake.status();
    },
    "elasticsearch.set": () => fake.status(),
    "elasticsearch.probe": ({ url }) =>
      /9200/.test(url)
        ? { url, status: "ok", version: "9.4.3", message: "" }
        : {
            url,
            status: "away",
            version: null,
            message: `Nothing listens at ${url}: the connection was refused. Is Elasticsearch running?`,
          },
    "session.sample": () => fake.status(),
    "session.open": ({ file }) => {
      throw new ContractFailure("session", `${file} can't be read: there is no such file.`);
    },
    "session.close": () => fake.status(),
    "session.recent": () => [{ file: "/home/me/slow dashboard.parallax", opened: new Date(Date.now() - 3_600_000).toISOString() }],
    "app.quit": () => fake.status(),
    ...shareHandlers(fake.sharing),
    "session.save": ({ file }) => ({ file, bytes: 1_200_000 }),
    "session.clear": () => {
      session.clear();
      events.touch("exchanges");
      events.touch("verdicts");
      return fake.status();
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const fake = await startFakeContract({
    exchanges: process.argv.includes("--empty") ? 0 : 200,
    port: Number(process.argv[2] ?? 9979),
    page: fileURLToPath(new URL("../../out/renderer", import.meta.url)),
    welcome: process.argv.includes("--welcome"),
  });
  fake.show(PAGE_STATES.find((state) => process.argv.includes(`--${state}`)) ?? "usual");
  if (process.argv.includes("--read-only")) fake.change({ session: READ_ONLY });
  process.stdout.write(`${fake.url}\n`);
  if (process.argv.includes("--live")) setInterval(() => fake.add(3), 1000);
}
