// The format of Go's pprof: a gzipped protobuf, which `go tool pprof`, speedscope and continuous profilers read.
import { gzipSync } from "node:zlib";
import { Profile, type ProfileInput, StringTable } from "pprof-format";
import type { ThreadProfile } from "../../../shared/profile.ts";
import { type TracedFunction, type TreeNode, treeOf } from "./tree.ts";

/** What a column of values is: `cpu` in `nanoseconds`. */
export interface Measure {
  readonly type: string;
  readonly unit: string;
}

/** Values of one stack: the innermost function first. */
export interface PprofSample {
  readonly stack: readonly PprofLine[];
  /** One of each measure. */
  readonly values: readonly number[];
  readonly thread: string;
}

export interface PprofLine {
  readonly traced: TracedFunction;
  /** From 1. */
  readonly line: number;
}

export interface PprofContent {
  readonly measures: readonly Measure[];
  /** Which of them is shown first. */
  readonly shown: string;
  readonly period: Measure & { readonly value: number };
  readonly samples: Iterable<PprofSample>;
  readonly comments: readonly string[];
  /** Epoch ms; 0 where that is not known. */
  readonly started: number;
  readonly durationMs: number;
}

/** CPU time by stack, threads as the label `thread`; time in which a thread had nothing to do is left out. `started`: epoch ms. */
export function pprof(profiles: readonly ThreadProfile[], { started = 0 }: { readonly started?: number } = {}): Uint8Array {
  const comments = profiles.flatMap(({ thread, problem }) => (problem === undefined ? [] : [`thread ${thread}: ${problem}`]));
  return writePprof({
    measures: [
      { type: "samples", unit: "count" },
      { type: "cpu", unit: "nanoseconds" },
    ],
    shown: "cpu",
    period: { type: "cpu", unit: "nanoseconds", value: Math.round(1000 * intervalOf(profiles)) },
    samples: profiles.flatMap(({ thread, profile }) => treeOf(profile).flatMap((node) => [...samplesOf(thread, node, [])])),
    comments,
    started,
    durationMs: Math.max(0, ...profiles.map(({ profile }) => profile.endTime - profile.startTime)) / 1000,
  });
}

function* samplesOf(thread: string, node: TreeNode, above: readonly PprofLine[]): Generator<PprofSample> {
  const { traced, selfUs, samples } = node;
  let [samplesLeft, usLeft] = [samples, selfUs];
  for (const [line, us] of node.lines) {
    usLeft -= us;
    const count = usLeft <= 0 ? samplesLeft : Math.round((samples * us) / selfUs);
    samplesLeft -= count;
    yield { thread, stack: [{ traced, line }, ...above], values: [count, us * 1000] };
  }
  const stack = [{ traced, line: traced.line }, ...above];
  for (const child of node.children) yield* samplesOf(thread, child, stack);
}

/** µs between samples, on average. */
function intervalOf(profiles: readonly ThreadProfile[]): number {
  const sampled = profiles.filter(({ profile }) => profile.samples.length > 0);
  const times = sampled.map(({ profile }) => (profile.endTime - profile.startTime) / profile.samples.length);
  return times.length === 0 ? 0 : times.reduce((sum, time) => sum + time, 0) / times.length;
}

/** Writes any measures of stacks. */
export function writePprof({ measures, shown, period, samples, comments, started, durationMs }: PprofContent): Uint8Array {
  const table = new Table();
  const typed = ({ type, unit }: Measure) => ({ type: table.text(type), unit: table.text(unit) });
  const thread = table.text("thread");
  const input: ProfileInput = {
    sampleType: measures.map(typed),
    sample: Array.from(samples, (sample) => ({
      locationId: sample.stack.map((line) => table.location(line)),
      value: [...sample.values],
      label: [{ key: thread, str: table.text(sample.thread) }],
    })),
    periodType: typed(period),
    period: period.value,
    timeNanos: BigInt(started) * 1_000_000n,
    durationNanos: Math.round(durationMs * 1_000_000),
    defaultSampleType: table.text(shown),
    comment: comments.map((comment) => table.text(comment)),
  };
  return gzipSync(new Profile({ ...input, ...table.tables() }).encode());
}

/** Numbers texts, functions and locations, each once. */
class Table {
  readonly #texts = new StringTable();
  readonly #functions = new Map<string, { readonly id: number; readonly traced: TracedFunction }>();
  readonly #locations = new Map<string, { readonly id: number; readonly functionId: number; readonly line: number }>();

  text(text: string): number {
    return this.#texts.dedup(text);
  }

  location({ traced, line }: PprofLine): number {
    const functionId = this.#function(traced);
    const key = `${functionId}:${line}`;
    const id = this.#locations.get(key)?.id ?? this.#locations.size + 1;
    if (id > this.#locations.size) this.#locations.set(key, { id, functionId, line });
    return id;
  }

  tables(): Pick<ProfileInput, "function" | "location" | "mapping" | "stringTable"> {
    return {
      function: [...this.#functions.values()].map(({ id, traced }) => ({
        id,
        name: this.text(qualified(traced)),
        systemName: this.text(traced.name),
        filename: this.text(traced.file),
        startLine: traced.line,
      })),
      location: [...this.#locations.values()].map(({ id, functionId, line }) => ({ id, mappingId: 1, line: [{ functionId, line }] })),
      // So that nothing looks for symbols elsewhere.
      mapping: [{ id: 1, filename: this.text("parallax"), hasFunctions: true, hasFilenames: true, hasLineNumbers: true }],
      stringTable: this.#texts,
    };
  }

  #function(traced: TracedFunction): number {
    const key = `${traced.line} ${traced.file} ${traced.name}`;
    const id = this.#functions.get(key)?.id ?? this.#functions.size + 1;
    if (id > this.#functions.size) this.#functions.set(key, { id, traced });
    return id;
  }
}

/** `src/main/engine.start`: pprof adds up what has one name, and takes what is before the last dot for the package, as in Go. */
function qualified({ name, file }: TracedFunction): string {
  return file === "" ? name : `${file.replace(/\.[cm]?[jt]s$/, "")}.${name}`;
}
