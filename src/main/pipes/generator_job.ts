// A generator as a pipe: what it makes is sent to the proxy like any client's, so that it is captured, mirrored and compared.
import { ElasticsearchClient } from "../elasticsearch/client.ts";
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

async function generate(options: GeneratorJobOptions, { signal, rate, progress, problem }: Run): Promise<Outcome> {
  const { generator, remembered } = options;
  const plan = { ...rememberedOf(options), rate };
  const url = options.endpoint();
  if (url === null) throw new Error("The proxy is stopped, through which everything is sent. Start it, then start this again.");
  const client = new ElasticsearchClient(url);
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
