// Callgrind's format, as KCachegrind and callgrind_annotate read it.
import type { ThreadProfile } from "../../../shared/profile.ts";
import { type CalledPair, type FunctionCosts, functionTable } from "./function_table.ts";
import type { TracedFunction } from "./tree.ts";

/** CPU time in µs. A function of a thread's own name calls what the thread ran. */
export function calltree(profiles: readonly ThreadProfile[]): Uint8Array {
  const functions = functionTable(profiles);
  const total = functions.reduce((sum, { selfUs }) => sum + selfUs, 0);
  const head = [
    "# callgrind format",
    "version: 1",
    "creator: parallax",
    "cmd: parallax",
    ...profiles.flatMap(({ thread, problem }) => (problem === undefined ? [] : [`desc: Thread ${thread}: ${problem}`])),
    "positions: line",
    "event: us : CPU time in microseconds",
    "events: us",
    `summary: ${total}`,
  ];
  const parts = functions.map((costs) => blockOf(costs).join("\n"));
  return Buffer.from(`${head.join("\n")}\n\n${parts.join("\n\n")}\n\ntotals: ${total}\n`);
}

function blockOf({ traced, lines, called }: FunctionCosts): readonly string[] {
  return [
    `fl=${fileOf(traced)}`,
    `fn=${nameOf(traced)}`,
    ...[...lines].map(([line, us]) => `${line} ${us}`),
    ...called.flatMap((pair) => callOf(traced, pair)),
  ];
}

// V8 does not tell from which of its lines a function called another: it is the line where the function begins.
function callOf(caller: TracedFunction, { traced, calls, totalUs }: CalledPair): readonly string[] {
  return [`cfi=${fileOf(traced)}`, `cfn=${nameOf(traced)}`, `calls=${calls} ${traced.line}`, `${caller.line} ${totalUs}`];
}

function fileOf({ file }: TracedFunction): string {
  return file === "" ? "???" : file;
}

// A line is the end of a name.
function nameOf({ name }: TracedFunction): string {
  return name.replaceAll(/\s/g, " ");
}
