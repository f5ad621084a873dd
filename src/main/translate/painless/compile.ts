// A script compiled for one use: the value that it returns, or the values that it emits.
import { call, type Expr } from "../../clickhouse/sql/ast.ts";
import { type Emission, execute } from "./execute.ts";
import { type Fault, Machine, type Surroundings } from "./machine.ts";
import { guarded, type Script } from "./source.ts";
import { ScriptNotRead } from "./tree.ts";
import type { Value } from "./value.ts";

export interface CompiledValue {
  readonly value: Value;
  readonly faults: readonly Fault[];
}

export interface CompiledEmission {
  /** An array of what is emitted, in the order of emission. */
  readonly values: Expr;
  readonly faults: readonly Fault[];
}

/** The value that a script returns. `finish` turns it into what the place wants. Throws UnsupportedClause at the place's pointer. */
export function compileValue(script: Script, around: Surroundings, finish: (value: Value, machine: Machine) => Value): CompiledValue {
  return guarded(around.pointer, () => {
    if (script.language !== "painless") throw new ScriptNotRead(`scripts in [${script.language}] over documents are not translated`);
    const machine = new Machine(around);
    const { value } = execute(script.statements, { variables: new Map(), params: script.params }, null, machine);
    return checked({ value: finish(value, machine), faults: machine.faults });
  });
}

/** What a script emits. Throws UnsupportedClause at the place's pointer. */
export function compileEmission(script: Script, around: Surroundings, emission: Emission): CompiledEmission {
  return guarded(around.pointer, () => {
    if (script.language !== "painless") throw new ScriptNotRead(`scripts in [${script.language}] over documents are not translated`);
    const machine = new Machine(around);
    const { emitted } = execute(script.statements, { variables: new Map(), params: script.params }, emission, machine);
    const { values, faults } = checked({ values: call("arraySort", emitted), faults: machine.faults });
    return { values, faults };
  });
}

const MOST_NODES = 20_000;

// Values stand in the SQL wherever they are used: a script that uses its variables over and over grows beyond reason.
function checked<T extends { readonly faults: readonly Fault[] }>(compiled: T): T {
  let nodes = 0;
  const count = (item: unknown): void => {
    if (typeof item !== "object" || item === null) return;
    nodes += 1;
    if (nodes > MOST_NODES) throw new ScriptNotRead("it becomes too long as SQL");
    for (const inner of Object.values(item)) count(inner);
  };
  count({ ...compiled, faults: compiled.faults.map(({ when }) => when) });
  return compiled;
}
