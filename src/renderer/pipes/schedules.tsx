// When pipes run by themselves: a line each, and a form to give one a schedule.
import { useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import type { PipeInfo } from "../../shared/pipe.ts";
import type { ScheduleInfo } from "../../shared/schedule.ts";
import { invalidate, useAction, useCall, useInvalidation } from "../api/hooks.ts";
import { strings } from "../strings.ts";
import { Block } from "../ui/block.tsx";
import { count, dateTime } from "../ui/format.ts";
import { ScheduleForm } from "./schedule_form.tsx";
import "./schedules.css";

const WORDS = strings.schedules;

interface SchedulesProps {
  readonly pipes: readonly PipeInfo[];
  /** The pipe that is given one; "" for any; null while none is. */
  readonly editing: string | null;
  readonly onEdit: (pipe: string | null) => void;
}

export function Schedules({ pipes, editing, onEdit }: SchedulesProps): ReactElement {
  const all = useCall("schedules.list", {});
  useInvalidation(["schedules.list"], "pipes", 500);
  const schedules = all.data ?? [];
  return (
    <Block title={WORDS.title}>
      <p className="s2 mut">{WORDS.hint}</p>
      {all.isError ? <p className="note different">{`${WORDS.unavailable} ${all.error.message}`}</p> : null}
      {all.data?.length === 0 ? <p className="s2">{WORDS.none}</p> : null}
      {schedules.map((schedule) => (
        <ScheduleRow key={schedule.pipe} schedule={schedule} onEdit={() => onEdit(schedule.pipe)} />
      ))}
      {editing === null ? (
        <button type="button" className="btn small" onClick={() => onEdit("")}>
          {WORDS.schedule}
        </button>
      ) : (
        <ScheduleForm
          key={editing}
          pipes={pipes}
          pipe={editing}
          schedule={schedules.find(({ pipe }) => pipe === editing) ?? null}
          onDone={() => onEdit(null)}
        />
      )}
    </Block>
  );
}

function ScheduleRow({ schedule, onEdit }: { readonly schedule: ScheduleInfo; readonly onEdit: () => void }): ReactElement {
  const client = useQueryClient();
  const remove = useAction("schedule.remove");
  const {
    pipe,
    every = "",
    at = "",
    from = "",
    to = "",
    for: lasts = "",
    profiler = false,
    exact = false,
    state,
    next,
    ends,
    last,
    missed,
  } = schedule;
  const now = state === "running" ? WORDS.running(ends === null ? "" : timeOf(ends)) : state === "kept-back" ? WORDS.keptBack : "";
  return (
    <section className="schedule" aria-label={WORDS.of(pipe)}>
      <div>
        <b className="mono breakable">{pipe}</b>
        <span className="s2">{WORDS.times({ every, at, from, to, lasts, exact, profiler })}</span>
      </div>
      <div className="s2">
        <p>{[now, WORDS.next(timeOf(next))].filter((part) => part !== "").join(" · ")}</p>
        <p className={last?.ok === false ? "different breakable" : "breakable"}>
          {last === null ? WORDS.never : WORDS.last(timeOf(last.started), last.sentence)}
        </p>
        {missed === null ? null : <p className="breakable">{WORDS.missed(count(missed.count), timeOf(missed.last), missed.why)}</p>}
        {remove.error === null ? null : (
          <p className="note different" role="alert">
            {remove.error.message}
          </p>
        )}
      </div>
      <div className="schedule-actions">
        <button type="button" className="btn small" aria-label={WORDS.editOf(pipe)} onClick={onEdit}>
          {WORDS.edit}
        </button>
        <button
          type="button"
          className="btn small"
          aria-label={WORDS.removeOf(pipe)}
          onClick={() => remove.mutate({ pipe }, { onSettled: () => invalidate(client, ["schedules.list"]) })}
        >
          {WORDS.remove}
        </button>
      </div>
    </section>
  );
}

function timeOf(iso: string): string {
  return dateTime(Date.parse(iso));
}
