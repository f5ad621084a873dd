// A search asked of Elasticsearch and judged beside it as any captured one, without being captured.
import { Buffer } from "node:buffer";
import type { HeaderPairs } from "../../shared/exchange.ts";
import type { ElasticsearchAnswer, PassedRequest } from "../elasticsearch/pass_on.ts";
import { askedExchange } from "../exchange/asked_exchange.ts";
import type { JudgedExchange } from "../exchange/judge_exchange.ts";
import type { TappedExchange } from "../proxy/tap.ts";

export interface BothSides {
  /** Rejects with ElasticsearchAway. */
  readonly ask: (request: PassedRequest) => Promise<ElasticsearchAnswer>;
  /** In words, why it can't be judged. */
  readonly judged: (exchange: TappedExchange) => Promise<JudgedExchange | string>;
}

export interface Asked {
  readonly status: number;
  /** Elasticsearch's answer, decoded. */
  readonly body: Uint8Array;
  readonly judged: JudgedExchange | string;
}

/** `id`: of the exchange that it is asked for; 0 for none. Rejects with ElasticsearchAway or UndecodableBody. */
export async function askBoth({ ask, judged }: BothSides, id: number, request: PassedRequest): Promise<Asked> {
  const time = performance.timeOrigin + performance.now();
  const { status, body } = await ask(request);
  return { status, body, judged: await judged(askedExchange(id, time, request, { status, body })) };
}

const NOT_AGAIN = new Set(["content-encoding", "content-type"]);

/** A JSON body with the headers of a request, whatever coding that had. */
export function jsonRequest(target: string, headers: HeaderPairs, text: string): PassedRequest {
  const own = headers.filter(([name]) => !NOT_AGAIN.has(name.toLowerCase()));
  return { method: "POST", target, headers: [...own, ["content-type", "application/json"]], body: Buffer.from(text) };
}
