// What an explanation is made of, and whom it asks.
import type { SearchPart } from "../../shared/exchange.ts";
import type { LedgerEntry } from "../../shared/index_info.ts";
import type { JsonObject } from "../../shared/json.ts";
import type { Running } from "../exchange/run_search.ts";
import type { SearchRequest } from "../exchange/search_request.ts";
import type { Fitting, RuleSettings } from "../matcher/rule_settings.ts";

export interface ExplainBackends {
  /** One search of Elasticsearch. Rejects where it is away. */
  elasticsearch(target: string, body: JsonObject): Promise<{ readonly status: number; readonly body: JsonObject | null }>;
  readonly running: Running;
  /** What is said of the rules for a search. */
  settings(search: Fitting): RuleSettings;
  /** The last documents that were mirrored, newest first. */
  ledger(index: string): readonly LedgerEntry[];
  /** What waits to be mirrored. */
  lag(indices: readonly string[]): { readonly documents: number; readonly seconds: number };
}

export interface ToExplain {
  readonly part: SearchPart;
  readonly search: SearchRequest;
  /** Elasticsearch's answer as it was compared. */
  readonly elasticsearch: JsonObject;
  /** What ClickHouse answered. */
  readonly clickhouse: JsonObject;
  /** When the search came, epoch ms: what `now` means in it. */
  readonly time: number;
  /** When ClickHouse was asked, epoch ms. */
  readonly compared: number;
}
