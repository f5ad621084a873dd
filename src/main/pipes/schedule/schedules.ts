// Runs pipes by their schedules, in front of the cluster that they were made for. What is due while a run is still on, pipes are kept back, a
// server is away or Parallax does not run is missed: it is said, and never made up for. Looks at the clock again and again, so that a clock that
// jumps or a machine that slept is noticed within half a minute.
import type { PipeInfo } from "../../../shared/pipe.ts";
import type { Schedule, ScheduledRun, ScheduleInfo } from "../../../shared/schedule.ts";
import { messageOf } from "../../../shared/thrown.ts";
import type { Log } from "../../report/log.ts";
import { type End, type Job, PipeRefusal } from "../job.ts";
import { grouped } from "../sentence.ts";
import type { Clock } from "./clock.ts";
import { type KeptSchedule, KeptSchedules } from "./kept_schedules.ts";
import { type StartedPipes, startScheduled, subjectOf } from "./scheduled_run.ts";
import { DAY_MS, dueAfter, dueBetween, endOf, type Times, timesOf } from "./times.ts";

export interface ScheduledPipes extends StartedPipes {
  /** Whose pipes these are; null before one is met. */
  readonly cluster: string | null;
  readonly runsByItself: boolean;
  /** Whose cluster is there now, with this index where one is named. Throws PipeRefusal. */
  clusterOf(index: string | null): Promise<string>;
}

export interface SchedulesOptions {
  readonly pipes: ScheduledPipes;
  readonly file: string;
  readonly clock: Clock;
  /** Throws PipeRefusal, or whatever keeps it from being played. */
  readonly replay: (schedule: Schedule) => Job;
  readonly log: Log;
  readonly changed: () => void;
}

/** How late a run may begin; what is later is missed. */
const LATE_MS = 60_000;
const LOOK_EVERY_MS = 30_000;
/** What can't be ended or begun at its time is not tried all the time. */
const LOOK_AGAIN_MS = 1_000;
const NOT_THERE = "Parallax did not run then, or the machine slept.";
const KEPT_BACK = "Pipes were kept back.";
const STILL_ON = "It was running already.";

export class Schedules {
  readonly #options: SchedulesOptions;
  readonly #kept: KeptSchedules;
  #looking: Promise<void> = Promise.resolve();
  #sleeping: (() => void) | null = null;
  #stopped = true;

  constructor(options: SchedulesOptions) {
    this.#options = options;
    this.#kept = new KeptSchedules(options.file, (message) => options.log.write("warn", message));
  }

  start(): void {
    this.#stopped = false;
    this.#arm();
  }

  /** Another cluster is there: what was due, or on, before it was is looked at soon. */
  met(): void {
    this.#arm(LOOK_AGAIN_MS);
  }

  /** Nothing is begun any more; what runs is nobody's business here. */
  stop(): void {
    this.#stopped = true;
    this.#sleeping?.();
  }

  list(): readonly ScheduleInfo[] {
    return this.#here().map((entry) => this.#info(entry));
  }

  /** Gives a pipe a schedule, in the place of one that it has. Throws PipeRefusal. */
  async put(pipe: string, schedule: Schedule): Promise<ScheduleInfo> {
    const times = timesOf(schedule);
    if (typeof times === "string") throw new PipeRefusal("wrong", times);
    const subject = subjectOf(pipe, schedule);
    const cluster = await this.#options.pipes.clusterOf("index" in subject ? subject.index : null);
    const before = this.#kept.one(cluster, pipe);
    const now = this.#options.clock.now();
    const { running = null, last = null } = before ?? {};
    const ends = running === null ? null : endOf(times, now, running.since);
    const entry = {
      cluster,
      pipe,
      schedule,
      made: now,
      seen: now,
      running: running === null ? null : { ...running, ends },
      last,
      missed: null,
    };
    this.#keep(entry);
    this.#arm();
    return this.#info(entry);
  }

