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

/** Elasticsearch itself refuses the request: status 400 unless said. */
export class RejectedRequest extends Error {
  override readonly name = "RejectedRequest";
  readonly errorType: string;
  readonly status: number;

  constructor(errorType: string, reason: string, status = 400) {
    super(reason);
    this.errorType = errorType;
    this.status = status;
  }
}
