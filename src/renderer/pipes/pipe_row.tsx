// One pipe.
import { useQueryClient } from "@tanstack/react-query";
import { type ReactElement, useState } from "react";
import type { PipeInfo } from "../../shared/pipe.ts";
import { canBeScheduled } from "../../shared/schedule.ts";
import { invalidate, useAction } from "../api/hooks.ts";
import { printRoute } from "../route.ts";
import { strings } from "../strings.ts";
import { bytes, clock, count } from "../ui/format.ts";
import { type Speeds, sparkline, speedNow } from "./speed.ts";

const WORDS = strings.pipes;

interface PipeRowProps {
  readonly pipe: PipeInfo;
  readonly speeds: Speeds | undefined;
  /** ISO 8601; null while its run is not profiled. */
  readonly profiledSince: string | null;
  readonly onSchedule: () => void;
}

export function PipeRow({ pipe, speeds, profiledSince, onSchedule }: PipeRowProps): ReactElement {
  const client = useQueryClient();
  const pump = useAction("pipe.pump");
  const run = (operation: "start" | "stop", profiler?: true): void =>
    pump.mutate(
      { pipe: pipe.id, operation, ...(profiler === undefined ? {} : { profiler }) },
      { onSettled: () => invalidate(client, ["pipes.list", "profiler.get"]) },
    );
  const running = pipe.state === "running";
  return (
    <section className="pipe" aria-label={pipe.id}>
      <div className="pipe-what">
        <b>{pipe.title}</b>
        <span className="mono mut s2">{pipe.id}</span>
        <span className="s2">
          <span className={`pipe-state ${pipe.state}`}>{WORDS.state[pipe.state]}</span> <span className="mut">{whenOf(pipe)}</span>
        </span>
        {profiledSince === null ? null : <span className="s2">{WORDS.profiled(timeOf(profiledSince))}</span>}
      </div>
      <div className="pipe-how">
        <Progress pipe={pipe} />
        {speeds === undefined ? null : <Speed pipe={pipe} speeds={speeds} />}
        {pipe.result === "" ? null : <p className="s2">{pipe.result}</p>}
        {pipe.lastError === "" ? null : <p className="s2 different breakable">{pipe.lastError}</p>}
        {pump.error === null ? null : (
          <p className="note different" role="alert">
            {pump.error.message}
          </p>
        )}
      </div>
      <div className="pipe-actions">
        {LIMITED.includes(pipe.kind) ? <Rate pipe={pipe} /> : null}
        {running && pipe.kind !== "mirror" ? null : (
          <button type="button" className="btn small" onClick={() => run("start")}>
            {running ? WORDS.pump : WORDS.start}
          </button>
        )}
        {profiledSince === null && (!running || pipe.kind === "mirror") ? (
          <button type="button" className="btn small" onClick={() => run("start", true)}>
            {running ? WORDS.profile : WORDS.startProfiled}
          </button>
        ) : null}
        {profiledSince === null ? null : (
          <button type="button" className="btn small" onClick={() => run("stop", true)}>
            {WORDS.endProfile}
          </button>
        )}
        {running ? (
          <button type="button" className="btn small" onClick={() => run("stop")}>
            {WORDS.stop}
          </button>
        ) : null}
        {canBeScheduled(pipe.id) ? (
          <button type="button" className="btn small" onClick={onSchedule}>
            {strings.schedules.schedule}
          </button>
        ) : null}
        <a className="s2" href={printRoute({ page: "profiles" })}>
          {WORDS.profiles}
        </a>
      </div>
    </section>
  );
}

/** Pipes of which it can be said how fast they may be. */
const LIMITED: readonly PipeInfo["kind"][] = ["generate", "backfill", "reconcile"];

/** A new rate; one that runs is stopped, and goes on with it where it was. */
function Rate({ pipe: { id, state, rate, kind, progress } }: { readonly pipe: PipeInfo }): ReactElement {
  const client = useQueryClient();
  const pump = useAction("pipe.pump");
  const [typed, setTyped] = useState("");
  const wanted = Number(typed);
  const set = async (): Promise<void> => {
    if (state === "running") await pump.mutateAsync({ pipe: id, operation: "stop" });
    await pump.mutateAsync({ pipe: id, operation: "start", rate: wanted });
    setTyped("");
  };
  const unit = progress?.unit ?? (kind === "generate" ? "requests" : "documents");
  return (
    <form
      className="pipe-rate"
      onSubmit={(event) => {
        event.preventDefault();
        // Why it failed is shown below.
        void set()
          .catch(() => {})
          .finally(() => invalidate(client, ["pipes.list"]));
      }}
    >
      <input
        className="field"
        type="number"
        min={1}
        max={100_000}
        step={1}
        aria-label={WORDS.rate(unit)}
        title={WORDS.rate(unit)}
        placeholder={rate === null ? "" : String(rate)}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <button type="submit" className="btn small" disabled={typed === "" || pump.isPending}>
        {WORDS.setRate}
      </button>
      {pump.error === null ? null : <span className="s2 different">{pump.error.message}</span>}
    </form>
  );
}

function Speed({ pipe, speeds }: { readonly pipe: PipeInfo; readonly speeds: Speeds }): ReactElement | null {
  const speed = speedNow(speeds);
  if (speed === null || pipe.state !== "running") return null;
  const points = sparkline(speeds);
  return (
    <span className="pipe-speed s2">
      <span className="num">{WORDS.speed(count(Math.round(speed)))}</span>
      {points === "" ? null : (
        <svg viewBox="0 0 100 20" preserveAspectRatio="none" role="img" aria-label={WORDS.speedOf(pipe.progress?.unit ?? "")}>
          <polyline points={points} />
        </svg>
      )}
    </span>
  );
}

function Progress({ pipe: { progress, rate, title } }: { readonly pipe: PipeInfo }): ReactElement | null {
  if (progress === null) return null;
  const { done, total, unit, secondsLeft } = progress;
  const share = total === null || total === 0 ? 0 : Math.min(1, done / total);
  const parts = [
    WORDS.done(count(done), total === null ? "" : count(total), unit),
    progress.bytes === null ? "" : bytes(progress.bytes),
    secondsLeft === null || secondsLeft <= 0 ? "" : strings.indices.left(secondsLeft),
    rate === null ? "" : WORDS.perSecond(count(rate), unit),
  ];
  return (
    <>
      <span
        className="copy-bar"
        role="progressbar"
        aria-label={title}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
      >
        <i style={{ width: `${share * 100}%` }} />
      </span>
      <span className="s2">{parts.filter((part) => part !== "").join(" · ")}</span>
    </>
  );
}

function whenOf({ state, started, ended, autorun }: PipeInfo): string {
  const when = state === "running" && started !== null ? WORDS.since(timeOf(started)) : ended === null ? "" : WORDS.ended(timeOf(ended));
  return [when, autorun ? WORDS.auto : WORDS.hand].filter((part) => part !== "").join(", ");
}

function timeOf(iso: string): string {
  return clock(Date.parse(iso)).time;
}