  /** What runs goes on. Throws PipeRefusal where there is none. */
  remove(pipe: string): void {
    const { cluster } = this.#options.pipes;
    if (cluster === null || this.#kept.one(cluster, pipe) === null)
      throw new PipeRefusal("unknown", `Pipe ${pipe} has no schedule${cluster === null ? " while no Elasticsearch is connected" : ""}.`);
    this.#kept.remove(cluster, pipe);
    this.#options.changed();
  }

  /** A run of a pipe has ended, whoever began it. */
  ended(pipe: PipeInfo, how: End): void {
    const { clock, pipes } = this.#options;
    const entry = pipes.cluster === null ? null : this.#kept.one(pipes.cluster, pipe.id);
    // Left behind, it may go on another time.
    if (entry === null || entry.running === null || how === "left") return;
    const { since, ends } = entry.running;
    const now = clock.now();
    const done = pipe.progress === null ? "" : ` ${grouped(pipe.progress.done)} ${pipe.progress.unit}.`;
    const why = ends !== null && now >= ends ? `Stopped when its time was over.${done}` : `Stopped before its end.${done}`;
    const sentence = how === "done" ? pipe.result : how === "failed" ? pipe.lastError : why;
    this.#keep({ ...entry, running: null, last: runOf(since, now, how !== "failed", sentence) });
  }

  /** Begins what is due and ends what is over; resolves when that is done. */
  look(): Promise<void> {
    this.#looking = this.#looking.then(async () => {
      for (const { pipe } of this.#here()) {
        try {
          await this.#attend(pipe);
        } catch (error) {
          this.#options.log.write("error", `The schedule of ${pipe}: ${messageOf(error)}`);
        }
      }
    });
    return this.#looking;
  }

  #here(): readonly KeptSchedule[] {
    const { cluster } = this.#options.pipes;
    return cluster === null ? [] : this.#kept.of(cluster);
  }

  /** As it is by now: others may have changed it meanwhile. */
  #entry(pipe: string): KeptSchedule | null {
    return this.#here().find((entry) => entry.pipe === pipe) ?? null;
  }

  async #attend(pipe: string): Promise<void> {
    this.#turnBack(pipe);
    await this.#endRun(pipe);
    await this.#beginRun(pipe);
  }

  /** A clock that was put back by a day or more had been wrong: without this, nothing would be due until it is that late again. */
  #turnBack(pipe: string): void {
    const now = this.#options.clock.now();
    const entry = this.#entry(pipe);
    if (entry === null || entry.seen - now < DAY_MS) return;
    const { running } = entry;
    const again = running === null ? null : { since: now, ends: endOf(timesIn(entry), now, now) };
    this.#keep({ ...entry, made: now, seen: now, running: again });
  }

  async #endRun(pipe: string): Promise<void> {
    const { pipes, clock } = this.#options;
    const entry = this.#entry(pipe);
    if (entry === null || entry.running === null) return;
    const { since, ends } = entry.running;
    const state = this.#stateOf(pipe);
    if (state === "running") {
      if (ends !== null && clock.now() >= ends) await pipes.pump(pipe, "stop");
    } else if (state !== "kept-back") {
      this.#keep({
        ...entry,
        running: null,
        last: runOf(since, clock.now(), false, "Parallax ended, or left its Elasticsearch, before it did."),
      });
    }
  }

  async #beginRun(pipe: string): Promise<void> {
    const { pipes, clock, replay } = this.#options;
    const entry = this.#entry(pipe);
    if (entry === null) return;
    const times = timesIn(entry);
    const now = clock.now();
    const { count, last: due } = dueBetween(times, entry.made, entry.seen, now);
    if (count === 0) return;
    const seen = { ...entry, seen: due };
    const late = now - due > LATE_MS;
    const why = late ? NOT_THERE : this.#stateOf(pipe) === "running" ? STILL_ON : pipes.runsByItself ? "" : KEPT_BACK;
    if (why !== "") return this.#miss(seen, count, due, why);
    // Kept before it begins: ended by force, it is not begun twice.
    const begun = { ...seen, running: { since: now, ends: endOf(times, due, now) }, missed: null };
    this.#keep(begun);
    if (count > 1) this.#miss(begun, count - 1, due, NOT_THERE);
    try {
      await startScheduled(pipes, pipe, entry.schedule, replay);
    } catch (error) {
      this.#miss({ ...seen, running: null }, count, due, messageOf(error));
    }
  }

  #miss(entry: KeptSchedule, count: number, due: number, why: string): void {
    const all = (entry.missed?.count ?? 0) + count;
    this.#keep({ ...entry, missed: { count: all, last: new Date(due).toISOString(), why } });
    const runs = count === 1 ? "A run" : `${count} runs`;
    this.#options.log.write("warn", `${runs} of pipe ${entry.pipe} by its schedule did not begin, and will not be made up for: ${why}`);
  }

  #stateOf(pipe: string): PipeInfo["state"] | null {
    return this.#options.pipes.list().find(({ id }) => id === pipe)?.state ?? null;
  }

  #info(entry: KeptSchedule): ScheduleInfo {
    const { pipes, clock } = this.#options;
    const { pipe, schedule, made, seen, running, last, missed } = entry;
    const on = running !== null && this.#stateOf(pipe) === "running";
    return {
      pipe,
      ...schedule,
      state: on ? "running" : pipes.runsByItself ? "waiting" : "kept-back",
      next: new Date(dueAfter(timesIn(entry), made, Math.max(seen, clock.now()))).toISOString(),
      ends: on && running.ends !== null ? new Date(running.ends).toISOString() : null,
      last,
      missed,
    };
  }

  #keep(entry: KeptSchedule): void {
    this.#kept.put(entry);
    this.#options.changed();
  }

  #arm(mostMs = LOOK_EVERY_MS): void {
    this.#sleeping?.();
    if (this.#stopped) return;
    const { clock } = this.#options;
    const now = clock.now();
    const times = this.#here().flatMap((entry) => [
      dueAfter(timesIn(entry), entry.made, entry.seen),
      entry.running?.ends ?? Number.POSITIVE_INFINITY,
    ]);
    const until = Math.min(...times, now + mostMs);
    this.#sleeping = clock.wake(Math.max(LOOK_AGAIN_MS, until - now), () => void this.look().finally(() => this.#arm()));
  }
}

function runOf(since: number, ended: number, ok: boolean, sentence: string): ScheduledRun {
  return { started: new Date(since).toISOString(), ended: new Date(ended).toISOString(), ok, sentence };
}

function timesIn({ pipe, schedule }: KeptSchedule): Times {
  const times = timesOf(schedule);
  if (typeof times === "string") throw new Error(`The schedule of ${pipe} can't be read: ${times}`);
  return times;
}
