// What the log holds, as the window sees it. Plain data.

export type LogLevel = "info" | "warn" | "error";

export interface LogLine {
  /** Counts up from the start; the newest line has the greatest. */
  readonly number: number;
  /** ISO 8601. */
  readonly time: string;
  readonly level: LogLevel;
  readonly message: string;
  /** Whatever else was said. */
  readonly fields: Readonly<Record<string, string | number | boolean | null>>;
}

export interface LogPage {
  /** The log's file; older lines than those that are kept in memory are there. */
  readonly file: string;
  /** Oldest first. */
  readonly lines: readonly LogLine[];
}
