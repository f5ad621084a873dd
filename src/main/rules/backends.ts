// Who a request goes to once rules, script and breakpoints are done with it, and what the capture and the mirror are told of it.
import type { ExchangeChange } from "../../shared/exchange.ts";
import type { BackendName } from "../../shared/rules.ts";
import type { AskedRequest, Reply } from "../proxy/answerer.ts";
import type { Forwarded } from "./forward.ts";
import type { RequestMessage, ResponseMessage } from "./message.ts";

/** What became of a request that was changed, held or noted. */
export interface Altered {
  readonly changes: readonly ExchangeChange[];
  /** Who answered. `wire`: it went on as it came. `nobody`: no server was asked. */
  readonly by: "wire" | "elasticsearch" | "clickhouse" | "nobody";
  /** What went on; null where that is what the client sent, or nothing. */
  readonly sent: RequestMessage | null;
  /** What Elasticsearch answered; null where that is what the client got, or nothing. */
  readonly answered: ResponseMessage | null;
  /** A rule said so. */
  readonly backend: BackendName | null;
}

export interface Backends {
  /** Requests that ClickHouse may be asked, as `METHOD target`. */
  readonly asks: RegExp;
  clickhouse(request: AskedRequest): Promise<Reply>;
  /** Never rejects. */
  forward(request: RequestMessage, asked: AskedRequest, gone: AbortSignal): Promise<Forwarded>;
  /** May be told several times of one exchange: the last counts. */
  altered(exchange: number, time: number, altered: Altered): void;
}
