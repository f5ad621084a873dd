// Backfills and reconciliations as the engine pushes them, and the two actions on them.
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { IndexInfo, Mode } from "../../shared/contract.ts";
import type { PipeInfo } from "../../shared/pipe.ts";
import { invalidate, useAction, useCall, useEvent } from "../api/hooks.ts";

/** By index: the pipe that runs, else the one that ended last. */
export function usePipes(): ReadonlyMap<string, PipeInfo> {
  const client = useQueryClient();
  const pipes = useCall("pipes.list", {}, { staleMs: 30_000 });
  useEvent("pipes", (all) => {
    const ended = (before: readonly PipeInfo[] | undefined) => before?.filter(({ ended: at }) => at !== null).length ?? 0;
    const old = client.getQueryData<readonly PipeInfo[]>(["pipes.list", {}]);
    client.setQueryData(["pipes.list", {}], all);
    if (ended(old) !== ended(all)) invalidate(client, ["indices.list"]);
  });
  const byIndex = new Map<string, PipeInfo>();
  for (const pipe of pipes.data ?? []) {
    if (pipe.index === null) continue;
    const other = byIndex.get(pipe.index);
    if (other === undefined || isLater(pipe, other)) byIndex.set(pipe.index, pipe);
  }
  return byIndex;
}

function isLater(pipe: PipeInfo, other: PipeInfo): boolean {
  if ((pipe.state === "running") !== (other.state === "running")) return pipe.state === "running";
  return (pipe.started ?? "") > (other.started ?? "");
}

/** What would be done for an index: copy it where much is missing, else compare it. */
export function actionFor({ elasticsearch, clickhouse }: IndexInfo): "backfill" | "reconcile" {
  return clickhouse.docs === null || (clickhouse.docs === 0 && (elasticsearch.docs ?? 0) > 0) ? "backfill" : "reconcile";
}

export interface IndexActions {
  readonly backfill: (name: string) => void;
  readonly reconcile: (name: string) => void;
  readonly stop: (pipe: string) => void;
  /** Gives an index a mode; null: the rules say again. */
  readonly choose: (name: string, mode: Mode | null) => void;
  /** What was refused, and why; null when nothing was. */
  readonly refusal: { readonly name: string; readonly message: string } | null;
}

export function useIndexActions(): IndexActions {
  const client = useQueryClient();
  const [backfill, reconcile, pump] = [useAction("index.backfill"), useAction("index.reconcile"), useAction("pipe.pump")];
  const setMode = useAction("index.mode");
  const [refusal, setRefusal] = useState<IndexActions["refusal"]>(null);
  const told = (name: string) => ({
    onSuccess: () => {
      setRefusal(null);
      invalidate(client, ["pipes.list", "indices.list"]);
    },
    onError: (error: Error) => setRefusal({ name, message: error.message }),
  });
  return {
    backfill: (name) => backfill.mutate({ name }, told(name)),
    reconcile: (name) => reconcile.mutate({ name }, told(name)),
    stop: (pipe) => pump.mutate({ pipe, operation: "stop" }, told(pipe)),
    choose: (name, mode) => setMode.mutate(mode === null ? { name } : { name, mode }, told(name)),
    refusal,
  };
}
