// How clause and aggregation files say "no": thrown inside translate/, caught once in search.ts and turned into a value.

/** The clause at `pointer` has no exact SQL, and why. */
export class UnsupportedClause extends Error {
  override readonly name = "UnsupportedClause";
  readonly pointer: string;

  constructor(pointer: string, reason: string) {
    super(reason);
    this.pointer = pointer;
  }
}

/**
 * Elasticsearch itself refuses the request: status 400 unless said. Of several faults it tells the one that it meets first: while the
 * request is read, then where it is checked as a whole, then on a shard.
 */
export class RejectedRequest extends Error {
  override readonly name = "RejectedRequest";
  readonly errorType: string;
  readonly status: number;
  /** What it is by itself where the search's query wraps it. */
  readonly bareType: string;

  constructor(errorType: string, reason: string, status = 400, bareType = errorType) {
    super(reason);
    this.errorType = errorType;
    this.status = status;
    this.bareType = bareType;
  }
}

const READING = new Set(["x_content_parse_exception", "parsing_exception"]);

/** The one of several refusals that Elasticsearch tells. */
export function firstMet(refusals: readonly RejectedRequest[]): RejectedRequest | undefined {
  return refusals.toSorted((a, b) => stageOf(a) - stageOf(b))[0];
}

function stageOf({ errorType }: RejectedRequest): number {
  if (READING.has(errorType)) return 0;
  return errorType === "action_request_validation_exception" ? 1 : 2;
}
