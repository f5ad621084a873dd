// What ClickHouse does not have yet of what Elasticsearch has.

export interface Lag {
  readonly documents: number;
  /** Since the oldest was acknowledged. */
  readonly seconds: number;
}

export const NO_LAG: Lag = Object.freeze({ documents: 0, seconds: 0 });

/** All of these together. */
export function lagOfAll(lags: readonly Lag[]): Lag {
  return {
    documents: lags.reduce((sum, { documents }) => sum + documents, 0),
    seconds: Math.max(0, ...lags.map(({ seconds }) => seconds)),
  };
}

/** `120 documents, 1.2 s: `; "" where nothing is known to wait. */
export function lagText({ documents, seconds }: Lag): string {
  if (documents === 0) return "";
  return `${documents} document${documents === 1 ? "" : "s"}, ${seconds.toFixed(1)} s: `;
}
