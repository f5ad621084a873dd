// Session files and HARs that were opened lately. Plain data.

export interface RecentSession {
  /** Its path on the engine's machine. */
  readonly file: string;
  /** ISO 8601: when it was opened last. */
  readonly opened: string;
}
