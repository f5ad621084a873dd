// Pipes: each long-running job with its state, its progress, and what can be done with it.

import { useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useAction, useCall, useEvent, useInvalidation } from "../api/hooks.ts";
import { strings } from "../strings.ts";
import { Switch } from "../ui/controls.tsx";
import { LoadingBars, State, Unavailable } from "../ui/state.tsx";
import { PipeRow } from "./pipe_row.tsx";
import "./pipes.css";

const WORDS = strings.pipes;
const KEEP_BACK = "task_manager.disable_pump_scheduler";

export function PipesPage(): ReactElement {
  const client = useQueryClient();
  const pipes = useCall("pipes.list", {});
  const profiler = useCall("profiler.get", {});
  useEvent("pipes", (all) => client.setQueryData(["pipes.list", {}], all));
  useInvalidation(["profiler.get"], "profiles", 200);
  if (pipes.isError && pipes.data === undefined) return <Unavailable title={WORDS.unavailable} query={pipes} />;
  if (pipes.data === undefined) return <LoadingBars />;
  const profiled = new Map((profiler.data?.runs ?? []).map(({ pipe, since }) => [pipe, since]));
  return (
    <>
      <div className="page-head">
        <h1>{strings.pages.pipes}</h1>
        <ByThemselves />
      </div>
      <div className="fill scroll pipes-page">
        {pipes.data.length === 0 ? <State title={WORDS.none}>{WORDS.noneHint}</State> : null}
        {pipes.data.map((pipe) => (
          <PipeRow key={pipe.id} pipe={pipe} profiledSince={profiled.get(pipe.id) ?? null} />
        ))}
      </div>
    </>
  );
}

/** The setting that keeps pipes back, where it may be changed. */
function ByThemselves(): ReactElement | null {
  const safeMode = useCall("status.get", {}, { staleMs: 30_000 }).data?.safe_mode;
  const set = useAction("settings.set");
  if (safeMode === undefined || safeMode.by === "flag" || safeMode.by === "startup_options.json") return null;
  return (
    <>
      <Switch on={safeMode.by === null} onChange={(on) => set.mutate({ key: KEEP_BACK, value: on ? null : true })}>
        {WORDS.byThemselves}
      </Switch>
      {set.error === null ? null : <span className="different s2">{set.error.message}</span>}
    </>
  );
}
