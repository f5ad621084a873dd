// Whether a thread is short of processor time: how much of the time in which it has work others have the processor. Told from what the event
// loop calls active and what the system says that the thread has used, so that it is the same on every platform.
import { performance } from "node:perf_hooks";

const SPAN_MS = 25;
/** A thread that uses less than this share of a processor has little to do, however long it waits for one. */
const BUSY = 0.15;

/** Thousandths of the time, measured over 25 ms and more; null between two measurements. */
export class Pressure {
  #since = performance.now();
  #active = performance.eventLoopUtilization().active;
  #used = usedMs();

  measure(): number | null {
    const now = performance.now();
    const span = now - this.#since;
    if (span < SPAN_MS) return null;
    const active = performance.eventLoopUtilization().active;
    const used = usedMs();
    const worked = used - this.#used;
    const lost = Math.max(0, active - this.#active - worked);
    this.#since = now;
    this.#active = active;
    this.#used = used;
    return worked < BUSY * span ? 0 : Math.round((1000 * lost) / span);
  }
}

function usedMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
