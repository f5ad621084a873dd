// Dumps: exchanges as text in files that can be followed while they grow. Plain data.

export interface DumpInfo {
  readonly on: boolean;
  /** Which exchanges are written; "": all. */
  readonly filter: string;
  /** The file that is written now; "" before the first exchange. */
  readonly file: string;
  /** Exchanges written since the start. */
  readonly written: number;
  /** Why nothing is written, or how many were left out; "" when all is well. */
  readonly problem: string;
}
