// What the mirror asks of ClickHouse. It may not be there yet: then every call is "away", and tried again.
import type { ClickHouseClient } from "../clickhouse/client.ts";
import { ClickHouseAway } from "../clickhouse/failure.ts";

export type Store = Pick<ClickHouseClient, "query" | "command" | "insertRowBinary">;

/** `client` is asked at each call. */
export function storeOf(client: () => ClickHouseClient | null): Store {
  const present = (): ClickHouseClient => {
    const own = client();
    if (own === null) throw new ClickHouseAway("ClickHouse has not started");
    return own;
  };
  return {
    query: async (statement, options) => present().query(statement, options),
    command: async (sql, settings) => present().command(sql, settings),
    insertRowBinary: async (table, columns, bytes, options) => present().insertRowBinary(table, columns, bytes, options),
  };
}
