// The engine: builds the stages and joins them, in the order in which data flows. Electron's shell and the headless CLI
// run the same one.
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Mode, SessionInfo } from "../shared/contract.ts";
import { VERDICT_RULES_KEY, type VerdictEntry } from "../shared/verdict_rules.ts";
import { ASKS, HELD_ASKS } from "./answer/table.ts";
import { Dump } from "./capture/dump/dump.ts";
import { DumpFiles } from "./capture/dump/files.ts";
import type { Session } from "./capture/session.ts";
import { ClickHouseService } from "./clickhouse/service.ts";
import type { ServeOptions } from "./config/options.ts";
import { Settings } from "./config/settings.ts";
import { holdDataFolder } from "./data_folder.ts";
import { ElasticsearchClient } from "./elasticsearch/client.ts";
import { Endpoint } from "./endpoint.ts";
import { Interception } from "./interception.ts";
import { Intervening } from "./intervening.ts";
import { Journal } from "./journal/journal.ts";
import { beginRun, crashesBefore } from "./last_run.ts";
import { type Fitting, type RuleSettings, settingsFor } from "./matcher/rule_settings.ts";
import { NoiseBook } from "./noise/noise_book.ts";
import { OpenedFile } from "./opened_file.ts";
import { Pipes } from "./pipes/pipes.ts";
import { WALL_CLOCK } from "./pipes/schedule/clock.ts";
import { Schedules } from "./pipes/schedule/schedules.ts";
import { scheduledReplay } from "./pipes/session_replay_job.ts";
import { type Checked, HealthThread } from "./profile/health/health_thread.ts";
import { InterfaceCalls } from "./profile/interface_calls.ts";
import { Profiler } from "./profile/profiler.ts";
import { ProxiedCalls } from "./profile/proxied_calls.ts";
import { Settling } from "./profile/settling.ts";
import type { Tap, TappedExchange, TappedRequest } from "./proxy/tap.ts";
import { KibanaWatch } from "./report/kibana_watch.ts";
import type { RecentLog } from "./report/log.ts";
import { Statistics } from "./report/statistics.ts";
import { Routing } from "./routing/routing.ts";
import { SampleSession } from "./sample_session.ts";
import { within } from "./time_limit.ts";
import { Workspace } from "./workspace.ts";

const DEFAULT_ELASTICSEARCH = "http://localhost:9200";
const SAMPLE_DATABASE = "parallax_sample";
/** How long the end waits for a change of Elasticsearch that is under way. */
const SWITCH_MS = 1_000;
/** How long the end waits for profiles that are being written. */
const PROFILES_MS = 2_000;

/** What the engine tells of itself. */
export interface EngineListener {
  /** Ids that are new or changed; none: the whole list is another. */
  exchangesChanged(ids: readonly number[]): void;
  statusChanged(): void;
  pipesChanged(): void;
  /** Rules, script, breakpoints, or what is held. */
  rulesChanged(): void;
  /** What is recorded, or which profiles are kept. */
  profilesChanged(): void;
}

const NOBODY: EngineListener = {
  exchangesChanged: () => {},
  statusChanged: () => {},
  pipesChanged: () => {},
  rulesChanged: () => {},
  profilesChanged: () => {},
};

