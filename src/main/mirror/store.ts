// What the mirror asks of ClickHouse.
import type { ClickHouseClient } from "../clickhouse/client.ts";

export type Store = Pick<ClickHouseClient, "query" | "define" | "insertRowBinary">;
