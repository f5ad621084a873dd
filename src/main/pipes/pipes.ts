// All pipes of the engine: the mirror's, the sample's replay, and the backfills, reconciliations and generators that were asked for. They
// belong to the cluster that the proxy forwards to and go with it.
import type { GenerateRequest, PipeInfo } from "../../shared/pipe.ts";
import { messageOf } from "../../shared/thrown.ts";
import type { Mirrored } from "../exchange/cluster_mirror.ts";
import type { KeptWrites } from "../exchange/kept_writes.ts";
import type { Log } from "../report/log.ts";
import { generatorId, generatorJob } from "./generator_job.ts";
import { begin } from "./generators/begin.ts";
import type { Generator } from "./generators/generator.ts";
import { generatorOf } from "./generators/generators.ts";
import { RememberedGenerators } from "./generators/remembered.ts";
import { type IndexRequest, indexJob, pipeId } from "./index_job.ts";
import { type Job, PipeRefusal } from "./job.ts";
import { mirrorJob } from "./mirror_job.ts";
import { Pipe } from "./pipe.ts";
import { type Replay, replayJob } from "./replay_job.ts";
import { WantedBackfills } from "./wanted.ts";

export interface PipesOptions {
  /** False: every pipe that would start by itself is kept back. */
  readonly autorun: boolean;
  /** Where wanted backfills are remembered. */
  readonly file: string;
  /** Where generators are remembered. */
  readonly generatorsFile: string;
  /** Where the proxy listens; null while it is stopped. */
  readonly endpoint: () => string | null;
  readonly log: Log;
  readonly changed: () => void;
  readonly profiles: RunProfiles;
}

/** A profile of a pipe that runs until it is stopped ends by itself after an hour. */
const ENDLESS_PROFILE_MS = 3_600_000;

/** Profiles of runs, by the ids of their pipes. */
export interface RunProfiles {
  has(pipe: string): boolean;
  /** `limitMs`: it ends by itself after so long; null: only with the run. */
  begin(pipe: string, limitMs: number | null): Promise<void>;
  /** Ends it and keeps it; the name of its files, null where there is none. */
  end(pipe: string): Promise<string | null>;
  drop(pipe: string): Promise<void>;
}

export interface PumpOptions {
  /** Most documents a second. */
  readonly rate?: number | undefined;
  readonly profiler?: boolean | undefined;
}

/** What the proxy forwards to, beside ClickHouse. */
export interface PipeSource {
  /** null where writes are not journalled. */
  readonly kept: KeptWrites | null;
  mirrored(): Promise<Mirrored | string>;
  /** "" or which server is away. */
  away(): string;
}

export class Pipes {
  readonly #options: PipesOptions;
  readonly #wanted: WantedBackfills;
  readonly #generators: RememberedGenerators;
  readonly #pipes = new Map<string, Pipe>();
  #runsByItself: boolean;
  #source: PipeSource | null = null;
  /** Whose backfills are listed; null before one is met. */
  #cluster: string | null = null;

  constructor(options: PipesOptions) {
    this.#options = options;
    this.#runsByItself = options.autorun;
    const problem = (message: string): void => options.log.write("warn", message);
    this.#wanted = new WantedBackfills(options.file, problem);
    this.#generators = new RememberedGenerators(options.generatorsFile, problem);
  }