export class Engine implements Tap {
  readonly options: ServeOptions;
  readonly settings: Settings;
  readonly log: RecentLog;
  readonly clickhouse: ClickHouseService;
  readonly pipes: Pipes;
  readonly schedules: Schedules;
  readonly dump: Dump;
  readonly interception: Interception;
  readonly intervening: Intervening;
  readonly endpoint: Endpoint;
  readonly opened: OpenedFile;
  readonly #sample: SampleSession;
  readonly profiler: Profiler;
  readonly health: HealthThread;
  readonly statistics = new Statistics();
  readonly kibana = new KibanaWatch();
  readonly #settling = new Settling();
  readonly #profiledCalls: ProxiedCalls;
  /** Calls of the debugging interface, as the profiler sees them. */
  readonly calls: InterfaceCalls;
  readonly started = new Date();
  readonly routing: Routing;
  readonly noise: NoiseBook;
  /** The last fault that nobody handled, for the banner; "" without one. */
  lastFault = "";
  /** How many there were since the start. */
  faults = 0;
  /** What is said of the rules of the comparison. */
  #verdictRules: readonly VerdictEntry[];
  #listener = NOBODY;
  #workspace: Workspace | null = null;
  #journal: Journal | null = null;
  #journalProblem = "";
  /** Opened, or known not to open. */
  #journalTried = false;
  #url = "";
  /** The sample was opened because there was no Elasticsearch to be found. */
  #unasked = false;
  #switching: Promise<void> = Promise.resolve();
  #stopping = false;
  #backendStates = "";
  /** Gives the data folder back. */
  #release: () => void = () => {};
  #crashes = 0;
  #endRun: () => void = () => {};

  constructor(options: ServeOptions, log: RecentLog) {
    this.options = options;
    this.log = log;
    this.#verdictRules = options.verdictRules;
    this.settings = new Settings(options.given, (now, keys) => {
      if (keys.includes(VERDICT_RULES_KEY)) this.#verdictRules = now.verdictRules;
      if (keys.includes("mode")) void this.setMode(now.mode);
      if (keys.includes("task_manager.disable_pump_scheduler")) this.pipes.setRunsByItself(now.autorun);
      this.#listener.statusChanged();
    });
    this.routing = new Routing({
      listener: options.mode,
      rules: options.routes,
      file: join(options.data, "routes.json"),
      problem: (message) => log.write("error", message),
    });
    this.noise = new NoiseBook({ file: join(options.data, "noise.json"), problem: (message) => log.write("error", message) });
    this.interception = new Interception({
      settings: options.intercept,
      data: options.data,
      tap: this,
      problem: (message) => log.write("warn", message),
    });
    this.intervening = new Intervening({
      settings: options.rules,
      data: options.data,
      log,
      taps: () => this.routing.has("tap"),
      watchChanged: (sieve) => void this.endpoint.proxy?.setWatch(sieve),
      changed: () => this.#listener.rulesChanged(),
    });
    this.health = new HealthThread({
      data: options.data,
      ...options.health,
      log,
      changed: () => this.#listener.statusChanged(),
    });
    this.profiler = new Profiler({
      logs: join(options.data, "logs"),
      everyCall: options.apiProfiler,
      changed: () => this.#listener.profilesChanged(),
      problem: (message) => {
        log.write("warn", message);
        this.#listener.statusChanged();
      },
    });
    this.calls = new InterfaceCalls(this.profiler);
    this.#profiledCalls = new ProxiedCalls({ profiler: this.profiler, settling: this.#settling, proxy: () => this.endpoint.proxy });
    this.endpoint = new Endpoint({
      options,
      tap: this,
      interception: this.interception,
      intervening: this.intervening,
      profiled: this.#profiledCalls,
      log,
    });
    this.opened = new OpenedFile(options.data, () => {
      this.#listener.exchangesChanged([]);
      this.#listener.statusChanged();
    });
    this.#sample = new SampleSession({ log: (line) => log.write("info", line), changed: () => this.#listener.statusChanged() });
    this.pipes = new Pipes({
      autorun: options.autorun,
      file: join(options.data, "pipes.json"),
      generatorsFile: join(options.data, "generators.json"),
      endpoint: () => this.endpoint.url,
      log,
      changed: () => this.#listener.pipesChanged(),
      ended: (pipe, how) => this.schedules.ended(pipe, how),
      profiles: this.profiler.runs,
    });
    this.schedules = new Schedules({
      pipes: this.pipes,
      file: join(options.data, "schedules.json"),
      clock: WALL_CLOCK,
      replay: (schedule) => scheduledReplay(this.shown, this.endpoint.url, schedule),
      log,
      changed: () => this.#listener.pipesChanged(),
    });
    this.dump = new Dump(new DumpFiles(join(options.data, "logs")), () => this.#workspace?.session ?? null);
    this.dump.set(options.dump.on, options.dump.filter);
    this.clickhouse = new ClickHouseService({
      url: options.clickhouse,
      cluster: options.clickhouseCluster,
      port: options.clickhousePort,
      limits: options.searchLimits,
      dataFolder: join(options.data, "clickhouse"),
      log,
      changed: () => {
        this.#tellBackends();
        this.#backendsChanged();
      },
    });
  }

  /**
   * Starts ClickHouse, the proxy and the first workspace. Clients are answered at once; resolves when both backends have
   * answered or are known to be away. Throws when a port given by flag is taken, or the data folder can't be written or is in use.
   * `checked`: where it is asked for its health.
   */
  async start(listener: EngineListener, checked: Checked): Promise<void> {
    this.#listener = listener;
    this.#release = holdDataFolder(this.options.data);
    this.health.start(checked);
    // Before what it is to see.
    await this.profiler.start();
    this.#crashes = crashesBefore(this.options.data);
    this.#endRun = beginRun(this.options.data, this.#crashes);
    await this.#openJournal();
    // No request comes before the script is there.
    await this.intervening.interventions.start();
    this.schedules.start();
    const clickhouse = this.clickhouse.start();
    const opened = this.#openFirst();
    const [started, entered] = await Promise.allSettled([clickhouse, opened]);
    for (const outcome of [started, entered]) if (outcome.status === "rejected") throw outcome.reason;
  }

  // Without a journal everything goes on, and a crash may lose what is on its way.
  async #openJournal(): Promise<void> {
    try {
      const { journal, problem } = await Journal.start(join(this.options.data, "journal.sqlite"), this.options.journalCapBytes);
      this.#journal = journal;
      if (problem !== "") this.log.write("warn", problem);
    } catch (error) {
      this.fault(error);
    }
    this.#journalTried = true;
  }

