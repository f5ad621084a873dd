// Made-up indices and real pipes that copy nothing: for the window.
import { setTimeout as pause } from "node:timers/promises";
import { ContractFailure, type Handlers } from "../../src/main/contract/handlers.ts";
import type { End, Job } from "../../src/main/pipes/job.ts";
import { Pipe } from "../../src/main/pipes/pipe.ts";
import { Routing } from "../../src/main/routing/routing.ts";
import type { IndexInfo } from "../../src/shared/index_info.ts";
import type { PipeInfo } from "../../src/shared/pipe.ts";

const STEPS = 40;

export class FakeIndices {
  readonly #changed: () => void;
  readonly #pipes = new Map<string, Pipe>();
  readonly #routing = new Routing({ listener: "compare" });
  readonly #docs = new Map<string, number | null>([
    [".kibana_9", null],
    ["archive-2024.11", null],
    ["kibana_sample_data_ecommerce", 4672],
    ["kibana_sample_data_flights", 13_059],
    ["logs-kafka.log-default", 88_291],
    ["logs-nginx.access-default", 1_842_310],
  ]);
  /** How long a copy takes, in ms. */
  copyMs = 400;
  /** Told of each end of a run. */
  ended: (pipe: PipeInfo, how: End) => void = () => {};
  /** Thrown by the list of indices, where set. */
  problem = "";

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  readonly handlers: Pick<
    Handlers,
    "indices.list" | "index.get" | "index.backfill" | "index.reconcile" | "index.mode" | "routes.list" | "pipes.list" | "pipe.pump"
  > = {
    "indices.list": () => this.list(),
    "index.mode": ({ name, mode }) => {
      this.#routing.choose(name, mode ?? null, false);
      const rule = this.#routing.ruleOf({ name, aliases: [] });
      return { name, mode: rule.mode, modeFrom: rule.from };
    },
    "routes.list": () => this.#routing.routes(this.list().map(({ name }) => ({ name, aliases: [] }))),
    "index.get": ({ name }) => detail(name),
    "index.backfill": ({ name }) => this.#begin("backfill", name),
    "index.reconcile": ({ name }) => this.#begin("reconcile", name),
    "pipes.list": () => this.pipes(),
    "pipe.pump": async ({ pipe, operation, rate }) => {
      const found = this.#pipes.get(pipe);
      if (found === undefined) throw new ContractFailure("no_pipe", `There is no pipe ${pipe} yet.`, 404);
      await (operation === "stop" ? found.stop() : found.start(rate));
      return found.info();
    },
  };

  pipes(): readonly PipeInfo[] {
    return [...this.#pipes.values()].map((pipe) => pipe.info());
  }

  list(): readonly IndexInfo[] {
    if (this.problem !== "") throw new ContractFailure("away", this.problem, 503);
    return [
      this.#info(".kibana_9", 812),
      this.#info("archive-2024.11", 611_204),
      this.#info("kibana_sample_data_ecommerce", 4675, 3),
      this.#info("kibana_sample_data_flights", 13_059),
      this.#info("logs-kafka.log-default", 88_304, 0, 13),
      this.#info("logs-nginx.access-default", 1_842_310),
    ];
  }

  #info(name: string, es: number, waiting = 0, lost = 0): IndexInfo {
    const ch = this.#docs.get(name) ?? null;
    const missing = ch === null ? es : ch < es ? lost : 0;
    const rule = this.#routing.ruleOf({ name, aliases: [] });
    const ended = this.pipes().find(({ index, result }) => index === name && result !== "");
    return {
      name,
      mode: rule.mode,
      modeFrom: rule.from,
      elasticsearch: { docs: es, bytes: es * 1100 },
      clickhouse: { docs: ch, bytes: ch === null ? null : ch * 290 },
      ratio: ch === es ? 3.79 : null,
      lag: { documents: waiting, seconds: waiting > 0 ? 1.2 : 0 },
      notMirrored: missing,
      reason:
        ch === null
          ? "it has no table: its documents were written before Parallax came, or elsewhere"
          : missing > 0
            ? "column f#tok can't hold a value of 70 000 words"
            : "",
      reconciled:
        ended === undefined || ended.ended === null ? null : { time: ended.ended, kind: "backfill", ok: true, sentence: ended.result },
    };
  }

  async #begin(kind: "backfill" | "reconcile", name: string): Promise<PipeInfo> {
    const docs = this.list().find((index) => index.name === name)?.elasticsearch.docs ?? null;
    if (docs === null) throw new ContractFailure("no_index", `There is no index ${name} in Elasticsearch.`, 404);
    const job: Job = {
      id: `${kind}-${name}`,
      kind,
      title: `Copies ${name} to ClickHouse`,
      index: name,
      run: async ({ signal, progress }) => {
        for (let step = 0; step < STEPS; step += 1) {
          const done = Math.round((docs * step) / STEPS);
          const secondsLeft = ((this.copyMs / 1000) * (STEPS - step)) / STEPS;
          progress({ done, total: docs, unit: "documents", bytes: done * 1100, secondsLeft, pass: 1 });
          await pause(this.copyMs / STEPS, undefined, { signal });
        }
        this.#docs.set(name, docs);
        return {
          sentence: `Both sides have the same documents now. Of ${docs} documents compared, ${docs} only Elasticsearch had (0.4 s).`,
          report: null,
        };
      },
    };
    return this.play(job, null, kind === "backfill");
  }

  /** Makes and starts a pipe. */
  async play(job: Job, rate: number | null, autorun = true): Promise<PipeInfo> {
    if (this.#pipes.get(job.id)?.running === true) throw new ContractFailure("pipe_running", `Pipe ${job.id} runs already.`, 409);
    const pipe = new Pipe(job, {
      autorun,
      log: { write: () => {}, flushed: () => Promise.resolve() },
      changed: this.#changed,
      ended: (how) => this.ended(pipe.info(), how),
    });
    this.#pipes.set(job.id, pipe);
    await pipe.start(rate);
    return pipe.info();
  }
}

function detail(name: string) {
  const list = (element: string) => `Array(${element})`;
  return {
    name,
    shards: 1,
    database: "parallax_5f0c1b2a",
    table: name,
    problem: "",
    fields: [
      {
        field: "message",
        type: "text",
        columns: [
          { name: "message#tok", type: list("String") },
          { name: "message#pos", type: list("UInt32") },
          { name: "message#count", type: "UInt32" },
        ],
        reason: "",
      },
      { field: "host.name", type: "keyword", columns: [{ name: "host.name", type: list("String") }], reason: "" },
      { field: "@timestamp", type: "date", columns: [{ name: "@timestamp", type: list("Int64") }], reason: "" },
      { field: "location", type: "geo_point", columns: [{ name: "location", type: list("Tuple(Float64, Float64)") }], reason: "" },
      { field: "vector", type: "dense_vector", columns: [], reason: "fields of type [dense_vector] are not mirrored yet" },
    ],
  };
}
