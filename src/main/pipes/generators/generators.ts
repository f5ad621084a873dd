// All generators.
import { feed } from "./feed.ts";
import type { Generator } from "./generator.ts";
import type { GeneratorKind } from "./kind.ts";
import { KINDS } from "./kinds.ts";
import { queries } from "./queries.ts";

const RATE = 20;
const PAST = 10_000;

export const GENERATORS: readonly Generator[] = [...KINDS.map(documents), queries];

/** null where there is none of that name. */
export function generatorOf(name: string): Generator | null {
  return GENERATORS.find((generator) => generator.name === name) ?? null;
}

function documents(kind: GeneratorKind): Generator {
  const { name, title, index } = kind;
  return { name, title, index, rate: RATE, past: PAST, unit: "documents", run: (plan, run) => feed(kind, plan, run) };
}
