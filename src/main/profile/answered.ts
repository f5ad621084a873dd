/** A thread that is in native code, or waits for a lock, answers no inspector. */
const ANSWER_MS = 15_000;

/** What a thread answers. Rejects when it does not within 15 s. */
export async function answered<T>(promise: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`did not answer within ${ANSWER_MS / 1000} s`)), ANSWER_MS);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
