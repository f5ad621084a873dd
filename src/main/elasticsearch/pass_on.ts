// A client's request, asked of Elasticsearch by the engine on the client's behalf: with the client's own credentials and headers,
// but for those that belong to a connection or to a body's length and form.
import type { HeaderPairs } from "../../shared/exchange.ts";
import type { ElasticsearchAnswer, ElasticsearchClient } from "./client.ts";

export type { ElasticsearchAnswer } from "./client.ts";

export interface PassedRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: HeaderPairs;
  /** In the content coding that its headers name. */
  readonly body: Uint8Array;
}

const OF_THE_CONNECTION = new Set(
  "host connection keep-alive proxy-connection proxy-authorization te trailer transfer-encoding upgrade expect content-length accept-encoding x-parallax-backend parallax-api-profiler".split(
    " ",
  ),
);

/** The answer comes without content coding. Throws ElasticsearchAway. */
export function passOn(client: ElasticsearchClient, { method, target, headers, body }: PassedRequest): Promise<ElasticsearchAnswer> {
  const own = headers.filter(([name]) => !OF_THE_CONNECTION.has(name.toLowerCase()));
  return client.request(method, target, body.byteLength === 0 ? undefined : body, { headers: own });
}
