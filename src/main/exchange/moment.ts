// A moment that Elasticsearch holds for its client, a point in time or a scroll, as ClickHouse can show it: the numbers of the
// changes that the tables had then (answer/pin.ts).

import type { JsonObject } from "../../shared/json.ts";
import { changedSince, pinTables } from "../answer/pin.ts";
import type { Backend } from "../answer/types.ts";
import type { Pin, RunOptions, SearchOutcome } from "./run_search.ts";
import type { SearchRequest } from "./search_request.ts";

/** What was held, or why it can't be told. */
export type Moment =
  | { readonly kind: "pinned"; readonly pin: Pin /** "" or why Elasticsearch may have held other documents. */; readonly unsettled: string }
  | { readonly kind: "not_compared" | "unsupported"; readonly reason: string };

/** How a search is run and judged that reads a moment. */
export interface View {
  /** The search without what names the moment. */
  readonly search: SearchRequest;
  /** The request as the matcher reads it: at which place its page begins. */
  readonly asked: JsonObject;
  readonly options: RunOptions;
  /** Changes ClickHouse's answer before it is compared. */
  finish(body: JsonObject): Promise<JsonObject>;
  /** "" or why the two answers may rightly differ. */
  unsettled(): Promise<string>;
  /** Told once, whatever came of the search. */
  over(outcome: SearchOutcome | null): void;
}

/** Holds the tables of `expression` as they are now. `unsettled` is asked for the indices once they are held. */
export async function holdMoment(
  backend: Backend,
  { index, params }: Pick<SearchRequest, "index" | "params">,
  unsettled: (indices: readonly string[]) => string,
): Promise<Moment> {
  const found = await backend.tables(index, params);
  if (found.kind === "declined") return { kind: "not_compared", reason: found.reason };
  if (found.kind === "rejected") return { kind: "not_compared", reason: found.error.reason };
  if (found.value.length === 0) return { kind: "unsupported", reason: "it was opened over no index" };
  const pin = await pinTables(found.value, backend);
  return { kind: "pinned", pin, unsettled: unsettled(pin.map((table) => table.index)) };
}

/** "" or why the two sides may show other documents of the moment. */
export async function unsettledMoment({ pin, unsettled }: Extract<Moment, { kind: "pinned" }>, backend: Backend): Promise<string> {
  if (unsettled !== "") return `when the moment was held: ${unsettled}`;
  if (!(await changedSince(pin, backend))) return "";
  return "documents of the moment were overwritten or deleted since, and ClickHouse's tables hold only their newest state";
}

/** Names of the indices of a moment, as an index expression. */
export function indicesOf(pin: Pin): string {
  return pin.map(({ index }) => index).join(",");
}
