// Exchanges that Elasticsearch never heard of: ClickHouse answered the client, or a request that was forced on it was refused.
import type { ExchangeDetail } from "../../shared/exchange.ts";

/** True when Parallax itself gave the answer. */
export function isAlone({ response }: Pick<ExchangeDetail, "response">): boolean {
  if (response === null) return false;
  const headerOf = (wanted: string): string | undefined => response.headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
  const source = headerOf("x-parallax-source");
  return source === "clickhouse" || (source === undefined && headerOf("x-parallax-verdict") !== undefined);
}
