// Profiles of a made-up thread: a function each letter, one below the other, sampled every millisecond.
import type { CpuProfile, ProfileNode, ThreadProfile } from "../../../src/shared/profile.ts";

const NODE = { url: "src/main/a.ts", lineNumber: 4, columnNumber: 2 };

/** `stacks`: one for each sample, as `ab` for `b` called by `a`; "" for the root alone. Begins at `startTime` µs; the first sample comes at once. */
export function madeUp(stacks: readonly string[], startTime = 0): CpuProfile {
  const ids = new Map<string, number>([["", 1]]);
  for (const stack of stacks)
    for (let end = 1; end <= stack.length; end += 1) if (!ids.has(stack.slice(0, end))) ids.set(stack.slice(0, end), ids.size + 1);
  const nodes = [...ids].map(
    ([stack, id]): ProfileNode => ({
      id,
      callFrame:
        stack === ""
          ? { functionName: "(root)", url: "", lineNumber: -1, columnNumber: -1 }
          : { ...NODE, functionName: stack.at(-1) ?? "" },
      children: [...ids].filter(([other]) => other.length === stack.length + 1 && other.startsWith(stack)).map(([, child]) => child),
    }),
  );
  const samples = stacks.map((stack) => ids.get(stack) ?? 1);
  return {
    nodes,
    startTime,
    endTime: startTime + 1000 * stacks.length,
    samples,
    timeDeltas: stacks.map((_stack, at) => (at === 0 ? 0 : 1000)),
  };
}

export function thread(name: string, profile: CpuProfile): ThreadProfile {
  return { thread: name, profile };
}

/** The stacks of a profile's samples, as `madeUp` takes them. */
export function stacksOf({ nodes, samples }: CpuProfile): readonly string[] {
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const names = new Map(nodes.map(({ id, callFrame }) => [id, callFrame.functionName]));
  const stackOf = (id: number): string => {
    const parent = parents.get(id);
    return parent === undefined ? "" : stackOf(parent) + (names.get(id) ?? "?");
  };
  return samples.map(stackOf);
}

/** Microseconds by stack; a sample stands for the time until the next one. */
export function timesOf(profile: CpuProfile): Readonly<Record<string, number>> {
  const times: Record<string, number> = {};
  let time = profile.startTime;
  for (const [at, stack] of stacksOf(profile).entries()) {
    time += profile.timeDeltas[at] ?? 0;
    times[stack] = (times[stack] ?? 0) + (profile.timeDeltas[at + 1] ?? profile.endTime - time);
  }
  return times;
}
