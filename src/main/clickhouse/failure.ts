// ClickHouse's failures, in two kinds: it refused a statement, or it gave no answer.

/** ClickHouse's own error: its code and its first sentence. */
export class ClickHouseRefused extends Error {
  override readonly name = "ClickHouseRefused";
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }

  /** From an answer's text: `Code: 62. DB::Exception: Syntax error: … (SYNTAX_ERROR) (version …)`. */
  static fromText(text: string, codeHeader: string | null): ClickHouseRefused {
    const found = /Code: (\d+)\. DB::Exception: ([\s\S]*)/.exec(text);
    const message = (found?.[2] ?? text).replace(/\s*\(version [^)]*\)\s*$/, "").slice(0, 2000);
    return new ClickHouseRefused(Number(found?.[1] ?? codeHeader ?? 0), message.trim());
  }

  /** From what @clickhouse/client throws; undefined when it is not the server's own error. */
  static fromError(error: unknown): ClickHouseRefused | undefined {
    if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string" || !/^\d+$/.test(error.code)) return undefined;
    return new ClickHouseRefused(Number(error.code), error.message.slice(0, 2000));
  }
}

/** No answer from ClickHouse. `message` names the address. */
export class ClickHouseAway extends Error {
  override readonly name = "ClickHouseAway";
}

/** ClickHouse's answer has more octets than the caller takes; what came of it is thrown away. */
export class LargeAnswer extends Error {
  override readonly name = "LargeAnswer";
}

/** Words for a failed connection. */
export function describeFailure(url: string, error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const message = cause instanceof Error ? cause.message : String(cause);
  return `ClickHouse at ${url} gave no answer: ${message}`;
}
