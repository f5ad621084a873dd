// Epoch milliseconds with fractions, cheap enough for every message. Steps with the system's clock (a laptop that slept, a
// corrected time), which performance.timeOrigin alone would never notice.

const REANCHOR_EVERY_MS = 1000;
const TOLERATED_DRIFT_MS = 20;

let anchor = performance.timeOrigin;
let nextCheck = 0;

/** Now, epoch ms with fractions. */
export function epochNow(): number {
  const monotonic = performance.now();
  if (monotonic >= nextCheck) {
    nextCheck = monotonic + REANCHOR_EVERY_MS;
    if (Math.abs(Date.now() - anchor - monotonic) > TOLERATED_DRIFT_MS) anchor = Date.now() - monotonic;
  }
  return anchor + monotonic;
}
