// Profiles of the same threads, one after another, as one: with every sample in its time, or added up so that it takes no more memory
// however long it goes on.
import type { CpuProfile, ThreadProfile } from "../../shared/profile.ts";
import { JoinedTree } from "./joined_tree.ts";

interface JoinedThread {
  add(profile: CpuProfile): void;
  profile(): CpuProfile;
}

export class JoinedProfile {
  readonly #threads = new Map<string, JoinedThread>();
  readonly #thread: () => JoinedThread;

  /** `times`: whether each sample keeps its time; else a function has one that lasts as long as all of its own together. */
  constructor({ times }: { readonly times: boolean }) {
    this.#thread = times ? () => new TimedThread() : () => new SummedThread();
  }

  add(threads: readonly ThreadProfile[]): void {
    for (const { thread, profile } of threads) {
      if (profile.nodes.length === 0) continue;
      const joined = this.#threads.get(thread) ?? this.#thread();
      this.#threads.set(thread, joined);
      joined.add(profile);
    }
  }

  profiles(): readonly ThreadProfile[] {
    return [...this.#threads].map(([thread, joined]) => ({ thread, profile: joined.profile() }));
  }
}

class TimedThread implements JoinedThread {
  readonly #tree = new JoinedTree();
  readonly #samples: number[] = [];
  readonly #deltas: number[] = [];
  #start = 0;
  #end = 0;
  #last = 0;

  add({ nodes, samples, timeDeltas, startTime, endTime }: CpuProfile): void {
    if (this.#last === 0) this.#start = this.#last = startTime;
    const ids = this.#tree.take(nodes);
    let time = startTime;
    for (const [at, sample] of samples.entries()) {
      time += timeDeltas[at] ?? 0;
      this.#samples.push(ids.get(sample) ?? 1);
      this.#deltas.push(time - this.#last);
      this.#last = time;
    }
    this.#end = Math.max(this.#end, endTime);
  }

  profile(): CpuProfile {
    const hits = new Map<number, number>();
    for (const id of this.#samples) hits.set(id, (hits.get(id) ?? 0) + 1);
    const nodes = this.#tree.nodes(hits);
    return { nodes, startTime: this.#start, endTime: this.#end, samples: this.#samples, timeDeltas: this.#deltas };
  }
}

class SummedThread implements JoinedThread {
  readonly #tree = new JoinedTree();
  readonly #us = new Map<number, number>();
  readonly #hits = new Map<number, number>();
  #start = 0;

  add({ nodes, samples, timeDeltas, startTime, endTime }: CpuProfile): void {
    if (this.#start === 0) this.#start = startTime;
    const ids = this.#tree.take(nodes);
    let time = startTime;
    for (const [at, sample] of samples.entries()) {
      time += timeDeltas[at] ?? 0;
      const id = ids.get(sample) ?? 1;
      // A sample stands for the time until the next one.
      this.#us.set(id, (this.#us.get(id) ?? 0) + Math.max(0, timeDeltas[at + 1] ?? endTime - time));
      this.#hits.set(id, (this.#hits.get(id) ?? 0) + 1);
    }
  }

  profile(): CpuProfile {
    const nodes = this.#tree.nodes(this.#hits);
    const samples = nodes.map(({ id }) => id).filter((id) => (this.#us.get(id) ?? 0) > 0);
    const lasted = samples.map((id) => this.#us.get(id) ?? 0);
    const endTime = lasted.reduce((sum, us) => sum + us, this.#start);
    return { nodes, startTime: this.#start, endTime, samples, timeDeltas: [0, ...lasted.slice(0, -1)].slice(0, samples.length) };
  }
}
