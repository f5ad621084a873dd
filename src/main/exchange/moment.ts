// A moment that Elasticsearch holds for its client, a point in time or a scroll, as ClickHouse can show it: the numbers of the
// changes that the tables had then (answer/pin.ts).

import type { JsonObject, JsonValue } from "../../shared/json.ts";
import { changedSince, pinAt, pinTables } from "../answer/pin.ts";
import type { Backend } from "../answer/types.ts";
import type { Mark } from "../mirror/mark.ts";
import type { Mirror } from "../mirror/mirror.ts";
import type { Pin, PinnedTable, RunOptions } from "./run_search.ts";
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
  /** The `max_score` that ClickHouse's answer is to show, where another page has it. */
  maxScore?(): Promise<JsonValue>;
  /** "" or why the two answers may rightly differ. */
  unsettled(): Promise<string>;
  /** Told once, whatever came of the search: the `max_score` of ClickHouse's answer, null without one. */
  over(maxScore: JsonValue): void;
}

/** How long what was on its way to ClickHouse is waited for: no write waits meanwhile. */
const CATCH_UP_MS = 30_000;

/** What is known of the moment itself. */
export interface Then {
  /** What had been handed over. */
  readonly mark: Mark;
  /** Whether that tells up to which numbers the tables reached: else they are read as they are. */
  readonly known: boolean;
  /** "" or why Elasticsearch may have held other documents of these indices. */
  unsettled(indices: readonly string[]): string;
}

/** Finds the tables of an expression as they were at a moment, whatever is written meanwhile. */
export async function holdMoment(
  mirror: Mirror,
  backend: Backend,
  { index, params }: Pick<SearchRequest, "index" | "params">,
  { mark, known, unsettled }: Then,
): Promise<Moment> {
  const hurried = mirror.hurry();
  await mark.caughtUp(CATCH_UP_MS).finally(hurried);
  const found = await backend.tables(index, params);
  if (found.kind === "declined") return { kind: "not_compared", reason: found.reason };
  if (found.kind === "rejected") return { kind: "not_compared", reason: found.error.reason };
  if (found.value.length === 0) return { kind: "unsupported", reason: "it was opened over no index" };
  const pin: PinnedTable[] = [];
  for (const table of found.value) {
    const numbers = known ? await mirror.numbersAt(mark, table.index) : null;
    if (typeof numbers === "string") return { kind: "not_compared", reason: `when the moment was held: ${numbers}` };
    const held = numbers === null ? (await pinTables([table], backend))[0] : await pinAt(table, numbers, backend);
    if (held === null || held === undefined) return { kind: "not_compared", reason: OVERWRITTEN };
    pin.push(held);
  }
  return { kind: "pinned", pin, unsettled: unsettled(pin.map((table) => table.index)) };
}

const OVERWRITTEN = "documents of the moment were overwritten or deleted since, and ClickHouse's tables hold only their newest state";

/** How a search is judged that reads a moment without saying so. */
export function viewOf(search: SearchRequest, { pin, unsettled }: Extract<Moment, { kind: "pinned" }>, backend: Backend): View {
  return {
    search: { ...search, index: indicesOf(pin) },
    asked: search.body,
    options: { pin },
    unsettled: () => unsettledMoment({ kind: "pinned", pin, unsettled }, backend),
    over: () => undefined,
  };
}

/** "" or why the two sides may show other documents of the moment. */
export async function unsettledMoment({ pin, unsettled }: Extract<Moment, { kind: "pinned" }>, backend: Backend): Promise<string> {
  if (unsettled !== "") return unsettled;
  if (!(await changedSince(pin, backend))) return "";
  return OVERWRITTEN;
}

/** Names of the indices of a moment, as an index expression. */
export function indicesOf(pin: Pin): string {
  return pin.map(({ index }) => index).join(",");
}
