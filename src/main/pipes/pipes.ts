// All pipes of the engine: the mirror's, the sample's replay, and the backfills, reconciliations and generators that were asked for. They
// belong to the cluster that the proxy forwards to and go with it.
import type { GenerateRequest, PipeInfo } from "../../shared/pipe.ts";
import { messageOf } from "../../shared/thrown.ts";
import type { Log } from "../report/log.ts";
import { generatorId, generatorJob } from "./generator_job.ts";
import { begin } from "./generators/begin.ts";
import type { Generator } from "./generators/generator.ts";
import { generatorOf } from "./generators/generators.ts";
import { RememberedGenerators } from "./generators/remembered.ts";
import { type IndexRequest, indexJob, pipeId } from "./index_job.ts";
import { type End, type Job, PipeRefusal } from "./job.ts";
import { mirrorJob } from "./mirror_job.ts";
import { Pipe } from "./pipe.ts";
import { assertIndex, type PipeSource, presentIn } from "./pipe_source.ts";
import { type Replay, replayJob } from "./replay_job.ts";
import { profiled, type RunProfiles } from "./run_profiles.ts";
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
  /** Told of each end of a run. @default nobody */
  readonly ended?: (pipe: PipeInfo, how: End) => void;
  readonly profiles: RunProfiles;
}

export interface PumpOptions {
  /** Most documents a second. */
  readonly rate?: number | undefined;
  readonly profiler?: boolean | undefined;
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

  /** Whose pipes these are; null before one is met. */
  get cluster(): string | null {
    return this.#cluster;
  }

  /** Whose cluster is there now, with this index where one is named; its pipes are these from now on. Throws PipeRefusal. */
  async clusterOf(index: string | null): Promise<string> {
    const { cluster, mirror } = await presentIn(this.#source);
    if (index !== null) await assertIndex(mirror, index);
    this.met(cluster);
    return cluster;
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
    if (operation === "start") return this.#run(pipe.job, profiler, () => this.#start(pipe, rate));
    if (!profiler) await pipe.stop();
    await profiles.end(id);
    return pipe.info();
  }

  /** Starts a job that belongs to nothing else. Throws PipeRefusal where one of its id runs. */
  play(job: Job, profiler = false): Promise<PipeInfo> {
    return this.#run(job, profiler, async () => {
      this.#assertStill(job.id);
      const pipe = this.#add(job, false);
      pipe.run(null);
      return pipe;
    });
  }

  /** Makes and starts a backfill or reconciliation. Throws PipeRefusal. */
  async begin(request: IndexRequest, profiler = false): Promise<PipeInfo> {
    const { kind, index, rate } = request;
    this.#assertIdle(index);
    const cluster = await this.clusterOf(index);
    const job = this.#indexJob(request, cluster);
    return this.#run(job, profiler, async () => {
      this.#assertIdle(index);
      const pipe = this.#add(job, kind === "backfill");
      await pipe.start(rate);
      return pipe;
    });
  }

  /** Makes and starts a generator; one that was asked for alike before goes on. Throws PipeRefusal. */
  async generate(request: GenerateRequest, profiler = false): Promise<PipeInfo> {
    const cluster = await this.clusterOf(null);
    const { generator, entry } = begin(request, cluster, (name) => this.#generators.one(cluster, name), Date.now());
    const id = generatorId(generator.name);
    return this.#run({ id }, profiler, async () => {
      this.#assertStill(id);
      this.#generators.put(entry);
      const pipe = this.#add(this.#generatorJob(generator, cluster), true);
      pipe.run(entry.rate);
      return pipe;
    });
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

  async #start(pipe: Pipe, rate?: number): Promise<Pipe> {
    const { index } = pipe.job;
    if (index !== null && !pipe.running) this.#assertIdle(index);
    await pipe.start(rate);
    return pipe;
  }

  /** `start` looks by itself whether it may: what was so before may not be so when the profile has begun. */
  async #run(job: Pick<Job, "id" | "kick">, profiler: boolean, start: () => Promise<Pipe>): Promise<PipeInfo> {
    const pipe = await (profiler ? profiled(this.#options.profiles, job, start) : start());
    return (this.#pipes.get(job.id) ?? pipe).info();
  }

  #assertStill(id: string): void {
    if (this.#pipes.get(id)?.running === true)
      throw new PipeRefusal("running", `Pipe ${id} runs already. Stop it first to start it anew, or wait for its end.`);
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
    const { log, changed, profiles } = this.#options;
    const ended = (how: End): void => {
      void profiles.end(job.id).catch((error: unknown) => log.write("error", messageOf(error)));
      this.#options.ended?.(pipe.info(), how);
    };
    const pipe = new Pipe(job, { autorun, log, changed, ended });
    this.#pipes.set(job.id, pipe);
    return pipe;
  }

  #autorun(pipe: Pipe, rate: number | null): void {
    if (this.#runsByItself) pipe.run(rate);
    else pipe.keepBack(rate);
  }
}