  /** Ends everything within a few seconds: what is under way gets a moment, the session file is closed in order. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.schedules.stop();
    this.health.ending();
    await this.intervening.interventions.close();
    await Promise.race([this.#switching.catch(() => {}), new Promise((resolve) => setTimeout(resolve, SWITCH_MS).unref())]);
    await Promise.all([this.pipes.detach(), this.#sample.stop(), this.endpoint.leave()]);
    await this.dump.flushed();
    await this.#workspace?.close();
    await this.opened.end();
    await this.#journal?.stop();
    await Promise.all([this.clickhouse.stop(), this.health.stop()]);
    await within(this.profiler.stop(), PROFILES_MS);
    await this.log.flushed();
    this.#endRun();
    this.#release();
  }

  /** Takes note of a fault of our own that nobody has handled; everything goes on. */
  fault(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.faults += 1;
    this.lastFault = `Parallax met a fault of its own and goes on: ${message}. Its log, logs/parallax.log in the data folder, says where.`;
    this.log.write("error", this.lastFault, { stack: error instanceof Error ? (error.stack ?? "") : "" });
    this.#listener.statusChanged();
  }

  /** Runs in a row before this one that did not end in order. */
  get crashes(): number {
    return this.#crashes;
  }

  get workspace(): Workspace | null {
    return this.#workspace;
  }

