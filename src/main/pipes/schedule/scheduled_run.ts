// What a schedule starts: the pipe of its id, made where there is none yet.
import type { GenerateRequest, PipeInfo } from "../../../shared/pipe.ts";
import { canBeScheduled, type Schedule } from "../../../shared/schedule.ts";
import { GENERATORS, generatorOf } from "../generators/generators.ts";
import type { IndexRequest } from "../index_job.ts";
import { type Job, PipeRefusal } from "../job.ts";
import { SESSION_REPLAY } from "../session_replay_job.ts";

/** What it needs of the pipes. `profiler`: the run is profiled to its end. */
export interface StartedPipes {
  list(): readonly PipeInfo[];
  begin(request: IndexRequest, profiler: boolean): Promise<PipeInfo>;
  generate(request: GenerateRequest, profiler: boolean): Promise<PipeInfo>;
  pump(
    id: string,
    operation: "start" | "stop",
    options?: { readonly rate?: number | undefined; readonly profiler?: boolean | undefined },
  ): Promise<PipeInfo>;
  play(job: Job, profiler: boolean): Promise<PipeInfo>;
}

/** What an id of a pipe means. */
export type Subject =
  | { readonly kind: "backfill" | "reconcile"; readonly index: string }
  | { readonly kind: "generate"; readonly name: string }
  | { readonly kind: "replay" };

/** Throws PipeRefusal for what can't be scheduled, and for what does not go with it. */
export function subjectOf(pipe: string, schedule: Schedule): Subject {
  if (!canBeScheduled(pipe))
    throw new PipeRefusal(
      "unknown",
      `There is no pipe ${pipe} that runs at certain times: there are backfill-INDEX, reconcile-INDEX, generate-KIND and ${SESSION_REPLAY}.`,
    );
  const subject = read(pipe);
  const only = (name: keyof Schedule, kind: Subject["kind"]): void => {
    if (schedule[name] !== undefined && subject.kind !== kind) throw new PipeRefusal("wrong", `"${name}" says nothing of ${pipe}.`);
  };
  only("exact", "reconcile");
  for (const name of ["url", "filter", "speed"] as const) only(name, "replay");
  if (schedule.rate !== undefined && subject.kind === "replay") throw new PipeRefusal("wrong", `"rate" says nothing of ${pipe}.`);
  if (schedule.rate === 0 && subject.kind !== "generate")
    throw new PipeRefusal("wrong", '"rate" must be 1 document a second or more; leave it out for no limit.');
  if (subject.kind === "generate" && schedule.for === undefined && schedule.to === undefined)
    throw new PipeRefusal("wrong", `${pipe} goes on until it is stopped: say "for" how long, or "from" and "to".`);
  return subject;
}

/** Throws PipeRefusal. */
export async function startScheduled(
  pipes: StartedPipes,
  pipe: string,
  schedule: Schedule,
  replay: (schedule: Schedule) => Job,
): Promise<void> {
  const { rate, exact = false, profiler = false } = schedule;
  const subject = subjectOf(pipe, schedule);
  switch (subject.kind) {
    case "backfill":
    case "reconcile":
      await pipes.begin({ kind: subject.kind, index: subject.index, rate: rate ?? null, exact }, profiler);
      return;
    case "generate":
      // One that was begun goes on with the next of what it made.
      if (pipes.list().some(({ id }) => id === pipe)) await pipes.pump(pipe, "start", { rate, profiler });
      else await pipes.generate({ kind: subject.name, ...(rate === undefined ? {} : { rate }) }, profiler);
      return;
    case "replay":
      await pipes.play(replay(schedule), profiler);
  }
}

function read(pipe: string): Subject {
  if (pipe === SESSION_REPLAY) return { kind: "replay" };
  const at = pipe.indexOf("-");
  const [kind, of] = [pipe.slice(0, at), pipe.slice(at + 1)];
  if (kind === "backfill" || kind === "reconcile") return { kind, index: of };
  if (generatorOf(of) !== null) return { kind: "generate", name: of };
  throw new PipeRefusal("unknown", `There is no generator "${of}"; there are ${GENERATORS.map(({ name }) => name).join(", ")}.`);
}
