// Made-up generators, sample data and a Kibana that connects: for the window.
import { setTimeout as pause } from "node:timers/promises";
import { ContractFailure, type Handlers } from "../../src/main/contract/handlers.ts";
import { GENERATORS, generatorOf } from "../../src/main/pipes/generators/generators.ts";
import type { Job } from "../../src/main/pipes/job.ts";
import { KibanaWatch } from "../../src/main/report/kibana_watch.ts";
import type { KibanaState } from "../../src/shared/kibana.ts";
import type { GenerateRequest, PipeInfo } from "../../src/shared/pipe.ts";
import type { SampleDataState, SampleSet } from "../../src/shared/sample_data.ts";

const SETS = ["orders", "logs", "devices"];
const DOCUMENTS = 5_000;
const STEP_MS = 50;

type Played = "generators.list" | "generator.begin" | `sample_data.${"get" | "add" | "remove"}` | "kibana.get";

export class FakeGenerators {
  readonly kibana = new KibanaWatch();
  /** Why there can be no sample data. */
  why = "";
  /** What else Elasticsearch holds. */
  empty = true;
  tls: KibanaState["tls"] = "off";
  readonly #play: (job: Job, rate: number | null) => Promise<PipeInfo>;
  readonly #pipes: () => readonly PipeInfo[];
  #there = new Set<string>();

  constructor(play: (job: Job, rate: number | null) => Promise<PipeInfo>, pipes: () => readonly PipeInfo[]) {
    this.#play = play;
    this.#pipes = pipes;
  }

  readonly handlers: Pick<Handlers, Played> = {
    "generators.list": () => GENERATORS.map(({ name, title, index, rate, past, unit }) => ({ kind: name, title, index, rate, past, unit })),
    "generator.begin": (request) => this.#begin(request),
    "sample_data.get": () => this.#state(),
    "sample_data.add": async ({ queries = true }) => {
      if (this.why !== "") throw new ContractFailure("recorded", this.why, 409);
      for (const kind of SETS) await this.#begin({ kind, documents: DOCUMENTS, rate: 0 });
      if (queries && !this.#running("queries")) await this.#begin({ kind: "queries", rate: 2 });
      this.#there = new Set(SETS);
      return this.#state();
    },
    "sample_data.remove": () => {
      this.#there.clear();
      return this.#state();
    },
    "kibana.get": () => this.kibanaState(),
  };

  kibanaState(): KibanaState {
    return { ...this.kibana.seen, tls: this.tls, authorityFile: this.tls === "own" ? "/tmp/parallax/intercept/ca.pem" : null };
  }

  /** A request of Kibana's is over. */
  asked(method: string, target: string, context = "", status = 200): void {
    this.kibana.exchanged({
      id: 1,
      time: Date.now(),
      request: {
        method,
        target,
        version: "1.1",
        headers: [
          ["user-agent", "Kibana/9.4.3"],
          ["x-elastic-product-origin", "kibana"],
          ...(context === "" ? [] : [["x-opaque-id", `1;kibana:application:${context}`] as const]),
        ],
        body: new Uint8Array(),
        bodyBytes: 0,
        truncated: false,
      },
      response: { status, reason: "", version: "1.1", headers: [], body: new Uint8Array(), bodyBytes: 0, truncated: false },
      phases: {},
      error: "",
    });
  }

  #state(): SampleDataState {
    if (this.why !== "") return { why: this.why, empty: false, sets: [], asking: false };
    return {
      why: "",
      empty: this.empty && this.#there.size === 0,
      sets: SETS.map((kind): SampleSet => {
        const { title = "", index = "" } = generatorOf(kind) ?? {};
        const there = this.#there.has(kind);
        const state = this.#running(kind) ? "making" : there ? "there" : "absent";
        return { kind, title, index, documents: DOCUMENTS, there: there ? DOCUMENTS : 0, state };
      }),
      asking: this.#running("queries"),
    };
  }

  #running(kind: string): boolean {
    return this.#pipes().some(({ id, state }) => id === `generate-${kind}` && state === "running");
  }

  async #begin({ kind, rate, documents, index }: GenerateRequest): Promise<PipeInfo> {
    const generator = generatorOf(kind);
    if (generator === null) throw new ContractFailure("bad_request", `There is no generator "${kind}".`);
    const speed = rate ?? generator.rate;
    const job: Job = {
      id: `generate-${kind}`,
      kind: "generate",
      title: generator.unit === "documents" ? `${generator.title}, to ${index ?? generator.index}` : generator.title,
      index: null,
      run: async ({ signal, progress }) => {
        const total = documents ?? null;
        const step = speed === 0 ? DOCUMENTS / 4 : (speed * STEP_MS) / 1000;
        for (let done = 0; total === null || done < total; done += step) {
          progress({ done: Math.floor(done), total, unit: generator.unit, bytes: null, secondsLeft: null, pass: null });
          await pause(STEP_MS, undefined, { signal });
        }
        progress({ done: total ?? 0, total, unit: generator.unit, bytes: null, secondsLeft: 0, pass: null });
        return { sentence: `Made ${total} ${generator.unit} in all.`, report: null };
      },
    };
    return this.#play(job, speed === 0 ? null : speed);
  }
}