  /** What is said of the rules for a search, by entries and by what was seen to be noise. */
  ruleSettings(search: Fitting): RuleSettings {
    return { ...settingsFor(this.#verdictRules, search), noise: this.noise.seen(search.shape) };
  }

  /** The session that the window shows: an opened file, else the live one. */
  get shown(): Session | null {
    return this.opened.session ?? this.#workspace?.session ?? null;
  }

  /** What is kept until ClickHouse has it. */
  get journal(): { readonly writes: number; readonly bytes: number; readonly problem: string } {
    const none = this.#journalTried ? "There is no journal: a crash may lose what is on its way." : "";
    if (this.#journal === null) return { writes: 0, bytes: 0, problem: none };
    const { rows, bytes, problem } = this.#journal.counts;
    return { writes: rows, bytes, problem };
  }

  get sampleVersion(): string | null {
    return this.#sample.version;
  }

  /** True while the sample plays for want of an address. */
  get welcome(): boolean {
    return this.#sample.open && this.#unasked;
  }

  sessionInfo(): SessionInfo {
    const opened = this.opened.file !== null;
    const file = this.opened.file ?? this.shown?.file ?? "";
    const sample = this.#sample.open && !opened;
    return {
      name: sample ? "Sample session" : opened ? file : "Live session",
      file,
      sample,
      readOnly: opened,
      replay: sample ? this.#sample.replay : null,
    };
  }

  /** Points the proxy at an Elasticsearch, which may be away. Resolves when it has answered or is known not to. */
  connect(url: string): Promise<void> {
    return this.#switch(async () => {
      await this.#leave();
      await this.#enter(url, join(this.#sessions, "current.parallax"), null);
      await this.#workspace?.met();
    });
  }

  /** Opens the sample session anew and plays it, unless pipes are kept back. */
  openSample(): Promise<void> {
    return this.#switch(async () => {
      await this.#leave();
      const file = join(this.#sessions, "sample.parallax");
      for (const suffix of ["", "-wal", "-shm", ".waiting"]) rmSync(file + suffix, { force: true, recursive: true });
      const sample = await this.#sample.start();
      await this.#enter(sample.url, file, SAMPLE_DATABASE);
      await this.#workspace?.met();
      // Emptied before it is played: what comes first would wait for it all the same.
      await this.#workspace?.mirrored();
      if (this.#stopping) return;
      this.pipes.attachReplay({
        play: (signal, onProgress) => this.#sample.play(sample, `http://127.0.0.1:${this.endpoint.port}`, onProgress, signal),
        anew: async () => {
          await this.openSample();
          if (!this.pipes.runsByItself) await this.pipes.pump("replay", "start");
        },
      });
    });
  }

  /** The mode of what no rule means. */
  get mode(): Mode {
    return this.routing.listener;
  }

  /** Resolves when the proxy goes by it. */
  async setMode(mode: Mode): Promise<void> {
    this.routing.listener = mode;
    await this.#rerouted();
  }

  /** Gives one index a mode of its own, or with null the one that the rules say. Resolves when the proxy goes by it. */
  async setIndexMode(name: string, mode: Mode | null): Promise<void> {
    // The sample is made anew each time: what is chosen there says nothing of an index of that name elsewhere.
    this.routing.choose(name, mode, !this.#sample.open);
    await this.#rerouted();
  }

  async #rerouted(): Promise<void> {
    await this.endpoint.rerouted();
    this.#listener.statusChanged();
  }

  /** Stops the proxy, or starts it again. Rejects with ProxyError. */
  async setRunning(running: boolean): Promise<void> {
    await this.endpoint.setRunning(running);
    this.#listener.statusChanged();
  }

  requested(id: number, time: number, request: Omit<TappedRequest, "body" | "bodyBytes" | "truncated">): void {
    if (this.#workspace === null) return;
    this.profiler.everyCall.requested({ time, method: request.method, target: request.target, exchange: id });
    this.#workspace.exchanges.requested(id, time, request);
  }

  exchanged(exchange: TappedExchange): void {
    this.statistics.exchanged(exchange);
    this.kibana.exchanged(exchange);
    this.#workspace?.exchanges.exchanged(exchange);
  }

  missed(count: number): void {
    this.#workspace?.exchanges.missed(count);
  }

  // In tap mode nothing is mirrored; what the sample writes is made anew each time.
  get #journalling(): boolean {
    return !this.routing.onlyTap && !this.#sample.open;
  }

  /** Which requests are asked of ClickHouse without naming it. What was opened there is read and closed there, whatever the mode is by then. */
  get #answering(): string | null {
    return this.routing.has("clickhouse") ? ASKS : this.#workspace?.answering.opened === true ? HELD_ASKS : null;
  }

