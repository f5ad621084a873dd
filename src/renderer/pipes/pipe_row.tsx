// One pipe.
import { useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import type { PipeInfo } from "../../shared/pipe.ts";
import { invalidate, useAction } from "../api/hooks.ts";
import { printRoute } from "../route.ts";
import { strings } from "../strings.ts";
import { bytes, clock, count } from "../ui/format.ts";

const WORDS = strings.pipes;

interface PipeRowProps {
  readonly pipe: PipeInfo;
  /** ISO 8601; null while its run is not profiled. */
  readonly profiledSince: string | null;
}

export function PipeRow({ pipe, profiledSince }: PipeRowProps): ReactElement {
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
        {pipe.result === "" ? null : <p className="s2">{pipe.result}</p>}
        {pipe.lastError === "" ? null : <p className="s2 different breakable">{pipe.lastError}</p>}
        {pump.error === null ? null : (
          <p className="note different" role="alert">
            {pump.error.message}
          </p>
        )}
      </div>
      <div className="pipe-actions">
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
        <a className="s2" href={printRoute({ page: "profiles" })}>
          {WORDS.profiles}
        </a>
      </div>
    </section>
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
    rate === null ? "" : WORDS.perSecond(count(rate)),
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
