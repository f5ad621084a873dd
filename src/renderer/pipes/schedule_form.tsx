// Gives a pipe a schedule, or another one.
import { useQueryClient } from "@tanstack/react-query";
import { type ReactElement, useEffect, useRef, useState } from "react";
import type { PipeInfo } from "../../shared/pipe.ts";
import { canBeScheduled, type Schedule } from "../../shared/schedule.ts";
import { invalidate, useAction, useCall } from "../api/hooks.ts";
import { strings } from "../strings.ts";

const WORDS = strings.schedules;
const TIMES = ["every", "at", "from", "to", "for"] as const;
type TimeName = (typeof TIMES)[number];
const HINTS: Readonly<Record<TimeName, string>> = {
  every: WORDS.everyHint,
  at: "",
  from: WORDS.windowHint,
  to: WORDS.windowHint,
  for: WORDS.forHint,
};

interface ScheduleFormProps {
  readonly pipes: readonly PipeInfo[];
  /** "" where it is still to be said. */
  readonly pipe: string;
  /** The one that it has. */
  readonly schedule: Schedule | null;
  readonly onDone: () => void;
}

export function ScheduleForm({ pipes, pipe: given, schedule, onDone }: ScheduleFormProps): ReactElement {
  const client = useQueryClient();
  const put = useAction("schedule.put");
  const [pipe, setPipe] = useState(given);
  const [times, setTimes] = useState<Partial<Record<TimeName, string>>>(() => timesIn(schedule));
  const [rate, setRate] = useState(schedule?.rate === undefined ? "" : String(schedule.rate));
  const [exact, setExact] = useState(schedule?.exact === true);
  const [profiler, setProfiler] = useState(schedule?.profiler === true);
  const first = useRef<HTMLInputElement>(null);
  // It is below the pipe whose button opened it.
  useEffect(() => first.current?.focus(), []);
  const isExact = pipe.startsWith("reconcile-");
  const isLimited = pipe !== "replay-session";
  const save = (): void => {
    const { url, filter, speed } = schedule ?? {};
    put.mutate(
      {
        pipe,
        ...Object.fromEntries(Object.entries(times).filter(([, text]) => text !== "")),
        ...(profiler ? { profiler } : {}),
        ...(isExact && exact ? { exact } : {}),
        ...(isLimited && rate !== "" ? { rate: Number(rate) } : {}),
        ...(url === undefined ? {} : { url }),
        ...(filter === undefined ? {} : { filter }),
        ...(speed === undefined ? {} : { speed }),
      },
      {
        onSuccess: () => {
          invalidate(client, ["schedules.list"]);
          onDone();
        },
      },
    );
  };
  return (
    <form
      className="schedule-form"
      aria-label={WORDS.save}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      {schedule === null ? <PipeField pipes={pipes} pipe={pipe} onChange={setPipe} /> : <b className="mono breakable">{pipe}</b>}
      {TIMES.map((name) => (
        <label key={name} className="s2" title={HINTS[name]}>
          {WORDS[name]}
          <input
            ref={name === "every" ? first : null}
            className="field"
            type={name === "every" || name === "for" ? "text" : "time"}
            placeholder={name === "every" ? "6h" : name === "for" ? "10m" : ""}
            value={times[name] ?? ""}
            onChange={({ target }) => setTimes((before) => ({ ...before, [name]: target.value.trim() }))}
          />
        </label>
      ))}
      {isLimited ? (
        <label className="s2">
          {strings.pipes.generate.rate}
          <input className="field" type="number" min={1} step={1} value={rate} onChange={({ target }) => setRate(target.value)} />
        </label>
      ) : null}
      {isExact ? <Check label={WORDS.exact} on={exact} onChange={setExact} /> : null}
      <Check label={WORDS.profiler} on={profiler} onChange={setProfiler} />
      <button type="submit" className="btn small" disabled={pipe === "" || put.isPending}>
        {WORDS.save}
      </button>
      <button type="button" className="btn small" onClick={onDone}>
        {WORDS.cancel}
      </button>
      {put.error === null ? null : (
        <p className="note different" role="alert">
          {put.error.message}
        </p>
      )}
    </form>
  );
}

interface PipeFieldProps {
  readonly pipes: readonly PipeInfo[];
  readonly pipe: string;
  readonly onChange: (pipe: string) => void;
}

/** A name that is typed, or chosen of those that there are or could be. */
function PipeField({ pipes, pipe, onChange }: PipeFieldProps): ReactElement {
  const generators = useCall("generators.list", {}, { staleMs: 3_600_000 }).data ?? [];
  const indices = useCall("indices.list", {}, { staleMs: 30_000 }).data ?? [];
  const known = new Set([
    ...pipes.map(({ id }) => id).filter(canBeScheduled),
    ...generators.map(({ kind }) => `generate-${kind}`),
    ...indices.filter(({ name }) => !name.startsWith(".")).flatMap(({ name }) => [`reconcile-${name}`, `backfill-${name}`]),
    "replay-session",
  ]);
  return (
    <label className="s2" title={WORDS.pipeHint}>
      {WORDS.pipe}
      <input
        className="field wide mono"
        list="pipes-to-schedule"
        placeholder={WORDS.pipeHint}
        value={pipe}
        onChange={({ target }) => onChange(target.value.trim())}
      />
      <datalist id="pipes-to-schedule">
        {[...known].map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </label>
  );
}

interface CheckProps {
  readonly label: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
}

function Check({ label, on, onChange }: CheckProps): ReactElement {
  return (
    <label className="s2 switch-line">
      <input type="checkbox" checked={on} onChange={({ target }) => onChange(target.checked)} />
      {label}
    </label>
  );
}

/** Times of the day as the browser's fields have them: `02:30`. */
function timesIn(schedule: Schedule | null): Partial<Record<TimeName, string>> {
  return Object.fromEntries(
    TIMES.flatMap((name) => {
      const text = schedule?.[name];
      return text === undefined ? [] : [[name, /^\d:/.test(text) ? `0${text}` : text] as const];
    }),
  );
}
