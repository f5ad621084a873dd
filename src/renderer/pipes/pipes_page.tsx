// Pipes: each long-running job with its state, its progress, and what can be done with it.

import { useQueryClient } from "@tanstack/react-query";
import { type ReactElement, useEffect, useState } from "react";
import type { PipeInfo } from "../../shared/pipe.ts";
import { useAction, useCall, useEvent, useInvalidation } from "../api/hooks.ts";
import { SampleData } from "../sample_data/sample_data.tsx";
import { strings } from "../strings.ts";
import { Switch } from "../ui/controls.tsx";
import { AwaitedPage, State } from "../ui/state.tsx";
import { GeneratePanel } from "./generate_panel.tsx";
import { PipeRow } from "./pipe_row.tsx";
import { Schedules } from "./schedules.tsx";
import { measured, type Speeds } from "./speed.ts";
import "./pipes.css";

const WORDS = strings.pipes;
const NO_PIPES: readonly PipeInfo[] = [];
const KEEP_BACK = "task_manager.disable_pump_scheduler";

export function PipesPage(): ReactElement {
  const client = useQueryClient();
  const pipes = useCall("pipes.list", {});
  const profiler = useCall("profiler.get", {});
  useEvent("pipes", (all) => client.setQueryData(["pipes.list", {}], all));
  useInvalidation(["profiler.get"], "profiles", 200);
  const [scheduling, setScheduling] = useState<string | null>(null);
  const speeds = useSpeeds(pipes.data ?? NO_PIPES);
  if (pipes.data === undefined) return <AwaitedPage page="pipes" title={WORDS.unavailable} query={pipes} />;
  const profiled = new Map((profiler.data?.runs ?? []).map(({ pipe, since }) => [pipe, since]));
  return (
    <>
      <div className="page-head">
        <h1>{strings.pages.pipes}</h1>
        <ByThemselves />
      </div>
      <div className="fill scroll pipes-page">
        <div>
          {pipes.data.length === 0 ? <State title={WORDS.none}>{WORDS.noneHint}</State> : null}
          {pipes.data.map((pipe) => (
            <PipeRow
              key={pipe.id}
              pipe={pipe}
              speeds={speeds.get(pipe.id)}
              profiledSince={profiled.get(pipe.id) ?? null}
              onSchedule={() => setScheduling(pipe.id)}
            />
          ))}
        </div>
        <Schedules pipes={pipes.data} editing={scheduling} onEdit={setScheduling} />
        <SampleData />
        <GeneratePanel pipes={pipes.data} />
      </div>
    </>
  );
}

/** How fast each pipe is, and was lately, by its id. */
function useSpeeds(pipes: readonly PipeInfo[]): ReadonlyMap<string, Speeds> {
  const [speeds, setSpeeds] = useState<ReadonlyMap<string, Speeds>>(new Map());
  useEffect(() => {
    setSpeeds((known) => new Map(pipes.map((pipe) => [pipe.id, measured(known.get(pipe.id), pipe, Date.now())])));
  }, [pipes]);
  return speeds;
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
