// The format of Python's `pstats` module: `python3 -m pstats FILE`, snakeviz.
import type { ThreadProfile } from "../../../shared/profile.ts";
import { functionTable } from "./function_table.ts";
import { type Marshalled, marshal } from "./marshal.ts";
import type { TracedFunction } from "./tree.ts";

/** CPU time in seconds. A function of a thread's own name calls what the thread ran. */
export function pstats(profiles: readonly ThreadProfile[]): Uint8Array {
  const functions = functionTable(profiles);
  const callers = new Map<string, Map<Marshalled, Marshalled>>();
  for (const { traced: caller, called } of functions) {
    for (const { traced, calls, outerCalls, selfUs, totalUs } of called) {
      const name = JSON.stringify(labelOf(traced));
      const of = callers.get(name) ?? new Map<Marshalled, Marshalled>();
      callers.set(name, of.set(labelOf(caller), [calls, outerCalls, seconds(selfUs), seconds(totalUs)]));
    }
  }
  const stats = functions.map(({ traced, calls, outerCalls, selfUs, totalUs }): [Marshalled, Marshalled] => {
    const label = labelOf(traced);
    return [label, [outerCalls, calls, seconds(selfUs), seconds(totalUs), callers.get(JSON.stringify(label)) ?? new Map()]];
  });
  return marshal(new Map(stats));
}

/** File, line, name. Python shows `<gc>` of the file `~` as `{gc}`: what is built in. */
function labelOf({ file, line, name }: TracedFunction): readonly Marshalled[] {
  return file === "" ? ["~", 0, `<${name.replace(/^\((.*)\)$/, "$1")}>`] : [file, line, name];
}

function seconds(us: number): Marshalled {
  return { seconds: us / 1_000_000 };
}
