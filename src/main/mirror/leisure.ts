// When the mirror works. On a laptop it shares the cores with Elasticsearch: what it takes while a client loads documents,
// the client lacks. So a little is mirrored at once, and a load waits until the cores have time to spare, somebody reads what
// is waiting, or the wait or the memory for it is at its limit. Judged by the machine's idle time rather than left to the
// scheduler: a thread's niceness counts for nothing across sessions, containers and control groups, and an endless load
// would starve the mirror. test/bench/ingest.ts measures what it gives; on two cores that Elasticsearch and the client keep
// busy, the engine's main thread took 1.2 to 1.7 s of processor time during 24 bulks of 1 MB (Elasticsearch itself 1.1 to 2 s) when
// it mirrored at once, and takes 0.3 s when it does that after.
import { cpus } from "node:os";

/** What is mirrored at once, whatever else goes on: some 1 % of a core. */
const FREE_BYTES_PER_SECOND = 256 * 1024;
/** How often the idle time is looked at while work waits. */
const LOOK_EVERY_MS = 50;
/** Cores that must have been idle to begin: half of one. */
const IDLE_CORES = 0.5;
/** How long one look is good for: our own work makes the next one tell nothing until it pauses. */
const WORK_MS = 300;

export interface LeisureOptions {
  /** Idle time of all cores together since the machine's start, in ms; null where that can't be told. */
  readonly idleMs?: () => number | null;
  /** Work that has waited for so long begins. @default 5 s */
  readonly mostMs?: number;
  /** Bytes that may wait; past them the oldest work begins. @default 32 MiB */
  readonly mostBytes?: number;
}

interface Waiting {
  readonly bytes: number;
  readonly since: number;
  readonly begin: () => void;
}

interface Look {
  readonly time: number;
  readonly idleMs: number;
}

export class Leisure {
  readonly #idleMs: () => number | null;
  readonly #mostMs: number;
  readonly #mostBytes: number;
  readonly #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #free = FREE_BYTES_PER_SECOND;
  #freeAt = performance.now();
  #hurrying = 0;
  #working = 0;
  #workUntil = 0;
  #look: Look | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor({ idleMs = machineIdleMs, mostMs = 5_000, mostBytes = 32 * 1024 * 1024 }: LeisureOptions = {}) {
    this.#idleMs = idleMs;
    this.#mostMs = mostMs;
    this.#mostBytes = mostBytes;
  }

  /** Resolves when work on so many bytes may begin, oldest first. Call what it gives when the work is done. */
  async turn(bytes: number): Promise<() => void> {
    if (this.#waiting.length > 0 || !this.#atOnce(bytes)) {
      await new Promise<void>((begin) => {
        this.#waiting.push({ bytes, since: performance.now(), begin });
        this.#waitingBytes += bytes;
        this.#release();
      });
    } else this.#working += 1;
    return () => {
      this.#working -= 1;
      this.#release();
    };
  }

  /** Somebody needs what is waiting: all work goes on at once until the function that it gives is called. */
  hurry(): () => void {
    this.#hurrying += 1;
    this.#release();
    return () => {
      this.#hurrying -= 1;
    };
  }

  #atOnce(bytes: number): boolean {
    if (this.#hurrying > 0) return true;
    const now = performance.now();
    this.#free = Math.min(FREE_BYTES_PER_SECOND, this.#free + ((now - this.#freeAt) / 1000) * FREE_BYTES_PER_SECOND);
    this.#freeAt = now;
    if (bytes > this.#free) return false;
    this.#free -= bytes;
    return true;
  }

  #release(): void {
    for (let oldest = this.#waiting[0]; oldest !== undefined && this.#mayBegin(oldest); oldest = this.#waiting[0]) {
      this.#waiting.shift();
      this.#waitingBytes -= oldest.bytes;
      this.#working += 1;
      oldest.begin();
    }
    if (this.#waiting.length > 0) this.#timer ??= setInterval(() => this.#tick(), LOOK_EVERY_MS);
    else this.#rest();
  }

  #mayBegin({ since }: Waiting): boolean {
    const now = performance.now();
    if (this.#hurrying > 0 || this.#waitingBytes > this.#mostBytes || now - since > this.#mostMs) return true;
    return this.#working === 0 && now < this.#workUntil;
  }

  #tick(): void {
    const time = performance.now();
    const before = this.#look;
    // What is idle beside our own work is no measure of what others leave.
    const ours = this.#working > 0 || time < this.#workUntil;
    const idleMs = ours ? 0 : this.#idleMs();
    this.#look = ours || idleMs === null ? null : { time, idleMs };
    const idle = idleMs === null || (before !== null && !ours && (idleMs - before.idleMs) / (time - before.time) >= IDLE_CORES);
    if (idle) {
      this.#workUntil = time + WORK_MS;
      this.#look = null;
    }
    this.#release();
  }

  #rest(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#look = null;
  }
}

function machineIdleMs(): number | null {
  const cores = cpus();
  return cores.length === 0 ? null : cores.reduce((sum, { times }) => sum + times.idle, 0);
}
