// What the pipes work on: the Elasticsearch that the proxy forwards to, and its mirror.
import type { Mirrored } from "../exchange/cluster_mirror.ts";
import type { KeptWrites } from "../exchange/kept_writes.ts";
import { PipeRefusal } from "./job.ts";

/** What the proxy forwards to, beside ClickHouse. */
export interface PipeSource {
  /** null where writes are not journalled. */
  readonly kept: KeptWrites | null;
  mirrored(): Promise<Mirrored | string>;
  /** "" or which server is away. */
  away(): string;
}

/** Who answers now. Throws PipeRefusal where nobody does. */
export async function presentIn(source: PipeSource | null): Promise<Mirrored> {
  if (source === null) throw new PipeRefusal("away", "No Elasticsearch is connected yet; try again in a moment.");
  const away = source.away();
  if (away !== "") throw new PipeRefusal("away", away);
  const mirrored = await source.mirrored();
  if (typeof mirrored === "string") throw new PipeRefusal("away", `Nothing can be copied now: ${mirrored}.`);
  return mirrored;
}

/** Throws PipeRefusal where there is no index of this very name. */
export async function assertIndex(mirror: Mirrored["mirror"], index: string): Promise<void> {
  const resolved = await mirror.resolve(index, new Map());
  if (resolved.kind === "not_compared") throw new PipeRefusal(index.includes(":") ? "no index" : "away", resolved.reason);
  const names = resolved.kind === "indices" ? resolved.indices.map(({ name }) => name) : [];
  if (names.includes(index)) return;
  if (names.length === 0) throw new PipeRefusal("no index", `There is no index ${index} in Elasticsearch.`);
  const shown = names.length > 5 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : names.join(", ");
  throw new PipeRefusal("no index", `${index} is no index of its own: it stands for ${shown}. Name one of these.`);
}
