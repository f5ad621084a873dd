// A generator as a pipe: what it makes is sent to the proxy like any client's, so that it is captured, mirrored and compared.
import { ElasticsearchClient } from "../elasticsearch/client.ts";
import { pause } from "../pause.ts";
import type { Generator } from "./generators/generator.ts";
import type { RememberedGenerator, RememberedGenerators } from "./generators/remembered.ts";
import type { Job, Outcome, Run } from "./job.ts";
import { grouped } from "./sentence.ts";

export interface GeneratorJobOptions {
  readonly generator: Generator;
  readonly cluster: string;
  readonly remembered: RememberedGenerators;
  /** Where the proxy listens; null while it is stopped. */
  readonly endpoint: () => string | null;
}

/** How often it is written down how far it is. */
const REMEMBER_EVERY_MS = 2_000;
/** How often a stopped proxy is looked at again. */
const LOOK_EVERY_MS = 250;

export function generatorId(kind: string): string {
  return `generate-${kind}`;
}

/** It must be remembered already: what was begun says what to make. */
export function generatorJob(options: GeneratorJobOptions): Job {
  const { generator, cluster, remembered } = options;
  const { index } = rememberedOf(options);
  return {
    id: generatorId(generator.name),
    kind: "generate",
    title: generator.unit === "documents" ? `${generator.title}, to ${index}` : generator.title,
    index: null,
    run: (run) => generate(options, run),
    changed: (how) => {
      const now = remembered.one(cluster, generator.name);
      if (now !== null && how !== "left") remembered.put({ ...now, wanted: how === "begun" });
    },
  };
}

function rememberedOf({ generator, cluster, remembered }: GeneratorJobOptions): RememberedGenerator {
  const now = remembered.one(cluster, generator.name);
  if (now === null) throw new Error(`No generator ${generator.name} was begun.`);
  return now;
}

/** Pipes go on at a start before the proxy listens. Throws the signal's reason. */
async function listening(endpoint: GeneratorJobOptions["endpoint"], { signal, problem }: Run): Promise<string> {
  for (;;) {
    signal.throwIfAborted();
    const url = endpoint();
    if (url !== null) return url;
    problem("The proxy is stopped, through which everything is sent. This goes on once it is started.");
    await pause(LOOK_EVERY_MS, signal);
  }
}

async function generate(options: GeneratorJobOptions, run: Run): Promise<Outcome> {
  const { generator, remembered } = options;
  const { signal, rate, progress, problem } = run;
  const client = new ElasticsearchClient(await listening(options.endpoint, run));
  problem("");
  const plan = { ...rememberedOf(options), rate };
  let { made } = plan;
  let written = performance.now();
  const remember = (): void => remembered.put({ ...rememberedOf(options), rate, made });
  try {
    const { refused } = await generator.run(plan, {
      client,
      signal,
      made,
      problem,
      onProgress: (now, refusedNow) => {
        made = now;
        const secondsLeft = plan.documents === null || rate === null ? null : Math.round((plan.documents - made) / rate);
        progress({ done: made, total: plan.documents, unit: generator.unit, bytes: null, secondsLeft, pass: null });
        if (refusedNow > 0) problem(`${refusedNow} ${generator.unit} were refused by Elasticsearch.`);
        if (performance.now() - written < REMEMBER_EVERY_MS) return;
        written = performance.now();
        remember();
      },
    });
    signal.throwIfAborted();
    return { sentence: sentenceOf(generator, made, refused), report: null };
  } finally {
    remember();
    client.close();
  }
}

function sentenceOf({ unit }: Generator, made: number, refused: number): string {
  return `Made ${grouped(made)} ${unit} in all.${refused === 0 ? "" : ` ${refused} of this run were refused.`}`;
}
