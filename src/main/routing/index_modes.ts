// The modes of the indices that an expression means, as Elasticsearch itself resolves it.
import type { Mode } from "../../shared/mode.ts";
import type { Resolved } from "../mirror/catalog.ts";
import type { Routing } from "./routing.ts";
import type { NamedIndex } from "./rules.ts";

export type Modes =
  | { readonly kind: "one"; readonly mode: Mode }
  /** `byMode`: names of its indices. */
  | { readonly kind: "several"; readonly byMode: ReadonlyMap<Mode, readonly string[]> }
  /** Which indices are meant can't be told, and why. */
  | { readonly kind: "unknown"; readonly reason: string };

type Resolve = (expression: string, params: ReadonlyMap<string, string>) => Promise<Resolved>;

/** Asks nobody where all indices have one mode. Never throws. */
export async function modesOf(routing: Routing, resolve: Resolve, expression: string, params: ReadonlyMap<string, string>): Promise<Modes> {
  if (routing.plain) return { kind: "one", mode: routing.listener };
  const resolved = await resolve(expression, params);
  const meant = resolved.kind === "rejected" ? [] : resolved.indices;
  if (meant === undefined) return { kind: "unknown", reason: resolved.kind === "not_compared" ? resolved.reason : "" };
  // What is not there is treated as an index of that name would be.
  return modesOfAll(routing, meant.length > 0 || /[*,<]/.test(expression) ? meant : [{ name: expression, aliases: [] }]);
}

function modesOfAll(routing: Routing, indices: readonly NamedIndex[]): Modes {
  const byMode = Map.groupBy(indices, (index) => routing.modeOf(index));
  const [first = routing.listener, ...others] = byMode.keys();
  if (others.length === 0) return { kind: "one", mode: first };
  return { kind: "several", byMode: new Map([...byMode].map(([mode, own]) => [mode, own.map(({ name }) => name)])) };
}

/** `its indices are in several modes: a in clickhouse; b, c in compare`. */
export function severalReason(byMode: ReadonlyMap<Mode, readonly string[]>): string {
  const parts = [...byMode].map(([mode, names]) => {
    const shown = names.length > 3 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");
    return `${shown} in ${mode}`;
  });
  return `its indices are in several modes: ${parts.join("; ")}`;
}

/** "" or why what is written to these indices is not in ClickHouse: one of them is tapped only. */
export function tapReason(modes: Modes, expression: string): string {
  const shown =
    modes.kind === "several" ? modes.byMode.get("tap")?.[0] : modes.kind === "one" && modes.mode === "tap" ? expression : undefined;
  return shown === undefined ? "" : `${shown === "" ? "every index" : shown} is in mode tap: it is neither mirrored nor compared`;
}