  list(): readonly PipeInfo[] {
    return [...this.#pipes.values()].map((pipe) => pipe.info());
  }

  /** False: every pipe that would start by itself is kept back. */
  get runsByItself(): boolean {
    return this.#runsByItself;
  }

  /** From now on pipes run by themselves, or don't: those that were kept back start, and those that run go on. */
  setRunsByItself(on: boolean): void {
    if (on === this.#runsByItself) return;
    this.#runsByItself = on;
    if (!on) return;
    for (const pipe of this.#pipes.values()) if (pipe.keptBack) pipe.run(pipe.info().rate);
  }

  /** Stops what runs and can be stopped, and keeps back what would start by itself. */
  async keepAllBack(): Promise<void> {
    this.setRunsByItself(false);
    await Promise.all([...this.#pipes.values()].map((pipe) => pipe.stopAndKeepBack()));
  }

  /** The pipes of another Elasticsearch, from now on. */
  attach(source: PipeSource): void {
    this.#source = source;
    const mirror = this.#add(mirrorJob(source.kept), true);
    if (!this.#runsByItself) source.kept?.hold();
    this.#autorun(mirror, null);
  }

  /** The sample's replay, which `autorun` or somebody starts. */
  attachReplay(replay: Replay): void {
    const job = replayJob({
      ...replay,
      play: (signal, onProgress) => {
        const mirror = this.#pipes.get("mirror");
        if (mirror?.running === false) mirror.run(null);
        return replay.play(signal, onProgress);
      },
    });
    this.#autorun(this.#add(job, true), null);
  }

  /** This cluster answers now: its backfills and generators that were not over go on. */
  met(cluster: string): void {
    if (cluster === this.#cluster) return;
    this.#cluster = cluster;
    for (const [id, pipe] of this.#pipes) {
      if (pipe.job.kind === "mirror" || pipe.job.kind === "replay") continue;
      this.#pipes.delete(id);
      void pipe.leave();
    }
    for (const { index, rate } of this.#wanted.of(cluster)) {
      this.#autorun(this.#add(this.#indexJob({ kind: "backfill", index, rate, exact: false }, cluster), true), rate);
    }
    for (const { kind: name, rate, wanted } of this.#generators.of(cluster)) {
      const generator = generatorOf(name);
      if (generator === null) continue;
      const pipe = this.#add(this.#generatorJob(generator, cluster), wanted);
      if (wanted) this.#autorun(pipe, rate);
    }
  }

  /** The cluster is left. Resolves when all its pipes have ended. */
  async detach(): Promise<void> {
    this.#source = null;
    this.#cluster = null;
    const leaving = [...this.#pipes.values()];
    this.#pipes.clear();
    await Promise.all(leaving.map((pipe) => pipe.leave()));
  }

  /**
   * Starts or stops a pipe by its id. `profiler`: the run that starts is profiled to its end, and of one that runs the rest; to stop it ends the
   * profile alone. Throws PipeRefusal; rejects where nothing can be recorded, or what was recorded can't be kept.
   */
  async pump(id: string, operation: "start" | "stop", { rate, profiler = false }: PumpOptions = {}): Promise<PipeInfo> {
    const pipe = this.#pipes.get(id);
    if (pipe === undefined) {
      const known = [...this.#pipes.keys()].join(", ");
      throw new PipeRefusal("unknown", `There is no pipe ${id}${known === "" ? " yet" : `; there are ${known}`}.`);
    }
    const { profiles } = this.#options;
    if (operation === "stop" && profiler && !profiles.has(id))
      throw new PipeRefusal("not profiled", `No run of pipe ${id} is being profiled.`);
    if (operation === "stop") {
      if (!profiler) await pipe.stop();
      await profiles.end(id);
    } else if (profiler) await this.#startProfiled(pipe, rate);
    else await this.#start(pipe, rate);
    return (this.#pipes.get(id) ?? pipe).info();
  }

  /** Starts a job that belongs to nothing else. Throws PipeRefusal where one of its id runs. */
  play(job: Job): PipeInfo {
    if (this.#pipes.get(job.id)?.running === true)
      throw new PipeRefusal("running", `Pipe ${job.id} runs already. Stop it first, or wait for its end.`);
    const pipe = this.#add(job, false);
    pipe.run(null);
    return pipe.info();
  }

  /** Makes and starts a backfill or reconciliation. Throws PipeRefusal. */
  async begin(request: IndexRequest): Promise<PipeInfo> {
    const { kind, index } = request;
    this.#assertIdle(index);
    const { cluster, mirror } = await this.#present();
    await assertIndex(mirror, index);
    this.#assertIdle(index);
    this.met(cluster);
    const pipe = this.#add(this.#indexJob(request, cluster), kind === "backfill");
    await pipe.start(request.rate);
    return pipe.info();
  }

  /** Makes and starts a generator; one that was asked for alike before goes on. Throws PipeRefusal. */
  async generate(request: GenerateRequest): Promise<PipeInfo> {
    const { cluster } = await this.#present();
    this.met(cluster);
    const { generator, entry } = begin(request, cluster, (name) => this.#generators.one(cluster, name), Date.now());
    const id = generatorId(generator.name);
    if (this.#pipes.get(id)?.running === true) throw new PipeRefusal("running", `Pipe ${id} runs already. Stop it first to start it anew.`);
    this.#generators.put(entry);
    const pipe = this.#add(this.#generatorJob(generator, cluster), true);
    pipe.run(entry.rate);
    return pipe.info();
  }

  /** Ends the generator of a kind for good, where it goes to `index`; begun again, it begins anew. */
  async forgetGenerator(kind: string, index: string): Promise<void> {
    const cluster = this.#cluster;
    if (cluster === null || this.#generators.one(cluster, kind)?.index !== index) return;
    const id = generatorId(kind);
    const pipe = this.#pipes.get(id);
    if (pipe?.running === true) await this.pump(id, "stop");
    this.#pipes.delete(id);
    this.#generators.forget(cluster, kind);
    this.#options.changed();
  }

  async #start(pipe: Pipe, rate?: number): Promise<void> {
    const { index } = pipe.job;
    if (index !== null && !pipe.running) this.#assertIdle(index);
    await pipe.start(rate);
  }

  async #startProfiled(pipe: Pipe, rate?: number): Promise<void> {
    const { profiles } = this.#options;
    const { id } = pipe.job;
    if (profiles.has(id))
      throw new PipeRefusal("profiled", `The run of pipe ${id} is being profiled already: wait for its end, or stop it.`);
    await profiles.begin(id, pipe.job.kick === undefined ? null : ENDLESS_PROFILE_MS);
    try {
      await this.#start(pipe, rate);
    } catch (error) {
      await profiles.drop(id);
      throw error;
    }
  }

  async #present(): Promise<Mirrored> {
    const source = this.#source;
    if (source === null) throw new PipeRefusal("away", "No Elasticsearch is connected yet; try again in a moment.");
    const away = source.away();
    if (away !== "") throw new PipeRefusal("away", away);
    const mirrored = await source.mirrored();
    if (typeof mirrored === "string") throw new PipeRefusal("away", `Nothing can be copied now: ${mirrored}.`);
    return mirrored;
  }

  #assertIdle(index: string): void {
    const busy = [...this.#pipes.values()].find((pipe) => pipe.job.index === index && pipe.running);
    if (busy === undefined) return;
    throw new PipeRefusal(
      "running",
      `Index ${index} is worked on already by pipe ${busy.job.id}. Stop that one first, or wait for its end.`,
    );
  }

  #indexJob({ kind, index, exact }: IndexRequest, cluster: string): Job {
    const mirror = async () => {
      const mirrored = (await this.#source?.mirrored()) ?? "no Elasticsearch is connected";
      if (typeof mirrored === "string") return mirrored;
      return mirrored.cluster === cluster ? mirrored.mirror : `another cluster than that of ${pipeId(kind, index)} answers`;
    };
    return indexJob({ kind, index, cluster, exact, mirror, wanted: this.#wanted });
  }

  #generatorJob(generator: Generator, cluster: string): Job {
    return generatorJob({ generator, cluster, remembered: this.#generators, endpoint: this.#options.endpoint });
  }

  #add(job: Job, autorun: boolean): Pipe {
    const { log, changed } = this.#options;
    const ended = (): void => void this.#options.profiles.end(job.id).catch((error: unknown) => log.write("error", messageOf(error)));
    const pipe = new Pipe(job, { autorun, log, changed, ended });
    this.#pipes.set(job.id, pipe);
    return pipe;
  }

  #autorun(pipe: Pipe, rate: number | null): void {
    if (this.#runsByItself) pipe.run(rate);
    else pipe.keepBack(rate);
  }
}

async function assertIndex(mirror: Mirrored["mirror"], index: string): Promise<void> {
  const resolved = await mirror.resolve(index, new Map());
  if (resolved.kind === "not_compared") throw new PipeRefusal(index.includes(":") ? "no index" : "away", resolved.reason);
  const names = resolved.kind === "indices" ? resolved.indices.map(({ name }) => name) : [];
  if (names.includes(index)) return;
  if (names.length === 0) throw new PipeRefusal("no index", `There is no index ${index} in Elasticsearch.`);
  const shown = names.length > 5 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : names.join(", ");
  throw new PipeRefusal("no index", `${index} is no index of its own: it stands for ${shown}. Name one of these.`);
}
