// A generator as a pipe: documents of a kind, sent to the proxy like any client's, so that they are captured, mirrored and searched.
import { ElasticsearchClient } from "../elasticsearch/client.ts";
import { feed } from "./generators/feed.ts";
import type { GeneratorKind } from "./generators/kind.ts";
import type { RememberedGenerator, RememberedGenerators } from "./generators/remembered.ts";
import type { Job, Outcome, Run } from "./job.ts";

export interface GeneratorJobOptions {
  readonly kind: GeneratorKind;
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
  const { kind, cluster, remembered } = options;
  const { index } = rememberedOf(options);
  return {
    id: generatorId(kind.name),
    kind: "generate",
    title: `${kind.title}, to ${index}`,
    index: null,
    run: (run) => generate(options, run),
    changed: (how) => {
      const now = remembered.one(cluster, kind.name);
      if (now !== null && how !== "left") remembered.put({ ...now, wanted: how === "begun" });
    },
  };
}

function rememberedOf({ kind, cluster, remembered }: GeneratorJobOptions): RememberedGenerator {
  const now = remembered.one(cluster, kind.name);
  if (now === null) throw new Error(`No generator of ${kind.name} was begun.`);
  return now;
}

async function generate(options: GeneratorJobOptions, { signal, rate, progress, problem }: Run): Promise<Outcome> {
  const { kind, remembered } = options;
  const plan = { ...rememberedOf(options), rate };
  const url = options.endpoint();
  if (url === null) throw new Error("The proxy is stopped, through which the documents are sent. Start it, then start this again.");
  const client = new ElasticsearchClient(url);
  let { made } = plan;
  let written = performance.now();
  const remember = (): void => remembered.put({ ...rememberedOf(options), rate, made });
  try {
    const { refused } = await feed(kind, plan, {
      client,
      signal,
      made,
      problem,
      onProgress: (now, refusedNow) => {
        made = now;
        const secondsLeft = plan.documents === null || rate === null ? null : Math.round((plan.documents - made) / rate);
        progress({ done: made, total: plan.documents, unit: "documents", bytes: null, secondsLeft, pass: null });
        if (refusedNow > 0) problem(`${refusedNow} documents were refused by Elasticsearch.`);
        if (performance.now() - written < REMEMBER_EVERY_MS) return;
        written = performance.now();
        remember();
      },
    });
    signal.throwIfAborted();
    return { sentence: sentenceOf(made, plan.index, refused), report: null };
  } finally {
    remember();
    client.close();
  }
}

function sentenceOf(made: number, index: string, refused: number): string {
  return `Made ${made.toLocaleString("en-US").replaceAll(",", "\u2009")} documents in ${index}.${refused === 0 ? "" : ` ${refused} of this run were refused.`}`;
}
