// How wide the buckets are of what is shown over time.

const MOST_BUCKETS = 120;
const BUCKET_SECONDS = [0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 43_200, 86_400];

/** The width, in ms, of at most 120 buckets over so long a time. */
export function bucketMsOf(spanMs: number): number {
  return 1000 * (BUCKET_SECONDS.find((seconds) => spanMs / (seconds * 1000) < MOST_BUCKETS) ?? daysFor(spanMs));
}

function daysFor(spanMs: number): number {
  return 86_400 * Math.ceil(spanMs / (MOST_BUCKETS * 86_400_000));
}
