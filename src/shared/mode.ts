// What a listener does with what comes by.

export type Mode = "tap" | "compare" | "clickhouse";