  get #sessions(): string {
    return join(this.options.data, "sessions");
  }

  #switch(work: () => Promise<void>): Promise<void> {
    const done = this.#switching.catch(() => {}).then(work);
    this.#switching = done;
    return done.finally(() => {
      this.#listener.exchangesChanged([]);
      this.#listener.statusChanged();
    });
  }

  async #leave(): Promise<void> {
    await this.pipes.detach();
    await this.#sample.stop();
    await this.endpoint.leave();
    this.opened.close();
    await this.#workspace?.close();
    this.#workspace = null;
    this.intervening.leave();
    this.statistics.clear();
    this.kibana.clear();
  }

  // A stack trace asks them without the main thread, which may be stuck.
  #tellBackends(): void {
    const { message } = this.clickhouse.backend();
    const recorded = "The sample session plays a recording: there is no Elasticsearch behind it.";
    this.health.reach({
      elasticsearch: this.#sample.open ? recorded : { url: this.#url, trust: this.options.trust },
      clickhouse: this.clickhouse.access ?? (message || "ClickHouse does not answer yet."),
    });
  }

  // What the health checker found is told with the status: it must not say of a backend what no longer holds.
  #backendsChanged(): void {
    const states = `${this.#workspace?.backend().status} ${this.clickhouse.backend().status}`;
    if (states !== this.#backendStates) this.health.look();
    this.#backendStates = states;
    this.#listener.statusChanged();
  }

  async #enter(url: string, sessionFile: string, database: string | null): Promise<void> {
    this.#url = url;
    this.#tellBackends();
    const journal = this.#sample.open ? null : this.#journal;
    const workspace = new Workspace({
      url,
      trust: this.options.trust,
      sessionFile,
      capBytes: this.options.captureCapBytes,
      routing: this.routing,
      shadow: this.options.shadow,
      clickhouse: this.clickhouse,
      journal,
      database,
      log: this.log,
      statistics: this.statistics,
      ruleSettings: (search) => this.ruleSettings(search),
      changed: (id) => {
        this.dump.changed(id);
        this.#listener.exchangesChanged([id]);
      },
      settled: (id) => {
        this.#settling.settled(id);
        this.profiler.everyCall.settled(id);
      },
      statusChanged: () => this.#backendsChanged(),
      journalChanged: () => this.#journalChanged(),
      met: (cluster) => {
        this.pipes.met(cluster);
        this.schedules.met();
      },
      opened: () => void this.#rerouted(),
      prefer: (place) => {
        this.endpoint.proxy?.prefer(place);
        this.intervening.prefer(place);
      },
    });
    this.#workspace = workspace;
    this.pipes.attach(workspace);
    this.intervening.enter({
      url,
      trust: this.options.trust,
      journal,
      journalling: () => this.#journalling,
      exchanges: workspace.exchanges,
      asks: ASKS,
      clickhouse: (request) => workspace.answering.answer(request),
    });
    await this.endpoint.open({
      url,
      workspace,
      journal: this.#journal,
      answering: () => this.#answering,
      journalling: () => this.#journalling,
    });
  }

  /** Starts or stops the intercept proxy. Rejects with ProxyError. */
  async setIntercepting(on: boolean): Promise<void> {
    await this.interception.set(on);
    this.#listener.statusChanged();
  }

  #journalChanged(): void {
    this.#listener.pipesChanged();
    if (this.journal.problem === this.#journalProblem) return;
    this.#journalProblem = this.journal.problem;
    this.#listener.statusChanged();
  }

  async #openFirst(): Promise<void> {
    const url = this.options.sample ? null : (this.options.elasticsearch ?? (await this.#findElasticsearch()));
    this.#unasked = url === null && !this.options.sample;
    await (url === null ? this.openSample() : this.connect(url));
  }

  async #findElasticsearch(): Promise<string | null> {
    const client = new ElasticsearchClient(DEFAULT_ELASTICSEARCH);
    try {
      await client.info(1_500);
      return DEFAULT_ELASTICSEARCH;
    } catch {
      return null;
    } finally {
      client.close();
    }
  }
}
