// All kinds of generators.
import { devices } from "./devices.ts";
import type { GeneratorKind } from "./kind.ts";
import { logs } from "./logs.ts";
import { makelogs } from "./makelogs.ts";
import { orders } from "./orders.ts";

export const KINDS: readonly GeneratorKind[] = [logs, devices, orders, makelogs];

/** null where there is none of that name. */
export function kindOf(name: string): GeneratorKind | null {
  return KINDS.find((kind) => kind.name === name) ?? null;
}
